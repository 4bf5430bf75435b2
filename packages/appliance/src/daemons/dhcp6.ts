import { join } from 'node:path';
import { serveMetrics } from '../dhcp6/client-metrics.ts';
import { ClientRunner } from '../dhcp6/client-runner.ts';
import { ClientConfigFile, clientSettings } from '../dhcp6/client-settings.ts';
import { ClientStatistics } from '../dhcp6/client-statistics.ts';
import { DUID_FILE, readDuid } from '../dhcp6/duid-file.ts';
import { UplinkWatch, uplinkOf } from '../ndp/uplink-watch.ts';
import { ownFlags } from '../runtime/flags.ts';
import { createLog } from '../runtime/log.ts';
import { LogLimit } from '../runtime/log-limit.ts';
import { notify, takeTitle } from '../runtime/notify.ts';
import { tellReady } from '../runtime/supervised.ts';
import { systemClock } from '../system/clock.ts';
import { RtNetlink } from '../system/rtnetlink.ts';

/*
 * dhcp6: obtains prefixes and an address from the provider and keeps them, for netconfigd, radvd and dhcp6d.
 * SIGUSR1 reads ipv6.json again and renews, SIGUSR2 releases and ends with 125, SIGTERM ends and leaves the leases in use.
 */

/** Exit status that tells the supervisor to leave it stopped. */
const STAY_STOPPED = 125;
/** A Release is sent again after 1, 3 and 7 s, until somebody answers. */
const RELEASE_PATIENCE_MS = 3500;

takeTitle('dhcp6');
const flags = ownFlags('dhcp6', { interface: 'uplink0', state_dir: '/perm/dhcp6' });
const log = createLog();
const netlink = new RtNetlink();
const statistics = new ClientStatistics();
const configFile = new ClientConfigFile(log, join(flags.state_dir, 'last-good'));
let releasing = false;

const runner = new ClientRunner({
  stateDirectory: flags.state_dir,
  configure: (hardwareAddress) =>
    clientSettings(readDuid(join(flags.state_dir, DUID_FILE), hardwareAddress, systemClock, log), configFile.read()),
  clock: systemClock,
  log,
  changed: () => {
    for (const daemon of ['netconfigd', 'radvd', 'dhcp6d', 'ntpd']) notify(daemon);
  },
  stopped: () => releasing && end(STAY_STOPPED),
  again: () => void look(),
  observe: (output) => statistics.count(output),
});

const routers = new UplinkWatch({
  stateDirectory: flags.state_dir,
  clock: systemClock,
  log: new LogLimit(log),
  changed: () => {
    for (const daemon of ['dnsd', 'diagd']) notify(daemon);
  },
});

// One look at a time, and another one when something has changed meanwhile.
let looking = false;
let again = false;
let renewing = false;
netlink.watch(() => void look());
await look();
tellReady();
const metrics = serveMetrics(statistics, log);

process.on('SIGUSR1', () => {
  renewing = true;
  void look();
  void metrics.refresh();
});
process.on('SIGUSR2', () => {
  releasing = true;
  if (!runner.input({ kind: 'release' })) {
    runner.forget();
    end(STAY_STOPPED);
  }
  setTimeout(() => end(STAY_STOPPED), RELEASE_PATIENCE_MS);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(0));

async function look(): Promise<void> {
  again = true;
  if (looking) return;
  looking = true;
  while (again) {
    again = false;
    try {
      const link = (await netlink.links()).find(({ name }) => name === flags.interface);
      const addresses = await netlink.addresses();
      const isRenewal = renewing;
      renewing = false;
      const isAnew = isRenewal && (await runner.reload());
      await runner.follow(link, addresses);
      if (isRenewal && !isAnew) runner.input({ kind: 'renew' });
      await routers.follow(uplinkOf(link, addresses));
    } catch (error) {
      log.error('cannot follow interface', { interface: flags.interface, error });
    }
  }
  looking = false;
}

function end(status: number): void {
  void Promise.all([runner.close(), routers.close()]).then(() => process.exit(status));
}
