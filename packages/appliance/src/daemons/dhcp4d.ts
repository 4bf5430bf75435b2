import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ipv4Prefix } from '@router7/wire';
import { JournalLeaseTable } from '../dhcp4/journal-lease-table.ts';
import { leaseServer } from '../dhcp4/lease-server.ts';
import { readServerSettings } from '../dhcp4/server-files.ts';
import { ServerRunner } from '../dhcp4/server-runner.ts';
import { ServerStatistics } from '../dhcp4/server-statistics.ts';
import { VendorNames } from '../dhcp4/vendor-names.ts';
import { ownFlags } from '../runtime/flags.ts';
import { growHeapWith } from '../runtime/heap-growth.ts';
import { createLog } from '../runtime/log.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { notify, takeTitle } from '../runtime/notify.ts';
import { type Fetch, PrivateListener } from '../runtime/private-listener.ts';
import { tellReady } from '../runtime/supervised.ts';
import { DHCP4D_CONFIG_FILE } from '../state/dhcp4d-config.ts';
import { INTERFACES_FILE } from '../state/interfaces.ts';
import { systemClock } from '../system/clock.ts';
import { lockFolder } from '../system/folder-lock.ts';
import { RtNetlink } from '../system/rtnetlink.ts';
import { RtMonitor } from '../system/rtnetlink-monitor.ts';

/*
 * dhcp4d: gives the hosts of the LAN their addresses, and shows who has which on port 8067.
 * SIGUSR1 re-reads interfaces.json, config.json and leases.json, if that was edited, and looks for addresses to listen on; SIGTERM writes leases.json and
 * ends.
 */

const FOLDER = '/perm/dhcp4d';
const HTTP_PORT = 8067;
/** Before a lease folder that cannot be read is tried again, in milliseconds. */
const RETRY = 5000;

takeTitle('dhcp4d');
const flags = ownFlags('dhcp4d', { interface: 'lan0' });
const log = createLog();
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

const table = await openTable();
growHeapWith(table.size);
const statistics = new ServerStatistics();
const runner = new ServerRunner({
  table,
  settings: (before, present) =>
    readServerSettings(flags.interface, log, before, INTERFACES_FILE, DHCP4D_CONFIG_FILE, present),
  statistics,
  clock: systemClock,
  log,
});

// One look at a time, and another one when something has changed meanwhile.
const netlink = new RtNetlink();
let looking: Promise<void> | undefined;
let again = false;
const monitor = new RtMonitor(['link'], (change) => {
  if (change.kind === 'resync' || (change.kind === 'link' && change.link.name === flags.interface)) look();
});

const listener = new PrivateListener({ port: HTTP_PORT, pages, log });
process.on('SIGUSR1', () => {
  look();
  void listener.refresh();
});
await listener.start();

function pages(): Fetch {
  const metrics = createMetrics();
  statistics.register(metrics, table, () => runner.activeLeases);
  const app = leaseServer({
    leases: () => table.values(),
    firstAddress: () => table.firstAddress,
    setHostName: (client, hostName) => runner.setHostName(client, hostName),
    vendors: new VendorNames(log),
    metrics,
    clock: systemClock,
  });
  return app.fetch as Fetch;
}

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
      const link = await netlink.linkByName(flags.interface);
      await runner.follow(link, link && (await presentAddress(link.index)));
      tellReady();
    } catch (error) {
      log.error('cannot follow the interface', { interface: flags.interface, error });
    }
  }
}

/** The first IPv4 address of an interface. */
async function presentAddress(link: number): Promise<Ipv4Prefix | undefined> {
  const addresses = await netlink.addresses();
  return addresses.flatMap((each) => (each.link === link && each.prefix instanceof Ipv4Prefix ? each.prefix : []))[0];
}

/** Waits for the folder: /perm may be mounted late, need a check first, or be in the hands of a server that is ending. */
async function openTable(): Promise<JournalLeaseTable> {
  let locked = false;
  for (;;) {
    try {
      mkdirSync(FOLDER, { recursive: true });
      // Two servers with one folder would each write what only they know.
      if (!locked) lockFolder(FOLDER);
      locked = true;
      return JournalLeaseTable.open({
        folder: FOLDER,
        clock: systemClock,
        log,
        onSaved: () => {
          void notify('dnsd');
          growHeapWith(table.size);
        },
        onEdited: look,
      });
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
    monitor.close();
    await looking;
    await runner.close();
    await table.close();
  } catch {
    // Asked to end before everything was there.
  }
  process.exit(0);
}
