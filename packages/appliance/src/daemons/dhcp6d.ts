import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease } from '@router7/dhcp6';
import { serverDuid } from '../dhcp6/server-duid.ts';
import { type ReadSettings, ServerFiles } from '../dhcp6/server-files.ts';
import { JournalLeaseTable } from '../dhcp6/server-lease-table.ts';
import { ServerReplay } from '../dhcp6/server-replay.ts';
import { ServerRoutes } from '../dhcp6/server-routes.ts';
import { ServerRunner } from '../dhcp6/server-runner.ts';
import { serverSecret } from '../dhcp6/server-secret.ts';
import { ServerStatistics } from '../dhcp6/server-statistics.ts';
import { ownFlags } from '../runtime/flags.ts';
import { createLog } from '../runtime/log.ts';
import { metricsPages } from '../runtime/metrics.ts';
import { notify, takeTitle } from '../runtime/notify.ts';
import { PrivateListener } from '../runtime/private-listener.ts';
import { tellReady } from '../runtime/supervised.ts';
import { systemClock } from '../system/clock.ts';
import { lockFolder } from '../system/folder-lock.ts';
import { type Link, RtNetlink } from '../system/rtnetlink.ts';
import { RtMonitor } from '../system/rtnetlink-monitor.ts';

/*
 * dhcp6d: tells the hosts of the home their parameters by DHCPv6, gives them addresses if they are to have some, and gives
 * prefixes to routers of the home. SIGUSR1 re-reads what the prefixes follow from and dhcp6d.json; SIGTERM writes
 * leases.json and ends.
 */

const FOLDER = '/perm/dhcp6d';
const HTTP_PORT = 8068;
/** Before a lease folder that cannot be read is tried again, in milliseconds. */
const RETRY = 5000;
/** How often it is looked whether anything has changed without anyone having said so, milliseconds: the clock, for one. */
const INTERVAL = 60_000;

takeTitle('dhcp6d');
ownFlags('dhcp6d', {});
const log = createLog();
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

const { table, placeSecret } = await openFolder();
const statistics = new ServerStatistics();
const files = new ServerFiles({ perm: '/perm', lastGood: `${FOLDER}/last-good` }, log, systemClock);
const netlink = new RtNetlink();
let settings: ReadSettings | undefined;
let links: readonly Link[] = [];
let duid: Uint8Array | undefined;
const routes = new ServerRoutes(
  netlink,
  {
    leases: () => table.values(),
    delegations: () => settings?.config.delegations.map(({ prefix }) => prefix) ?? [],
    linkIndex: (name) => links.find((link) => link.name === name)?.index,
    now: systemClock.now,
  },
  log,
);
const onPrefix = (lease: Lease): void => routes.follow(lease);
const replay = new ServerReplay(`${FOLDER}/replay`, systemClock, log);
const runner = new ServerRunner({ table, statistics, placeSecret, replay, onPrefix, clock: systemClock, log });

// One look at a time, and another one when something has changed meanwhile.
let looking: Promise<void> | undefined;
let again = false;
const monitor = new RtMonitor(['link', 'address'], () => look());
const timer = setInterval(look, INTERVAL);
process.on('SIGUSR1', () => look());

const listener = new PrivateListener({
  port: HTTP_PORT,
  pages: () => metricsPages((metrics) => statistics.register(metrics, table, () => runner.activeLeases)),
  log,
});
await listener.start();

function look(): void {
  again = true;
  looking ??= follow().finally(() => {
    looking = undefined;
  });
}

async function follow(): Promise<void> {
  while (again && !stopping) {
    again = false;
    try {
      links = await netlink.links();
      const hardwareAddress = links.find(
        (link) => !link.loopback && link.hardwareAddress !== undefined,
      )?.hardwareAddress;
      if (hardwareAddress === undefined) continue;
      duid ??= serverDuid(`${FOLDER}/duid`, hardwareAddress);
      settings = files.read(duid);
      const served = settings?.config.links.map(({ name }) => links.find((link) => link.name === name));
      await runner.follow(settings, (served?.filter((link) => link?.up === true) as Link[]) ?? []);
      routes.refresh();
      tellReady();
    } catch (error) {
      log.error('cannot follow the interfaces', { error });
    }
  }
}

/** Waits for the folder: /perm may be mounted late, need a check first, or be in the hands of a server that is ending. */
async function openFolder(): Promise<{ table: JournalLeaseTable; placeSecret: Uint8Array }> {
  let locked = false;
  for (;;) {
    try {
      mkdirSync(FOLDER, { recursive: true });
      // Two servers with one folder would each write what only they know.
      if (!locked) lockFolder(FOLDER);
      locked = true;
      const placeSecret = serverSecret(`${FOLDER}/secret`);
      const options = { folder: FOLDER, clock: systemClock, log, onSaved: () => void notify('dnsd') };
      return { table: JournalLeaseTable.open(options), placeSecret };
    } catch (error) {
      log.error('leases cannot be had, serving nobody', { folder: FOLDER, error });
      await sleep(RETRY);
    }
  }
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  try {
    clearInterval(timer);
    monitor.close();
    await looking;
    await runner.close();
    await routes.close();
    await table.close();
  } catch {
    // Asked to end before everything was there.
  }
  process.exit(0);
}
