import { Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import {
  assignedAddressesOf,
  COMPAT_LIFETIMES,
  type Dhcp6Lease,
  delegationsOf,
  formatDhcp6Lease,
  goPrefix,
  parseDhcp6Lease,
  readGoPrefix,
} from '../../src/state/dhcp6-lease.ts';

/** What router7 writes. */
const GOLDEN =
  '{"valid_until":"2018-05-18T23:46:04+02:00","prefixes":[{"IP":"2a02:168:4a00::","Mask":"////////AAAAAAAAAAAAAA=="}],"dns":["2001:1620:2777:1::10","2001:1620:2777:2::20"]}';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const T1 = '2026-01-01T00:30:00Z';
const T2 = '2026-01-01T00:48:00Z';
const END = '2026-01-01T01:00:00Z';

const LEASE: Dhcp6Lease = {
  valid_until: T1,
  prefixes: [goPrefix(Ipv6Prefix.parse('2001:db8:1::/56'))],
  dns: [],
  received_at: '2026-01-01T00:00:00Z',
  server_duid: '000a000300014c5e0c41bf39',
  domain_search: ['example.net'],
  ntp: ['2001:db8::7b'],
  delegations: [
    {
      prefix: '2001:db8:1::/56',
      iaid: 1,
      t1: T1,
      t2: T2,
      preferred_until: END,
      valid_until: null,
      excluded: '2001:db8:1:ff::/64',
    },
  ],
  addresses: [{ address: '2001:db8::5', iaid: 1, t1: T1, t2: T2, preferred_until: END, valid_until: END }],
};

t.test("D6C-04: router7's file is read, its prefixes with its lifetimes from the moment of reading", (t) => {
  const { value, warnings } = parseDhcp6Lease(GOLDEN);
  t.same(warnings, []);
  const [delegation] = delegationsOf(value, NOW);
  t.equal(String(delegation?.prefix), '2a02:168:4a00::/48');
  t.equal(delegation?.preferredUntil, NOW + COMPAT_LIFETIMES.preferredSeconds * 1000);
  t.equal(delegation?.validUntil, NOW + 7_200_000);
  t.ok(delegation?.isOpenEnded);
  t.equal(formatDhcp6Lease(value), GOLDEN);
  t.end();
});

t.test('D6C-04: the superset is written and read back whole, with the keys of router7 first', (t) => {
  const text = formatDhcp6Lease(LEASE);
  t.match(
    text,
    /^\{"valid_until":"2026-01-01T00:30:00Z","prefixes":\[\{"IP":"2001:db8:1::","Mask":"[^"]+"\}\],"dns":\[\]/,
  );
  t.notMatch(text, /\n/);
  t.same(parseDhcp6Lease(text).value, LEASE);
  const [delegation] = delegationsOf(LEASE, NOW);
  t.equal(String(delegation?.excluded), '2001:db8:1:ff::/64');
  t.equal(delegation?.preferredUntil, Date.parse(END));
  t.equal(delegation?.validUntil, Number.POSITIVE_INFINITY, 'null: it has no end');
  t.end();
});

t.test('D6C-04: addresses with their ends', (t) => {
  t.match(
    assignedAddressesOf(LEASE, NOW).map(({ address, validUntil }) => [String(address), validUntil]),
    [['2001:db8::5', Date.parse(END)]],
  );
  t.same(assignedAddressesOf(LEASE, Date.parse(END)), []);
  t.same(assignedAddressesOf(parseDhcp6Lease(GOLDEN).value, NOW), []);
  t.end();
});

t.test('what has ended is not used, and what cannot be read costs only itself', (t) => {
  const past = { ...LEASE, delegations: [{ ...LEASE.delegations?.[0], valid_until: END }] };
  const { value } = parseDhcp6Lease(JSON.stringify(past));
  t.equal(delegationsOf(value, Date.parse(END) - 1).length, 1);
  t.equal(delegationsOf(value, Date.parse(END)).length, 0);
  const broken = { ...LEASE, delegations: [{ prefix: 'no' }, ...(LEASE.delegations ?? [])] };
  const parsed = parseDhcp6Lease(JSON.stringify(broken), 'l.json');
  t.equal(parsed.value.delegations?.length, 1);
  t.ok(parsed.damaged);
  t.equal(parsed.warnings[0]?.startsWith('l.json: delegations[0].'), true);
  t.end();
});

t.test("prefixes in Go's form", (t) => {
  for (const text of ['2001:db8::/32', '2001:db8:1::/56', '2001:db8:1:2::/64', '2001:db8::5/128', '::/0']) {
    t.equal(String(readGoPrefix(goPrefix(Ipv6Prefix.parse(text)))), text);
  }
  t.same(goPrefix(Ipv6Prefix.parse('2001:db8:1:2::1/64')), { IP: '2001:db8:1:2::', Mask: '//////////8AAAAAAAAAAA==' });
  t.end();
});
