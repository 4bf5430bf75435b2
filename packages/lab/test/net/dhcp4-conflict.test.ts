import { MessageType, optionValue } from '@router7/dhcp4';
import { ArpOperation } from '@router7/pcap';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { programs, serverNames, servers } from './dhcp-servers.ts';
import { needs } from './installed.ts';
import { WanSite } from './wan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);
t.jobs = 4;

for (const name of serverNames) {
  t.test(
    `D4C-21 ${name}: an address that another host has is declined, and another one asked for`,
    needs(programs[name], 'tcpdump', 'arping'),
    async (t) => {
      const site = new WanSite(t, name, { config: { probe: true } });
      const capture = await site.capture();
      const serving = { lease: 300, t1: 150, t2: 250 };
      // Which address the server gives first is its own business; a dry run tells.
      const [first, second] = ['198.51.100.100', '198.51.100.101'];
      await servers[name](site.isp, { ...serving, first, last: second });
      for (const [index, address] of [first, second].entries()) {
        // Both are taken; one of them is left as soon as it is declined.
        site.join(`other${index}`, `${address}/24`);
      }
      site.daemon('netconfigd');
      const dhcp4 = site.daemon('dhcp4');
      const decline = await capture.message('a DECLINE', MessageType.decline, 30_000);
      const taken = String(optionValue(decline.message, 'requestedIpAddress'));
      const free = taken === first ? second : first;
      await site.isp.run('ip', ['link', 'del', taken === first ? 'other1' : 'other0']);

      await capture.settle();
      const ack = capture.messages(MessageType.ack).find(({ at }) => at < decline.at);
      t.equal(taken, String(ack?.message.yiaddr), 'what was acknowledged');
      t.equal(String(optionValue(decline.message, 'serverIdentifier')), '198.51.100.1');
      t.equal(String(decline.message.ciaddr), '0.0.0.0');
      t.equal(String(decline.frame.ipv4?.destination), '255.255.255.255');
      const probe = await capture.packet(
        'a probe',
        30_000,
        ({ frame: { arp } }) => arp?.kind === 'ethernet' && String(arp.targetProtocolAddress) === taken,
      );
      const { arp } = probe.frame;
      t.match(arp, { operation: ArpOperation.request });
      t.equal(arp?.kind === 'ethernet' && String(arp.senderProtocolAddress), '0.0.0.0');
      t.equal(site.lease(), undefined, 'never applied');

      const discover = await capture.message('DISCOVER', MessageType.discover, 30_000, ({ at }) => at > decline.at);
      const waited = (discover.at - decline.at) / 1000;
      // Ten seconds (RFC 2131 3.1 step 5), less what a busy machine takes to send the first.
      t.ok(waited >= 9 && waited < 20, `waited ${waited.toFixed(2)} s`);
      const lease = await site.leased(30_000);
      t.equal(lease.client_ip, free);
      await site.applied(free);
      const announcement = await capture.packet('an announcement', 30_000, ({ frame: { arp } }) => {
        if (arp?.kind !== 'ethernet') return false;
        return String(arp.senderProtocolAddress) === free && String(arp.targetProtocolAddress) === free;
      });
      t.ok(announcement);
      t.match(dhcp4.output.join('\n'), /lease obtained how=new/);
    },
  );
}

t.test(
  'D4C-21 an address in use is defended once, then given up',
  needs('kea-dhcp4', 'tcpdump', 'arping'),
  async (t) => {
    const site = new WanSite(t, 'late', { config: { probe: true } });
    const capture = await site.capture();
    await servers.kea(site.isp, { lease: 300, t1: 150, t2: 250 });
    site.daemon('netconfigd');
    const dhcp4 = site.daemon('dhcp4');
    const lease = await site.leased(30_000);
    await site.applied(lease.client_ip);
    const intruder = site.join('intruder', `${lease.client_ip}/24`);
    const claim = (): Promise<string> =>
      intruder.run('arping', ['-c', '1', '-U', '-I', 'eth0', '-s', lease.client_ip, lease.client_ip]).catch(() => '');
    const before = Date.now();
    await claim();
    await capture.packet('the defence', 30_000, ({ at, frame: { arp, ethernet } }) => {
      if (at < before || arp?.kind !== 'ethernet') return false;
      return String(ethernet?.source) === '02:73:53:00:07:00' && String(arp.senderProtocolAddress) === lease.client_ip;
    });
    await site.applied(lease.client_ip);
    // Within ten seconds of the defence (RFC 5227 section 2.4), as often as a busy machine needs it.
    const given = dhcp4.line(/lease lost.*why=conflict/, 30_000);
    let up = false;
    given.then(
      () => (up = true),
      () => (up = true),
    );
    while (!up) await claim();
    await given;
    const decline = await capture.message('a DECLINE', MessageType.decline, 30_000);
    t.equal(String(optionValue(decline.message, 'requestedIpAddress')), lease.client_ip);
    const other = await site.leased(30_000, ({ client_ip }) => client_ip !== lease.client_ip);
    await site.applied(other.client_ip);
  },
);
