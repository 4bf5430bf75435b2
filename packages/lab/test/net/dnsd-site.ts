import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cable, Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { until } from '../../src/wait.ts';

const daemon = fileURLToPath(new URL('daemons/dnsd.ts', import.meta.resolve('@router7/appliance')));

export const ROUTER = '192.168.42.1';
export const CLIENT = '192.168.42.2';
export const UPSTREAM = '203.0.113.53';
export const CACHE = '/perm/dnsd/cache';

/** A router that runs dnsd, a host on its LAN, and one that it asks on its uplink. */
export class DnsdSite {
  readonly router: Host = new Host('router');
  readonly lan: Host = new Host('lan');
  readonly wan: Host = new Host('wan');

  constructor() {
    const { router, lan, wan } = this;
    cable(router, 'lan0', lan, 'eth0');
    cable(router, 'uplink0', wan, 'eth0');
    for (const line of [`address add ${ROUTER}/24 dev lan0`, 'address add 203.0.113.1/24 dev uplink0']) router.ip(line);
    router.ip('address add 10.99.0.1/24 dev uplink0');
    for (const link of ['lan0', 'uplink0']) router.ip(`link set ${link} up`);
    lan.ip(`address add ${CLIENT}/24 dev eth0`);
    lan.ip('link set eth0 up');
    // Straight to the router's public address, which nobody is to be answered at.
    lan.ip(`route add 203.0.113.0/24 via ${ROUTER}`);
    wan.ip(`address add ${UPSTREAM}/24 dev eth0`);
    wan.ip('link set eth0 up');
    wan.ip(`route add 192.168.42.0/24 via 203.0.113.1`);
  }

  /** Writes a file below /perm. */
  write(path: string, content: unknown): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }

  /** Writes dns.json with the site's upstream server. */
  configure(settings: Readonly<Record<string, unknown>> = {}): void {
    this.write('/perm/dns.json', { upstreams: [{ address: UPSTREAM }], ...settings });
  }

  /** Begins anew: nothing is kept. */
  clear(): void {
    for (const path of ['/perm/dns.json', '/perm/dnsd', '/perm/dhcp4d']) rmSync(path, { recursive: true, force: true });
  }

  /** Starts dnsd; resolves when it serves the LAN, its pages included. */
  async start(): Promise<Program> {
    const program = this.router.startNode('dnsd', daemon);
    await program.line(/^info listening host=192\.168\.42\.1 port=8053$/, 30_000);
    return program;
  }

  /** Starts the upstream server, which knows `*.example`: 198.51.100.1 for 300 s. */
  async startUpstream(): Promise<Program> {
    this.write('/run/unbound.conf', UNBOUND);
    const program = this.wan.start('unbound', 'unbound', ['-c', '/run/unbound.conf']);
    await until('the upstream server', 20_000, () => this.dig(`@${UPSTREAM} www.example A`, this.wan));
    return program;
  }

  /** What dig prints in its short form on a host of the site; words are its arguments. Rejects when nobody answers. */
  async dig(words: string, host: Host = this.lan): Promise<string> {
    return (await host.run('dig', ['+tries=1', '+time=15', '+short', ...words.split(' ')])).trim();
  }

  /** The router's link-local address on the LAN, once the client there has one to ask from (RFC 4862 section 5.4). */
  async linkLocal(): Promise<string> {
    await until('a link-local address of the client', 30_000, () => settledLinkLocal(this.lan, 'eth0'));
    return until('a link-local address of the router', 30_000, () => settledLinkLocal(this.router, 'lan0'));
  }

  /** Whether nobody answers at all. */
  async silent(words: string, host: Host = this.lan): Promise<boolean> {
    try {
      await host.run('dig', ['+tries=1', '+time=1', ...words.split(' ')]);
      return false;
    } catch {
      return true;
    }
  }

  /** The value of a metric. */
  async metric(name: string): Promise<number> {
    const text = await this.lan.run('curl', ['--silent', `http://${ROUTER}:8053/metrics`]);
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return line === undefined ? Number.NaN : Number(line.slice(name.length + 1));
  }
}

/** An interface's link-local address, as soon as nobody else is known to have it. */
async function settledLinkLocal(host: Host, device: string): Promise<string | undefined> {
  const text = await host.run('ip', ['-json', '-6', 'address', 'show', 'dev', device, 'scope', 'link']);
  const [link] = JSON.parse(text) as readonly {
    readonly addr_info?: readonly { readonly local?: string; readonly tentative?: boolean }[];
  }[];
  const [found] = link?.addr_info ?? [];
  return found?.tentative === true ? undefined : found?.local;
}

const UNBOUND = `server:
  directory: "/run"
  username: ""
  chroot: ""
  pidfile: ""
  interface: ${UPSTREAM}
  do-daemonize: no
  use-syslog: no
  access-control: 0.0.0.0/0 allow
  local-zone: "example." redirect
  local-data: "example. 300 A 198.51.100.1"
remote-control:
  control-enable: no
`;

/** leases.json with one lease in force. */
export function leaseOf(hostname: string, addr: string): readonly unknown[] {
  const expiry = new Date(Date.now() + 3_600_000).toISOString();
  const last_ack = new Date().toISOString();
  const hardware_addr = '02:73:53:00:ca:fe';
  return [{ num: 1, addr, hardware_addr, hostname, hostname_override: '', expiry, last_ack }];
}
