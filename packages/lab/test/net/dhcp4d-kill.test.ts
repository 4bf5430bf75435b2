import { cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { JournalLeaseTable } from '@router7/appliance/dhcp4/journal-lease-table';
import { silentLog } from '@router7/appliance/runtime/log';
import { systemClock } from '@router7/appliance/system/clock';
import { toHex } from '@router7/wire';
import t from 'tap';
import type { Program } from '../../src/program.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import {
  buildSite,
  clientNumber,
  configure,
  LEASES,
  readLeases,
  SERVER,
  startDaemon,
  startLoad,
} from './dhcp4d-site.ts';

const KILLS = Number(process.env.ROUTER7_KILLS ?? 40);
t.setTimeout(KILLS * 15_000);
await onStage(import.meta.url);

const CLIENTS = 2000;

/** What the load has seen, by client. */
const acknowledged = new Map<number, string>();
const wrong: string[] = [];

function follow(load: Program): void {
  load.follow((line) => {
    const [what, client, address = ''] = line.split(' ');
    if (what === 'ack') acknowledged.set(Number(client), address);
    else if (what !== 'silent' && what !== 'ended') wrong.push(line);
  });
}

/** What is wrong with the leases, given what was acknowledged before. */
function compare(found: ReadonlyMap<number, string>, expected: ReadonlyMap<number, string>): string[] {
  const faults: string[] = [];
  for (const [client, address] of expected) {
    if (found.get(client) !== address)
      faults.push(`client ${client}: ${address} acknowledged, ${found.get(client)} known`);
  }
  return faults;
}

/** Clients by address, each address once. */
function byClient(leases: Iterable<{ readonly address: string; readonly mac: string }>): Map<number, string> {
  const clients = new Map<number, string>();
  const taken = new Set<string>();
  for (const { address, mac } of leases) {
    if (taken.has(address)) wrong.push(`${address} is there twice`);
    taken.add(address);
    const client = clientNumber(mac);
    if (client >= 0) clients.set(client, address);
  }
  return clients;
}

/** The leases that a restart would find in the folder as it is. */
async function recover(): Promise<Map<number, string>> {
  rmSync('/tmp/copy', { recursive: true, force: true });
  cpSync('/perm/dhcp4d', '/tmp/copy', { recursive: true });
  const table = JournalLeaseTable.open({ folder: '/tmp/copy', clock: systemClock, log: silentLog });
  const found = byClient(
    [...table.values()].map(({ address, hardwareAddress }) => ({
      address: address.toString(),
      mac: toHex(hardwareAddress).replace(/..(?=.)/g, '$&:'),
    })),
  );
  await table.close();
  return found;
}

t.test(`dhcp4d killed ${KILLS} times under load loses no lease and gives no address twice (SE-07)`, async (t) => {
  t.setTimeout(KILLS * 15_000);
  mkdirSync('/perm', { recursive: true });
  configure();
  const site = buildSite();
  let daemon = await startDaemon(site);
  const load = startLoad(site, { count: CLIENTS, window: 8 });
  follow(load);
  const more = existsSync('/usr/sbin/perfdhcp') ? startPerfdhcp() : undefined;
  let synced = 0;
  for (let kill = 0; kill < KILLS && wrong.length === 0; kill++) {
    const before = acknowledged.size;
    await sleep(Math.random() * 900);
    daemon.kill('SIGKILL');
    await daemon.exited;
    // What has reached the load before the kill is printed within 20 ms.
    await sleep(60);
    const expected = new Map(acknowledged);
    if (expected.size > before) synced++;
    if (existsSync(LEASES)) readLeases();
    t.strictSame(compare(await recover(), expected), [], `kill ${kill}: ${expected.size} leases, on disk`);

    const written = existsSync(LEASES) ? statSync(LEASES).mtimeMs : 0;
    daemon = await startDaemon(site);
    await until('leases.json is written', 30_000, () => existsSync(LEASES) && statSync(LEASES).mtimeMs > written);
    const known = byClient(readLeases().map(({ addr, hardware_addr }) => ({ address: addr, mac: hardware_addr })));
    t.strictSame(compare(known, expected), [], `kill ${kill}: in leases.json of the next run`);
  }
  t.ok(synced > 0, 'there were new leases between kills');
  await until('every client has had its turn', 30_000, () => acknowledged.size >= Math.min(CLIENTS, 500));
  await load.stop();
  await more?.stop('SIGINT');
  t.equal(await daemon.stop('SIGTERM', 10_000), 0, 'ends when it is asked to');
  t.strictSame(wrong, [], 'no client was refused or moved');
  const addresses = [...acknowledged.values()];
  t.equal(new Set(addresses).size, addresses.length, 'no address was given to two clients');
  t.strictSame(
    compare(
      byClient(readLeases().map(({ addr, hardware_addr }) => ({ address: addr, mac: hardware_addr }))),
      acknowledged,
    ),
    [],
    'leases.json at the end',
  );

  /** Kea's load generator beside ours, from another address. */
  function startPerfdhcp(): Program {
    site.lan.ip('address add 10.7.0.3/16 dev eth0');
    const rate = ['-4', '-r', '200', '-R', '1000', '-p', String(KILLS * 15), '-l', '10.7.0.3', '-W', '1'];
    return site.lan.start('perfdhcp', 'perfdhcp', [...rate, SERVER]);
  }
});
