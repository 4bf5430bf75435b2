import { MessageType, optionValue } from '@router7/dhcp4';
import { toHex } from '@router7/wire';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { servers } from './dhcp-servers.ts';
import { needs } from './installed.ts';
import { WanSite } from './wan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);
t.jobs = 5;

const { discover, offer, request, ack } = MessageType;

for (const poorFirst of [true, false]) {
  t.test(
    `D4C-01 of two servers the one that offers a router is taken, ${poorFirst ? 'the poor' : 'the good'} one beside it`,
    needs('kea-dhcp4', 'dnsmasq', 'tcpdump', 'arping'),
    async (t) => {
      const site = new WanSite(t, poorFirst ? 'poor' : 'good');
      const capture = await site.capture();
      const second = site.join('second', '198.51.100.2/24');
      const poor = { lease: 300, t1: 150, t2: 250, routers: [], first: '198.51.100.200', last: '198.51.100.210' };
      const good = { lease: 300, t1: 150, t2: 250 };
      // dnsmasq and Kea answer at once, so what comes first differs by who they are.
      await servers.dnsmasq(
        site.isp,
        poorFirst ? poor : { ...good, more: ['--dhcp-option=option:router,198.51.100.1'] },
      );
      await servers.kea(second, { ...(poorFirst ? { ...good, routers: ['198.51.100.1'] } : poor), device: 'eth0' });
      site.daemon('netconfigd');
      const dhcp4 = site.daemon('dhcp4');
      const lease = await site.leased(30_000);
      await site.applied(lease.client_ip);
      await capture.settle();
      t.equal(capture.messages(offer).length, 2, 'both have offered');
      t.equal(lease.server_id, poorFirst ? '198.51.100.2' : '198.51.100.1');
      t.equal(lease.router, '198.51.100.1');
      t.match(lease.client_ip, /^198\.51\.100\.1\d\d$/);
      const [asked] = capture.messages(request);
      t.equal(String(asked && optionValue(asked.message, 'serverIdentifier')), lease.server_id);
      t.match(dhcp4.output.join('\n'), /lease obtained how=new/);
    },
  );
}

t.test(
  'D4C-19 D4C-22 config.json: identifier by RFC 4361, host name, vendor and user class, raw options',
  needs('kea-dhcp4', 'tcpdump', 'arping'),
  async (t) => {
    const config = {
      probe: false,
      client_id: 'duid',
      hostname: 'router7',
      vendor_class: 'example-isp',
      user_class: 'home',
      options: { '224': 'c0ffee' },
    };
    const site = new WanSite(t, 'config', { config });
    const capture = await site.capture();
    await servers.kea(site.isp, { lease: 300, t1: 150, t2: 250 });
    site.daemon('dhcp4');
    await site.leased(30_000);
    await capture.settle();
    for (const type of [discover, request]) {
      const [seen] = capture.messages(type);
      if (seen === undefined) throw new Error(`no message ${type}`);
      const { message } = seen;
      t.equal(optionValue(message, 'hostName'), 'router7');
      t.equal(
        toHex(optionValue(message, 'clientIdentifier') ?? new Uint8Array()),
        `ff00000001${'00030001'}027353000700`,
      );
      t.equal(optionValue(message, 'vendorClassIdentifier'), 'example-isp');
      t.same(
        message.options.find((option) => 'code' in option && option.code === 224),
        { kind: 'raw', code: 224, data: [0xc0, 0xff, 0xee] },
      );
      t.ok((optionValue(message, 'maximumDhcpMessageSize') ?? 0) > 576, 'D4C-20');
      const asked = optionValue(message, 'parameterRequestList') ?? [];
      for (const code of [
        1, 3, 6, 12, 15, 26, 28, 33, 42, 51, 54, 58, 59, 108, 114, 119, 120, 121, 125, 138, 150, 162, 212,
      ]) {
        t.ok(asked.includes(code), `D4C-14 asks for option ${code}`);
      }
    }
    const [answer] = capture.messages(ack);
    t.ok(answer && optionValue(answer.message, 'clientIdentifier'), 'Kea echoes it (RFC 6842)');
  },
);

t.test(
  'D4C-19 the identifier is type 1 and the hardware address by default; D4C-18 D4C-20 a long ACK',
  needs('dhcpd', 'tcpdump', 'arping'),
  async (t) => {
    const site = new WanSite(t, 'long');
    const capture = await site.capture();
    // More than 576 octets, with option 119 in several pieces (RFC 3396).
    const domains = Array.from({ length: 40 }, (_, i) => `subdomain-number-${i}.example`);
    await servers.isc(site.isp, {
      lease: 300,
      t1: 150,
      t2: 250,
      more: [`option domain-search ${domains.map((name) => `"${name}"`).join(', ')};`],
    });
    site.daemon('netconfigd');
    site.daemon('dhcp4');
    const lease = await site.leased(30_000);
    await site.applied(lease.client_ip);
    await capture.settle();
    const [first] = capture.messages(discover);
    t.equal(first && toHex(optionValue(first.message, 'clientIdentifier') ?? new Uint8Array()), '01027353000700');
    const [long] = capture.messages(ack);
    t.ok((long?.payload.length ?? 0) > 576, `an ACK of ${long?.payload.length} octets`);
    t.same(long && optionValue(long.message, 'domainSearch')?.map(String), domains);
    t.ok((lease.options['119']?.length ?? 0) > 2 * 255, 'option 119 is whole in lease.json');
  },
);

t.test('D4C-23 rapid commit with dnsmasq: two messages', needs('dnsmasq', 'tcpdump', 'arping'), async (t) => {
  const site = new WanSite(t, 'rapid', { config: { probe: false, rapid_commit: true } });
  const capture = await site.capture();
  await servers.dnsmasq(site.isp, { lease: 300, t1: 150, t2: 250, more: ['--dhcp-rapid-commit'] });
  site.daemon('netconfigd');
  site.daemon('dhcp4');
  const lease = await site.leased(30_000);
  await site.applied(lease.client_ip);
  await capture.settle();
  t.same(
    capture.messages().map(({ message }) => optionValue(message, 'dhcpMessageType')),
    [discover, ack],
  );
});

t.test(
  'D4C-13 D4C-22 the spoofed address is used before the interface has it',
  needs('dnsmasq', 'tcpdump', 'arping'),
  async (t) => {
    const spoof = '02:73:53:00:99:99';
    const site = new WanSite(t, 'spoof', {
      interfaces: { interfaces: [{ hardware_addr: '02:73:53:00:07:00', spoof_hardware_addr: spoof, name: 'uplink0' }] },
    });
    const capture = await site.capture();
    await servers.dnsmasq(site.isp, { lease: 300, t1: 150, t2: 250 });
    site.daemon('dhcp4');
    const seen = await capture.message('a DISCOVER', discover, 30_000);
    t.equal(String(seen.frame.ethernet?.source), spoof);
    t.equal(toHex(seen.message.chaddr), '027353009999');
    t.match(await site.router.run('cat', ['/sys/class/net/uplink0/address']), /02:73:53:00:07:00/, 'not applied yet');
    site.daemon('netconfigd');
    const lease = await site.leased(30_000);
    await site.applied(lease.client_ip);
    t.match(await site.router.run('cat', ['/sys/class/net/uplink0/address']), /02:73:53:00:99:99/);
  },
);
