import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { NftConnection } from '@router7/nft/node';
import { Firewall } from '../firewall/firewall.ts';
import { nftKernel } from '../firewall/firewall-kernel.ts';
import { serveMetrics } from '../firewall/metrics-server.ts';
import { Configuration } from '../netconfig/configuration.ts';
import { Configurator } from '../netconfig/configurator.ts';
import { EndpointResolver } from '../netconfig/endpoint-resolver.ts';
import { filesBelow, RESOLV_CONF } from '../netconfig/files.ts';
import { Runner } from '../netconfig/runner.ts';
import { ownFlags } from '../runtime/flags.ts';
import { createLog } from '../runtime/log.ts';
import { notify, takeTitle } from '../runtime/notify.ts';
import type { PrivateListener } from '../runtime/private-listener.ts';
import { tellReady } from '../runtime/supervised.ts';
import { generateUla } from '../state/subnets.ts';
import { systemClock } from '../system/clock.ts';
import { GenericNetlink } from '../system/genetlink.ts';
import { setIntOption } from '../system/libc.ts';
import { NftMonitor } from '../system/nft-monitor.ts';
import { RtNetlink } from '../system/rtnetlink.ts';

/*
 * netconfigd: makes the kernel what /perm/interfaces.json, /perm/wireguard.json and the leases say, and keeps it so.
 * SIGUSR1 applies everything again; so does every change of links, addresses, routes and rules.
 */

/** Who has to look at addresses again. */
const LISTENERS = ['dyndns', 'dnsd', 'diagd', 'backupd', 'captured', 'dhcp4d'] as const;
/** Who serves the home's links and their prefixes. */
const LAN_SERVERS = ['radvd', 'dhcp6d'] as const;

/** When metrics are served, milliseconds after the start: nobody asks for them sooner. */
const METRICS_AFTER = 5000;

takeTitle('netconfigd');
const flags = ownFlags('netconfigd', { linger: true });
const log = createLog();
const kernel = { route: new RtNetlink(), generic: new GenericNetlink() };
const nft = new NftConnection({
  setSocketOption: (fd, level, option, value) =>
    setIntOption(fd, level, option, value, `option ${option} of nf_tables`),
});
const rules = nftKernel(nft);
const files = filesBelow('/perm');
const resolver = new EndpointResolver(() => runner.changed());
const firewall = new Firewall(rules, files, log);
const configurator = new Configurator(
  kernel,
  firewall,
  new Configuration(files, () => generateUla(Date.now(), randomBytes(8))),
  resolver,
  RESOLV_CONF,
  log,
);
const runner = new Runner({
  apply: async () => {
    const applied = await configurator.apply();
    // Others serve from then on; when it cannot be done, not before the supervisor's patience is over.
    if (applied.guarded) {
      tellReady();
      // The word is on its way two turns later, before all that can wait: the next run, and telling the others.
      await setImmediate();
      await setImmediate();
    }
    return applied;
  },
  isGuarded: () => firewall.isThere(),
  tell: () => {
    for (const name of LISTENERS) notify(name);
    notify('init', 'SIGHUP');
  },
  tellLans: () => {
    for (const name of LAN_SERVERS) notify(name);
  },
  clock: systemClock,
  log,
});

if (!flags.linger) {
  let errors = await runner.run(true);
  // Names are resolved in the background; this process has only this one chance to use them.
  if (resolver.isAsking) {
    await resolver.settled();
    errors = await runner.run(false);
  }
  process.exit(errors === 0 ? 0 : 1);
}

kernel.route.watch(() => runner.changed());
new NftMonitor(() => void runner.rulesChanged());
let metrics: PrivateListener | undefined;
/** Not before others have had the processor for their start, who wait for this one. */
setTimeout(() => {
  metrics = serveMetrics(rules, log);
}, METRICS_AFTER);
process.on('SIGUSR1', () => {
  runner.ask();
  void metrics?.refresh();
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
runner.ask();
