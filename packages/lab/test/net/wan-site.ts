import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { HardwareAddress } from '../../src/home.ts';
import { cable, Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import type { WanLease } from '../../src/router.ts';
import { until } from '../../src/wait.ts';
import { Capture } from './capture.ts';

const appliance = new URL('.', import.meta.resolve('@router7/appliance'));

/** The router runs with its own /perm, which outside is a folder below /tmp. */
const OWN_PERM = 'mount --rbind "$1" /perm && shift && exec "$@"';

/** What a {@link WanSite} can be asked for. */
export interface SiteOptions {
  /** The provider's address with prefix length; none when ''. */
  readonly address?: string;
  /** Name of the router's interface before anybody changes it. */
  readonly device?: string;
  /** dhcp4's config.json; without probing when absent, which costs five seconds each time. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** interfaces.json. */
  readonly interfaces?: unknown;
}

/**
 * A provider's network segment and one router on it. Several of them stand beside each other on a stage:
 *
 * ```
 * NAME-isp: wan (a bridge with the provider's address) --- customer0 --- uplink0 :NAME-router
 * ```
 */
export class WanSite {
  readonly name: string;
  readonly isp: Host;
  readonly router: Host;
  /** The router's /perm. */
  readonly perm: string;
  readonly #hosts: Host[] = [];

  /** Builds it; what runs on it ends with the test. */
  constructor(t: Test, name: string, options: SiteOptions = {}) {
    this.name = name;
    t.teardown(() => Promise.all(this.#hosts.map((host) => host.kill())));
    this.perm = `/tmp/${name}/perm`;
    mkdirSync(join(this.perm, 'dhcp4'), { recursive: true });
    const uplink = { hardware_addr: HardwareAddress.uplink, name: 'uplink0' };
    this.writePerm('interfaces.json', options.interfaces ?? { interfaces: [uplink] });
    this.writePerm('dhcp4/config.json', options.config ?? { probe: false });

    this.isp = this.host('isp');
    this.isp.ip('link add wan type bridge');
    const address = options.address ?? '198.51.100.1/24';
    if (address !== '') this.isp.ip(`address add ${address} dev wan`);
    this.isp.ip('link set wan up');
    this.router = this.host('router');
    const device = options.device ?? 'uplink0';
    this.plug(device);
    this.router.ip(`link set ${device} up`);
  }

  /** Lays the cable between provider and router. The router's end is down, as the kernel makes it. */
  plug(device: string): void {
    const ends = [`customer0 netns ${this.isp.name}`, `peer name ${device} netns ${this.router.name}`];
    // With its hardware address from the beginning: netconfigd knows it by that at once.
    const words = `link add ${ends.join(' type veth ')} address ${HardwareAddress.uplink}`;
    execFileSync('ip', words.split(' '));
    this.isp.ip('link set customer0 master wan up');
  }

  /** Connects another host to the provider's segment, by its `eth0`. */
  join(name: string, address: string): Host {
    const host = this.host(name);
    cable(this.isp, name, host, 'eth0');
    this.isp.ip(`link set ${name} master wan up`);
    host.ip(`address add ${address} dev eth0`);
    host.ip('link set eth0 up');
    return host;
  }

  /** Adds a host without any cable. */
  host(name: string): Host {
    const host = new Host(`${this.name}-${name}`);
    this.#hosts.push(host);
    return host;
  }

  /** Starts one of the router's daemons. */
  daemon(name: string, ...args: string[]): Program {
    return this.command(name, process.execPath, [...source, path(`daemons/${name}.ts`), ...args]);
  }

  /** Starts the router's supervisor with all its daemons. */
  supervisor(): Program {
    return this.command('init', process.execPath, [...source, path('init/main.ts')]);
  }

  /** Starts a program on the router, with the router's /perm. */
  command(name: string, file: string, args: readonly string[], environment: Record<string, string> = {}): Program {
    return this.router.start(
      `${this.name} ${name}`,
      'sh',
      ['-c', OWN_PERM, 'sh', this.perm, file, ...args],
      environment,
    );
  }

  /** Captures DHCP and ARP on the router's interface. */
  capture(device: string = 'uplink0'): Promise<Capture> {
    return Capture.start(this.router, device);
  }

  /** lease.json, or undefined when there is none. */
  lease(): FullLease | undefined {
    const text = this.readPerm('dhcp4/wire/lease.json');
    return text === undefined ? undefined : (JSON.parse(text) as FullLease);
  }

  /** Waits for a lease that satisfies a condition. */
  leased(timeoutMs: number, condition: (lease: FullLease) => boolean = () => true): Promise<FullLease> {
    return until(`${this.name}: lease`, timeoutMs, () => {
      const lease = this.lease();
      return lease !== undefined && condition(lease) && lease;
    });
  }

  /** Waits until the router's interface has this address, and no other. */
  async applied(address: string, timeoutMs: number = 30_000, device: string = 'uplink0'): Promise<void> {
    await until(`${this.name}: ${address} alone on ${device}`, timeoutMs, async () => {
      const present = await this.router.addresses(device);
      return present.length === 1 && present[0]?.startsWith(`${address}/`);
    });
  }

  /** The router's IPv4 routes, a line each, as `ip route` writes them. */
  async routes(device: string = 'uplink0'): Promise<readonly string[]> {
    const text = await this.router.run('ip', ['-4', 'route', 'show', 'dev', device]);
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  }

  writePerm(file: string, content: unknown): void {
    const text = typeof content === 'string' ? content : `${JSON.stringify(content)}\n`;
    writeFileSync(join(this.perm, file), text);
  }

  /** A file's text, or undefined when there is no such file. */
  readPerm(file: string): string | undefined {
    if (statSync(join(this.perm, file), { throwIfNoEntry: false }) === undefined) return undefined;
    return readFileSync(join(this.perm, file), 'utf8');
  }
}

/** lease.json with the keys that router7 did not have. */
export interface FullLease extends WanLease {
  readonly t1: string;
  readonly t2: string;
  readonly expiry: string;
  readonly acquired: string;
  readonly server_id: string;
  readonly routers: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

const source = ['--conditions=@router7/source'] as const;

function path(file: string): string {
  return fileURLToPath(new URL(file, appliance));
}
