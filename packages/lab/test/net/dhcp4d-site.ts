import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cable, Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { until } from '../../src/wait.ts';
import type { LoadSettings } from './dhcp4d-load.ts';

const daemon = fileURLToPath(new URL('daemons/dhcp4d.ts', import.meta.resolve('@router7/appliance')));
const load = fileURLToPath(new URL('dhcp4d-load.ts', import.meta.url));

export const SERVER = '10.7.0.1';
export const RELAY = '10.7.0.2';
export const LEASES = '/perm/dhcp4d/leases.json';

/** One entry of leases.json, as far as it matters here. */
export interface Entry {
  readonly addr: string;
  readonly hardware_addr: string;
  readonly expiry: string;
  readonly last_ack: string;
}

/** A router that runs dhcp4d on lan0, and a host on its LAN. */
export interface Site {
  readonly router: Host;
  readonly lan: Host;
}

/** Builds the site with router7's files in /perm. */
export function buildSite(): Site {
  const router = new Host('router');
  const lan = new Host('lan');
  cable(router, 'lan0', lan, 'eth0');
  router.ip(`address add ${SERVER}/16 dev lan0`);
  router.ip('link set lan0 up');
  lan.ip(`address add ${RELAY}/16 dev eth0`);
  lan.ip('link set eth0 up');
  return { router, lan };
}

/** Writes the configuration: the pool is large, and leases last an hour. */
export function configure(): void {
  mkdirSync('/perm/dhcp4d', { recursive: true });
  const interfaces = { interfaces: [{ name: 'lan0', addr: `${SERVER}/16` }] };
  writeFileSync('/perm/interfaces.json', JSON.stringify(interfaces));
  // Without probes, which would have each new client wait for half a second.
  const lan0 = { first: '10.7.1.0', last: '10.7.250.255', lease_time_seconds: 3600, probe: false };
  writeFileSync('/perm/dhcp4d/config.json', JSON.stringify({ interfaces: { lan0 } }));
}

/** Starts the daemon, whatever becomes of it. */
export function launchDaemon({ router }: Site): Program {
  return router.startNode('dhcp4d', daemon, ['-interface=lan0']);
}

/** Starts the daemon; resolves when it serves. */
export async function startDaemon(site: Site): Promise<Program> {
  const program = launchDaemon(site);
  await program.line(/^info serving /, 30_000);
  return program;
}

/** Starts clients behind the LAN's host. */
export function startLoad({ lan }: Site, settings: Partial<LoadSettings>): Program {
  const all: LoadSettings = { relay: RELAY, server: SERVER, first: 0, count: 1, window: 1, ...settings };
  return lan.startNode('load', load, [JSON.stringify(all)]);
}

/** Lets one client do one exchange, without asking anything twice, and gives the line that tells how it ended. */
export async function oneExchange(site: Site, client: number, settings: Partial<LoadSettings> = {}): Promise<string> {
  const program = startLoad(site, { first: client, exchanges: 1, ...settings });
  await program.exited;
  return program.output.filter((line) => /^(ack|nak|silent)/.test(line)).at(-1) ?? '';
}

/** Lets one client do one exchange, asking again as long as a busy machine may take, and gives its address. */
export async function acknowledged(site: Site, client: number, remembered?: string): Promise<string> {
  const known = remembered === undefined ? {} : { remembered: { [client]: remembered } };
  const line = await oneExchange(site, client, { patienceMs: 30_000, ...known });
  const [what, , address = ''] = line.split(' ');
  if (what !== 'ack') throw new Error(`expected an acknowledgement, found ${JSON.stringify(line)}`);
  return address;
}

/** leases.json, which has to be there and whole. */
export function readLeases(path: string = LEASES): readonly Entry[] {
  return JSON.parse(readFileSync(path, 'utf8')) as readonly Entry[];
}

/** Waits until leases.json has a lease of an address. */
export function leaseOf(address: string): Promise<Entry> {
  return until(`${address} in leases.json`, 30_000, () =>
    existsSync(LEASES) ? readLeases().find(({ addr }) => addr === address) : undefined,
  );
}

/** The number of a client of the load, -1 for somebody else's hardware address. */
export function clientNumber(hardwareAddress: string): number {
  const value = Number.parseInt(hardwareAddress.replaceAll(':', ''), 16);
  return hardwareAddress.startsWith('02:07:') ? value - 0x0207_0000_0000 : -1;
}
