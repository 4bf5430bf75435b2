import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { HardwareAddress } from '../../src/home.ts';
import type { Host } from '../../src/host.ts';
import { WanSite } from './wan-site.ts';

/** A link as `ip link` tells it. */
export interface LinkState {
  readonly address: string;
  readonly mtu: number;
  readonly up: boolean;
}

/** A {@link WanSite} whose router has a second socket, with a computer of the home on it. */
export class LanSite extends WanSite {
  readonly client: Host;

  /** @param names of the router's two sockets, the uplink's first */
  constructor(t: Test, name: string, interfaces: unknown, names: readonly [string, string] = ['enp1s0', 'enp2s0']) {
    super(t, name, { device: names[0], interfaces });
    this.client = this.host('client');
    const words = `link add eth0 netns ${this.client.name} type veth peer name ${names[1]} netns ${this.router.name}`;
    execFileSync('ip', `${words} address ${HardwareAddress.lan}`.split(' '));
    this.client.ip('address add 192.168.42.2/24 dev eth0');
    this.client.ip('link set eth0 up');
  }

  /** Writes interfaces.json, or takes it away. */
  configure(interfaces: unknown): void {
    if (interfaces === undefined) rmSync(join(this.perm, 'interfaces.json'));
    else this.writePerm('interfaces.json', interfaces);
  }

  /** Runs netconfigd once. @returns its exit status and what it said */
  async run(): Promise<{ readonly status: number; readonly output: string }> {
    const program = this.daemon('netconfigd', '-linger=false');
    return { status: await program.exited, output: program.output.join('\n') };
  }

  /** Runs netconfigd once. @returns its exit status */
  async once(): Promise<number> {
    return (await this.run()).status;
  }

  /** The router's links by name. */
  async links(): Promise<ReadonlyMap<string, LinkState>> {
    const links = JSON.parse(await this.router.run('ip', ['-json', 'link', 'show'])) as readonly {
      ifname: string;
      address: string;
      mtu: number;
      flags: readonly string[];
    }[];
    return new Map(
      links.map(({ ifname, address, mtu, flags }) => [ifname, { address, mtu, up: flags.includes('UP') }]),
    );
  }
}
