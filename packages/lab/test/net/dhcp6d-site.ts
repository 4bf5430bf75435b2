import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cable, Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { until } from '../../src/wait.ts';

const daemon = fileURLToPath(new URL('daemons/dhcp6d.ts', import.meta.resolve('@router7/appliance')));

export const LEASES = '/perm/dhcp6d/leases.json';

/** One entry of leases.json, as far as it matters here. */
export interface Entry {
  readonly addresses?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly duid: string;
  readonly expiry: string;
  readonly state?: string;
}

/** A router that runs dhcp6d on lan0, and a host on its LAN. */
export interface Site {
  readonly router: Host;
  readonly lan: Host;
}

/** Builds the site. The addresses of the link itself are there at once. */
export function buildSite(): Site {
  const router = new Host('router');
  const lan = new Host('lan');
  cable(router, 'lan0', lan, 'eth0');
  for (const [host, device] of [
    [router, 'lan0'],
    [lan, 'eth0'],
  ] as const) {
    host.ip(`link set ${device} addrgenmode none`);
    host.ip(`link set ${device} up`);
    host.ip(`address add fe80::${host === router ? 1 : 2}/64 dev ${device} nodad`);
  }
  // A link without IPv6 must not cost the others their server.
  router.ip('link add old0 mtu 1000 type bridge');
  router.ip('link set old0 up');
  return { router, lan };
}

/** Writes what the provider has delegated, as dhcp6 does. @param seconds until it ends */
export function delegate(prefix: string, seconds = 86_400): void {
  mkdirSync('/perm/dhcp6/wire', { recursive: true });
  const at = (ahead: number): string => new Date(Date.now() + ahead * 1000).toISOString();
  const [IP = '', length = '0'] = prefix.split('/');
  const mask = Buffer.alloc(16);
  for (let bit = 0; bit < Number(length); bit++) mask[bit >> 3] = (mask[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  writeFileSync(
    '/perm/dhcp6/wire/lease.json',
    JSON.stringify({
      valid_until: at(seconds / 2),
      prefixes: [{ IP, Mask: mask.toString('base64') }],
      dns: [],
      ntp: ['2001:db8::123'],
      delegations: [
        {
          prefix,
          iaid: 1,
          t1: at(seconds / 4),
          t2: at(seconds / 2),
          preferred_until: at(seconds / 2),
          valid_until: at(seconds),
        },
      ],
    }),
  );
}

/** Writes the configuration: addresses on lan0, and other settings if there are any. */
export function configure(lan0: object = {}): void {
  mkdirSync('/perm/dhcp6d', { recursive: true });
  const lans = [{ name: 'lan0', addr: '192.168.42.1/24' }, { name: 'old0' }];
  writeFileSync('/perm/interfaces.json', JSON.stringify({ interfaces: lans }));
  writeFileSync('/perm/ipv6.json', JSON.stringify({ ula: 'off' }));
  writeFileSync(
    '/perm/dhcp6d.json',
    JSON.stringify({ interfaces: { lan0: { addresses: true, ...lan0 } }, leases_per_neighbour: 10_000 }),
  );
}

/** Starts the daemon; resolves when it serves. */
export async function startDaemon({ router }: Site): Promise<Program> {
  const program = router.startNode('dhcp6d', daemon);
  await program.line(/^info serving /, 30_000);
  return program;
}

/** leases.json, which has to be there and whole. */
export function readLeases(path: string = LEASES): readonly Entry[] {
  return JSON.parse(readFileSync(path, 'utf8')) as readonly Entry[];
}

/** Waits for a lease of an address or a prefix in leases.json. */
export function leaseOf(value: string): Promise<Entry> {
  return until(`${value} in leases.json`, 30_000, () =>
    existsSync(LEASES)
      ? readLeases().find(({ addresses = [], prefixes = [] }) => [...addresses, ...prefixes].includes(value))
      : undefined,
  );
}

/** The router's routes to delegated prefixes, `destination via gateway`. */
export async function routesOf({ router }: Site): Promise<string[]> {
  const text = await router.run('ip', ['-6', '-json', 'route', 'show', 'proto', '117']);
  const routes = JSON.parse(text === '' ? '[]' : text) as readonly { dst: string; gateway?: string; dev: string }[];
  return routes.map(({ dst, gateway, dev }) => `${dst} via ${gateway} dev ${dev}`).sort();
}
