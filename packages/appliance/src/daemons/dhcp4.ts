import { readFileSync } from 'node:fs';
import { defaultClientConfig } from '@router7/dhcp4';
import { Ipv4Prefix, MacAddress } from '@router7/wire';
import { ClientRunner } from '../dhcp4/client-runner.ts';
import { clientSettings } from '../dhcp4/client-settings.ts';
import { askHealth, HEALTH_INTERVAL_MS, HealthCount } from '../dhcp4/health-watch.ts';
import { ownFlags } from '../runtime/flags.ts';
import { createLog } from '../runtime/log.ts';
import { notify, takeTitle } from '../runtime/notify.ts';
import { tellReady } from '../runtime/supervised.ts';
import { INTERFACES_FILE, parseInterfaces } from '../state/interfaces.ts';
import { systemClock } from '../system/clock.ts';
import { RtNetlink } from '../system/rtnetlink.ts';

/*
 * dhcp4: obtains a lease from the provider and keeps it, for netconfigd to apply.
 * SIGUSR1 renews, SIGUSR2 releases and ends with 125, SIGTERM ends and leaves the lease in use.
 */

/** Exit status that tells the supervisor to leave it stopped. */
const STAY_STOPPED = 125;
/** A DHCPRELEASE is sent once; this long it may take to leave. */
const RELEASE_PATIENCE_MS = 1000;

takeTitle('dhcp4');
const flags = ownFlags('dhcp4', { interface: 'uplink0', state_dir: '/perm/dhcp4' });
const log = createLog();
const netlink = new RtNetlink();
let releasing = false;

const runner = new ClientRunner({
  stateDirectory: flags.state_dir,
  configure: (hardwareAddress) => ({
    ...defaultClientConfig(hardwareAddress),
    ...clientSettings(flags.state_dir, hardwareAddress, log),
  }),
  spoofed,
  clock: systemClock,
  log,
  changed: () => {
    for (const daemon of ['netconfigd', 'ntpd']) notify(daemon);
  },
  stopped: () => releasing && end(STAY_STOPPED),
});

// One look at a time, and another one when something has changed meanwhile.
let looking = false;
let again = false;
// The line has an address: for that, and no longer, others leave the processor to us.
let served = false;
netlink.watch(() => void look());
await look();

const health = new HealthCount();
setInterval(async () => {
  const verdict = health.count(await askHealth());
  if (verdict === undefined) return;
  log.warn('no connectivity, starting over', { release: verdict.release });
  runner.input(verdict);
}, HEALTH_INTERVAL_MS);

process.on('SIGUSR1', () => runner.input({ kind: 'renew' }));
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
      await runner.follow(link);
      if (link !== undefined && (await isApplied(link.index))) tellReady();
    } catch (error) {
      log.error('cannot follow interface', { interface: flags.interface, error });
    }
  }
  looking = false;
}

/** Whether netconfigd has given the link an address. */
async function isApplied(index: number): Promise<boolean> {
  served ||= (await netlink.addresses()).some(({ link, prefix }) => link === index && prefix instanceof Ipv4Prefix);
  return served;
}

/** D4C-13: the address that netconfigd will give the interface, whether it has done so or not. */
function spoofed(): MacAddress | undefined {
  try {
    const { value } = parseInterfaces(readFileSync(INTERFACES_FILE, 'utf8'));
    const spoof = value.interfaces.find(({ name }) => name === flags.interface)?.spoof_hardware_addr;
    return spoof === undefined || spoof === '' ? undefined : MacAddress.parse(spoof);
  } catch {
    // netconfigd tells what is wrong with the file.
    return undefined;
  }
}

function end(status: number): void {
  void runner.close().then(() => process.exit(status));
}
