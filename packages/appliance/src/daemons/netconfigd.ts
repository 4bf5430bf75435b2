import { NftConnection } from '@router7/nft/node';
import { Firewall } from '../firewall/firewall.ts';
import { nftKernel } from '../firewall/firewall-kernel.ts';
import { serveMetrics } from '../firewall/metrics-server.ts';
import { Configurator } from '../netconfig/configurator.ts';
import { ownFlags } from '../runtime/flags.ts';
import { createLog } from '../runtime/log.ts';
import { notify, takeTitle } from '../runtime/notify.ts';
import { FIREWALL_FILE } from '../state/firewall.ts';
import { INTERFACES_FILE } from '../state/interfaces.ts';
import { PORTFORWARDINGS_FILE } from '../state/portforwardings.ts';
import { setIntOption } from '../system/libc.ts';
import { RtNetlink } from '../system/rtnetlink.ts';

/*
 * netconfigd: makes the kernel what /perm/interfaces.json and the lease of dhcp4 say, and keeps it so.
 * SIGUSR1 applies everything again; so does every change of links, addresses and routes.
 */

/** Changes come in bunches: a link that comes up is told five times. */
const SETTLE_MS = 100;
/** Something failed, without any event to come: look again. */
const RETRY_MS = 5000;
/** Who has to look at addresses again. */
const LISTENERS = ['dyndns', 'dnsd', 'diagd', 'backupd', 'captured', 'dhcp4d'] as const;

takeTitle('netconfigd');
const flags = ownFlags('netconfigd', { linger: true });
const log = createLog();
const netlink = new RtNetlink();
const nft = new NftConnection({
  setSocketOption: (fd, level, option, value) =>
    setIntOption(fd, level, option, value, `option ${option} of nf_tables`),
});
const kernel = nftKernel(nft);
const firewall = new Firewall(kernel, { firewall: FIREWALL_FILE, portForwardings: PORTFORWARDINGS_FILE }, log);
const configurator = new Configurator(
  netlink,
  firewall,
  { interfaces: INTERFACES_FILE, lease: '/perm/dhcp4/wire/lease.json', resolvConf: '/tmp/resolv.conf' },
  log,
);

let told = new Set<string>();
if (!flags.linger) {
  const errors = await run(true);
  process.exit(errors === 0 ? 0 : 1);
}

let timer: NodeJS.Timeout | undefined;
let running: Promise<void> = Promise.resolve();
let due = false;
netlink.watch(() => schedule(SETTLE_MS, false));
const metrics = serveMetrics(kernel, log);
process.on('SIGUSR1', () => {
  schedule(0, true);
  void metrics.refresh();
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
schedule(0, true);

/** Applies after a while. One that is due already is not put off, so that steady events cannot starve it. */
function schedule(delayMs: number, tell: boolean): void {
  due ||= tell;
  if (timer !== undefined && !tell) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = undefined;
    const always = due;
    due = false;
    running = running.then(async () => {
      if ((await run(always)) > 0) schedule(RETRY_MS, false);
    });
  }, delayMs);
}

/** Applies once and tells those who care when something has changed, or always. @returns how many things failed */
async function run(always: boolean): Promise<number> {
  const { changed, errors } = await configurator.apply();
  // What goes on failing is tried again and again, and told once.
  for (const error of errors) if (!told.has(error.message)) log.error('not applied', { error });
  told = new Set(errors.map((error) => error.message));
  if (changed || always) {
    for (const name of LISTENERS) notify(name);
    notify('init', 'SIGHUP');
  }
  return errors.length;
}
