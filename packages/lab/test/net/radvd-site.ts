import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cable, Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { until } from '../../src/wait.ts';

const daemon = fileURLToPath(new URL('daemons/radvd.ts', import.meta.resolve('@router7/appliance')));

/** router7's hardware address in its own test, and the link-local address made of it. */
export const LAN_MAC = '02:73:53:00:ca:fe';
export const LAN_LINK_LOCAL = 'fe80::73:53ff:fe00:cafe';
const LEASE = '/perm/dhcp6/wire/lease.json';

/** An address of a host, as `ip address` tells it. */
export interface HostAddress {
  readonly local: string;
  readonly deprecated: boolean;
  readonly preferredSeconds: number;
  readonly validSeconds: number;
}

/**
 * A router that runs radvd, without any other daemon, and a host on each of its LANs:
 *
 * ```
 * isp --- uplink0 [router] lan0 --- [host]
 *                          lan1 --- [guest]
 * ```
 */
export class RadvdSite {
  readonly router: Host = new Host('router');
  readonly isp: Host = new Host('isp');
  readonly host: Host = new Host('host');
  readonly guest: Host = new Host('guest');

  constructor() {
    const { router, isp, guest } = this;
    cable(router, 'uplink0', isp, 'customer0');
    isp.ip('link set customer0 up');
    this.sysctl(router, 'net/ipv6/conf/all/forwarding', 1);
    this.#routerEnd('uplink0');
    this.plugHost();
    cable(router, 'lan1', guest, 'eth0');
    this.#hostEnd(guest);
    this.#routerEnd('lan1');
    this.write('/perm/interfaces.json', {
      interfaces: [
        { name: 'uplink0', hardware_addr: '02:00:00:00:00:01' },
        { name: 'lan0', hardware_addr: LAN_MAC, addr: '192.168.42.1/24' },
        { name: 'lan1', addr: '192.168.43.1/24' },
      ],
    });
  }

  /** Lays the cable between the router and its host; once more, when the test has taken it away. */
  plugHost(): void {
    cable(this.router, 'lan0', this.host, 'eth0');
    this.router.ip(`link set lan0 address ${LAN_MAC}`);
    this.#hostEnd(this.host);
    this.#routerEnd('lan0');
  }

  #routerEnd(device: string): void {
    this.sysctl(this.router, `net/ipv6/conf/${device}/accept_dad`, 0);
    this.sysctl(this.router, `net/ipv6/conf/${device}/accept_ra`, 0);
    this.router.ip(`link set ${device} up`);
  }

  #hostEnd(host: Host): void {
    this.sysctl(host, 'net/ipv6/conf/eth0/accept_dad', 0);
    // One address a prefix; routes of RFC 4191 as well.
    this.sysctl(host, 'net/ipv6/conf/eth0/use_tempaddr', 0);
    this.sysctl(host, 'net/ipv6/conf/eth0/accept_ra_rt_info_max_plen', 64);
    // What the kernel asks for by itself would be in the way of tests that ask.
    this.sysctl(host, 'net/ipv6/conf/eth0/router_solicitations', 0);
    host.ip('link set eth0 up');
  }

  /** The provider's router is there, or not. */
  defaultRoute(present: boolean): void {
    this.router.ip(`-6 route ${present ? 'replace' : 'delete'} default via fe80::1 dev uplink0`);
  }

  /** Writes a file of JSON, in whose place nothing else is looked at meanwhile. */
  write(path: string, value: unknown): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  }

  /** What dhcp6 has been delegated, for so many seconds; nobody is told. */
  delegate(prefixes: readonly string[], seconds: { readonly preferred?: number; readonly valid?: number } = {}): void {
    const time = (ahead: number): string => new Date(Date.now() + ahead * 1000).toISOString();
    const { preferred = 86_400, valid = 172_800 } = seconds;
    this.write(LEASE, {
      valid_until: time(1000),
      prefixes: [],
      dns: [],
      received_at: time(0),
      delegations: prefixes.map((prefix) => ({
        prefix,
        iaid: 1,
        t1: time(1000),
        t2: time(2000),
        preferred_until: time(preferred),
        valid_until: time(valid),
      })),
    });
  }

  /** Starts radvd; resolves when it advertises on lan0. */
  async start(): Promise<Program> {
    const program = this.launch();
    await program.line(/^info advertising interface=lan0 /, 30_000);
    return program;
  }

  /** Starts radvd, whatever becomes of it. */
  launch(): Program {
    return this.router.startNode('radvd', daemon);
  }

  /** What rdisc6 prints, asking once. */
  async rdisc6(host: Host = this.host): Promise<string> {
    return host.run('rdisc6', ['--single', '--retry', '3', '--wait', '4000', 'eth0']);
  }

  /** The addresses that a host has made of what it was told. */
  async addresses(host: Host = this.host): Promise<readonly HostAddress[]> {
    const text = await host.run('ip', ['-json', '-6', 'address', 'show', 'dev', 'eth0', 'scope', 'global']);
    const [link] = JSON.parse(text) as { addr_info?: AddressInfo[] }[];
    // Of an address of another scope it says nothing.
    const known = (link?.addr_info ?? []).filter(({ local }) => local !== undefined);
    return known.map(({ local, deprecated, preferred_life_time, valid_life_time }) => ({
      local,
      deprecated: deprecated === true,
      preferredSeconds: preferred_life_time,
      validSeconds: valid_life_time,
    }));
  }

  /** Waits for an address of a prefix, given by its beginning, that is deprecated or not. */
  address(beginning: string, deprecated: boolean, timeoutMs: number, host: Host = this.host): Promise<HostAddress> {
    const what = `${host.name}: ${beginning} ${deprecated ? 'deprecated' : 'preferred'}`;
    return until(what, timeoutMs, async () =>
      (await this.addresses(host)).find((own) => own.local.startsWith(beginning) && own.deprecated === deprecated),
    );
  }

  /** The default routes that a host has been told of. */
  async defaultRoutes(host: Host = this.host): Promise<string> {
    return host.run('ip', ['-6', 'route', 'show', 'default']);
  }

  /** /perm/radvd/state.json as it is. */
  state(): unknown {
    return JSON.parse(readFileSync('/perm/radvd/state.json', 'utf8'));
  }

  /** Sets a kernel parameter of a host. */
  sysctl(host: Host, name: string, value: number): void {
    execFileSync('ip', ['netns', 'exec', host.name, 'sysctl', '-qw', `${name}=${value}`]);
  }
}

interface AddressInfo {
  readonly local: string;
  readonly deprecated?: boolean;
  readonly preferred_life_time: number;
  readonly valid_life_time: number;
}
