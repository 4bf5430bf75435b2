import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { JournalLeaseTable } from '@router7/appliance/dhcp6/server-lease-table';
import { silentLog } from '@router7/appliance/runtime/log';
import { systemClock } from '@router7/appliance/system/clock';
import { type Lease, leasedAddresses, leasedPrefixes } from '@router7/dhcp6';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { buildSite, configure, delegate, readLeases, routesOf, startDaemon } from './dhcp6d-site.ts';

const KILLS = Number(process.env.ROUTER7_KILLS ?? 6);
t.setTimeout(60_000 + KILLS * 15_000);
await onStage(import.meta.url);

const CLIENTS = 2000;
const load = fileURLToPath(new URL('dhcp6d-load.ts', import.meta.url));

/** What each client was told, `address prefix`. */
const acknowledged = new Map<number, string>();
const wrong: string[] = [];

/** What is wrong with the leases, given what was acknowledged before. */
function compare(found: ReadonlyMap<number, string>, expected: ReadonlyMap<number, string>): string[] {
  return [...expected].flatMap(([client, has]) =>
    found.get(client) === has ? [] : `client ${client}: ${has} acknowledged, ${found.get(client)} known`,
  );
}

/** The leases that a restart would find in the folder as it is, by client; each thing once. */
async function recover(): Promise<Map<number, string>> {
  rmSync('/tmp/copy', { recursive: true, force: true });
  cpSync('/perm/dhcp6d', '/tmp/copy', { recursive: true });
  const table = JournalLeaseTable.open({ folder: '/tmp/copy', clock: systemClock, log: silentLog });
  const found = new Map<number, Record<Lease['kind'], string>>();
  const taken = new Set<string>();
  for (const lease of table.values()) {
    const what = String(leasedAddresses(lease)[0] ?? leasedPrefixes(lease)[0]);
    if (taken.has(what)) wrong.push(`${what} is there twice`);
    taken.add(what);
    const client = ((lease.duid[8] ?? 0) << 8) | (lease.duid[9] ?? 0);
    found.set(client, { address: '-', prefix: '-', ...found.get(client), [lease.kind]: what });
  }
  await table.close();
  return new Map([...found].map(([client, { address, prefix }]) => [client, `${address} ${prefix}`]));
}

t.test(`D6S-05: dhcp6d killed ${KILLS} times under load loses no lease and gives nothing twice`, async (t) => {
  t.setTimeout(60_000 + KILLS * 15_000);
  mkdirSync('/perm', { recursive: true });
  configure();
  delegate('2001:db8:7::/48');
  const site = buildSite();
  let daemon = await startDaemon(site);
  const program = site.lan.startNode('load', load, [String(CLIENTS), '8']);
  program.follow((line) => {
    const [what, client, address, prefix] = line.split(' ');
    if (what === 'ack') {
      const before = acknowledged.get(Number(client));
      if (before !== undefined && before !== `${address} ${prefix}`) wrong.push(`${line}, before: ${before}`);
      acknowledged.set(Number(client), `${address} ${prefix}`);
    } else if (what === 'refused') wrong.push(line);
  });
  let synced = 0;
  for (let kill = 0; kill < KILLS && wrong.length === 0; kill++) {
    const before = acknowledged.size;
    await sleep(Math.random() * 900);
    daemon.kill('SIGKILL');
    await daemon.exited;
    // What has reached the load before the kill is printed soon.
    await sleep(60);
    const expected = new Map(acknowledged);
    if (expected.size > before) synced++;
    t.strictSame(compare(await recover(), expected), [], `kill ${kill}: ${expected.size} clients, on disk`);
    daemon = await startDaemon(site);
  }
  t.ok(synced > 0, 'there were new leases between kills');
  await until('every client has had its turn', 60_000, () => acknowledged.size === CLIENTS || wrong.length > 0);
  await program.stop();
  await until('a route to each prefix', 30_000, async () => (await routesOf(site)).length === CLIENTS);
  t.equal(await daemon.stop('SIGTERM', 10_000), 0, 'ends when it is asked to');
  t.strictSame(wrong, [], 'no client was refused or moved');
  t.ok(existsSync('/perm/dhcp6d/leases.json'));
  t.equal(readLeases().length, 2 * CLIENTS);
  const routes = new Set((await routesOf(site)).map((route) => route.split(' ')[0]));
  const without = [...acknowledged.values()].filter((has) => !routes.has(has.split(' ')[1] ?? ''));
  t.strictSame(without, [], 'LPD-5: every prefix has its route, as after the last kill');
  const all = [...acknowledged.values()].flatMap((has) => has.split(' '));
  t.equal(new Set(all).size, 2 * CLIENTS, 'nothing was given to two clients');
});
