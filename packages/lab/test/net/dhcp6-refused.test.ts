import { MessageType, optionValue, optionValues, StatusCode, statusOf } from '@router7/dhcp6';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { servers6 } from './dhcp6-servers.ts';
import { needs } from './installed.ts';
import { serveOn, Wan6Site } from './wan6-site.ts';

t.setTimeout(300_000);
await onStage(import.meta.url);
t.jobs = 4;

const LONG = { preferred: 300, valid: 400, t1: 100, t2: 200 } as const;

t.test(
  'D6C-09 kea: NoPrefixAvail: asked again and again, and bound when there is a prefix',
  needs('kea-dhcp6', 'tcpdump', 'arping'),
  async (t) => {
    const site = new Wan6Site(t, 'none');
    const capture = await site.capture6();
    // A pool for a shorter prefix than it has: nothing to delegate.
    const server = await servers6.kea(site.isp, { ...LONG, prefix: '' });
    const dhcp6 = site.dhcp6();
    await until('three refusals', 30_000, () => capture.messages(MessageType.advertise).length >= 3);
    for (const { message6 } of capture.messages(MessageType.advertise)) {
      const status = [statusOf(message6), ...optionValues(message6, 'iaPd').map(statusOf)];
      t.ok(status.includes(StatusCode.noPrefixAvail));
    }
    const times = capture.messages(MessageType.solicit).map(({ at }) => at);
    const [first = 0, second = 0, third = 0] = times;
    t.ok(third - second > 1.5 * (second - first), 'less and less often');
    t.equal(dhcp6.status, undefined, 'it goes on running');
    t.equal(site.lease6(), undefined);
    await dhcp6.line(/refused status=6/, 5000);
    await server.stop('SIGKILL');
    await servers6.kea(site.isp, LONG);
    await site.leased6(60_000);
    t.same(site.prefixes(), ['2001:db8:4200::/56']);
  },
);

t.test(
  'D6C-14 kea: an address, and no prefix: the address is used, the prefix asked for by Renew',
  needs('kea-dhcp6', 'tcpdump', 'arping'),
  async (t) => {
    const site = new Wan6Site(t, 'half', {});
    const capture = await site.capture6();
    await servers6.kea(site.isp, { ...LONG, prefix: '', addresses: true });
    site.dhcp6();
    const lease = await site.leased6(30_000, ({ addresses = [] }) => addresses.length > 0);
    t.same(lease.delegations, []);
    const renew = await capture.message('a Renew', MessageType.renew, 30_000);
    t.equal(optionValues(renew.message6, 'iaPd').length, 1, 'asks for the prefix again');
  },
);

t.test(
  'D6C-14 dnsmasq: which cannot delegate: an address and name servers',
  needs('dnsmasq', 'tcpdump', 'arping'),
  async (t) => {
    const site = new Wan6Site(t, 'masq', {});
    const capture = await site.capture6();
    await servers6.dnsmasq(site.isp, { ...LONG, addresses: true });
    site.dhcp6();
    const lease = await site.leased6(30_000, ({ addresses = [] }) => addresses.length > 0);
    t.match(lease.addresses?.[0]?.address, /^2001:db8:100::1[0-9a-f]{3}$/);
    t.same(lease.dns, ['2001:db8:100::53']);
    await capture.settle();
    t.equal(capture.messages(MessageType.request).length, 1);
  },
);

t.test('D6C-19 dnsmasq: stateless: parameters only', needs('dnsmasq', 'tcpdump', 'arping'), async (t) => {
  const site = new Wan6Site(t, 'info', { stateless: true });
  const capture = await site.capture6();
  await servers6.dnsmasq(site.isp, LONG);
  site.dhcp6();
  const lease = await site.leased6(30_000, ({ dns }) => dns.length > 0);
  t.same([lease.dns, lease.prefixes], [['2001:db8:100::53'], []]);
  await capture.settle();
  t.equal(capture.messages(MessageType.solicit).length, 0);
  const [request] = capture.messages(MessageType.informationRequest);
  t.same(optionValues(request?.message6 ?? { options: [] }, 'iaPd'), []);
});

t.test(
  'D6C-13 D6C-15 D6C-16 D6C-18 kea: two /60 by hint, one with an excluded prefix, by Rapid Commit',
  needs('kea-dhcp6', 'tcpdump', 'arping'),
  async (t) => {
    const site = new Wan6Site(t, 'two', { addresses: 'none', delegations: 2, prefix_length: 60, rapid_commit: true });
    const capture = await site.capture6();
    const pool = {
      prefix: '2001:db8:4200::',
      'prefix-len': 56,
      'delegated-len': 60,
      'excluded-prefix': '2001:db8:4200:f::',
      'excluded-prefix-len': 64,
    };
    const other = { prefix: '2001:db8:4300::', 'prefix-len': 56, 'delegated-len': 60 };
    await servers6.kea(site.isp, { ...LONG, prefix: '', keys: { 'rapid-commit': true, 'pd-pools': [pool, other] } });
    site.dhcp6();
    const lease = await site.leased6(30_000, ({ delegations = [] }) => delegations.length === 2);
    await capture.settle();
    const [solicit] = capture.messages(MessageType.solicit);
    t.equal(optionValue(solicit?.message6 ?? { options: [] }, 'rapidCommit'), true);
    t.equal(capture.messages(MessageType.request).length, 0, 'two messages are enough');
    t.same(lease.delegations?.map(({ iaid }) => iaid).sort(), [1, 2]);
    for (const { prefix } of lease.delegations ?? []) t.match(prefix, /^2001:db8:4[23]\d\d:.*\/60$/);
    const first = lease.delegations?.find(({ prefix }) => prefix === '2001:db8:4200::/60');
    t.equal(first?.excluded, '2001:db8:4200:f::/64');
  },
);

t.test(
  'D6C-08 kea and dhcpd beside each other: the higher preference is taken',
  needs('kea-dhcp6', 'dhcpd', 'tcpdump', 'arping'),
  async (t) => {
    const site = new Wan6Site(t, 'both');
    const capture = await site.capture6();
    await servers6.isc(site.isp, { ...LONG, prefix: '2001:db8:4300::/56' });
    const rival = site.join('rival', '198.51.100.9/24');
    rival.ip('link set eth0 down');
    rival.ip('link set eth0 name wan');
    rival.ip('link set wan up');
    serveOn(rival, '2001:db8:100::2/64', 'fe80::2/64');
    // No client asks for this option (RFC 9915 section 21.7).
    const preference = { name: 'preference', data: '50', 'always-send': true };
    const dns = { name: 'dns-servers', data: '2001:db8:100::53' };
    await servers6.kea(rival, { ...LONG, keys: { 'option-data': [dns, preference] } });
    site.dhcp6();
    await site.leased6(30_000);
    await capture.settle();
    t.same(site.prefixes(), ['2001:db8:4200::/56']);
    const [solicit] = capture.messages(MessageType.solicit);
    const [request] = capture.messages(MessageType.request);
    t.ok((request?.at ?? 0) - (solicit?.at ?? 0) >= 950, 'after the first RT');
    t.equal(capture.messages(MessageType.advertise).length, 2);
  },
);
