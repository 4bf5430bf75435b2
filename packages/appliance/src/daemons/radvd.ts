import { Advertiser } from '../radvd/advertiser.ts';
import { DnsWatch } from '../radvd/dns-watch.ts';
import { kernelView } from '../radvd/kernel-view.ts';
import { RadvdFiles } from '../radvd/radvd-files.ts';
import { StateBook } from '../radvd/state-book.ts';
import { ownFlags } from '../runtime/flags.ts';
import { createLog } from '../runtime/log.ts';
import { takeTitle } from '../runtime/notify.ts';
import { tellReady } from '../runtime/supervised.ts';
import { DHCP6_LEASE_FILE } from '../state/dhcp6-lease.ts';
import { INTERFACES_FILE } from '../state/interfaces.ts';
import { IPV6_CONFIG_FILE } from '../state/ipv6-config.ts';
import { RADVD_PREFIXES_FILE } from '../state/radvd-prefixes.ts';
import { RADVD_STATE_FILE } from '../state/radvd-state.ts';
import { SUBNETS_FILE } from '../state/subnets.ts';
import { systemClock } from '../system/clock.ts';
import { RtNetlink } from '../system/rtnetlink.ts';
import { RtMonitor } from '../system/rtnetlink-monitor.ts';

/*
 * radvd: advertises this router and its prefixes to the hosts on each link of the home.
 * SIGUSR1 reads all files again and sends an advertisement. SIGTERM sends a final one, with a router lifetime of 0, and ends:
 * nobody can tell here whether the router goes on without this process, is about to start it again, or shuts down, and to have
 * no router for a second does less harm than to go on sending to one that is gone. Who is killed says nothing, and hosts
 * notice nothing when it is back soon.
 */

takeTitle('radvd');
ownFlags('radvd', {});
const log = createLog();
const netlink = new RtNetlink();
const dns = new DnsWatch(log, () => advertiser.look());
const advertiser = new Advertiser({
  files: new RadvdFiles(
    {
      interfaces: INTERFACES_FILE,
      ipv6: IPV6_CONFIG_FILE,
      subnets: SUBNETS_FILE,
      delegated: `/perm/dhcp6/${DHCP6_LEASE_FILE}`,
      lastGood: '/perm/netconfigd/last-good',
      prefixes: RADVD_PREFIXES_FILE,
    },
    log,
  ),
  book: new StateBook(RADVD_STATE_FILE, log),
  view: () => kernelView(netlink),
  dnsIsDead: () => dns.isDead,
  uplink: 'uplink0',
  clock: systemClock,
  log,
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    monitor.close();
    dns.close();
    void advertiser.close().then(() => process.exit(0));
  });
}
// The first thing it tells is that the subscription stands.
const monitor = new RtMonitor(['link', 'address', 'route'], () => advertiser.look());
process.on('SIGUSR1', () => advertiser.look(true));
tellReady();
