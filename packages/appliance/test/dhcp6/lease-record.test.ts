import type { ClientConfiguration } from '@router7/dhcp6';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { leaseRecord, rememberedLeases } from '../../src/dhcp6/lease-record.ts';
import { formatDhcp6Lease, parseDhcp6Lease } from '../../src/state/dhcp6-lease.ts';

const WALL = Date.UTC(2024, 4, 1, 10);
/** Monotonic time is 5 s when it is ten o'clock. */
const clock = { now: () => 5000, wall: () => WALL };
const never = Number.POSITIVE_INFINITY;

const configuration: ClientConfiguration = {
  serverIdentifier: Uint8Array.of(0, 3, 0, 1, 9),
  receivedAt: 4000,
  delegations: [
    {
      kind: 'prefix',
      iaid: 1,
      prefix: Ipv6Prefix.parse('2001:db8:1::/56'),
      excluded: Ipv6Prefix.parse('2001:db8:1:ff::/64'),
      renewAt: 1_204_000,
      rebindAt: 1_804_000,
      preferredUntil: 3_604_000,
      validUntil: never,
    },
  ],
  addresses: [
    {
      kind: 'address',
      iaid: 2,
      address: Ipv6Address.parse('2001:db8::5'),
      renewAt: 2_204_000,
      rebindAt: never,
      preferredUntil: 3_604_000,
      validUntil: 7_204_000,
    },
  ],
  dnsServers: [Ipv6Address.parse('2001:db8::53')],
  domainSearchList: ['example.net'],
  options: [
    { kind: 'ntpServer', value: [{ kind: 'address', address: Ipv6Address.parse('2001:db8::123') }] },
    { kind: 'ntpServer', value: [{ kind: 'name', name: 'ntp.example.net' }] },
    { kind: 'sntpServers', value: [Ipv6Address.parse('2001:db8::124')] },
  ],
};

t.test('D6C-04: router7’s three keys, and ours behind them', async (t) => {
  const text = formatDhcp6Lease(leaseRecord(configuration, clock));
  t.equal(
    text,
    '{"valid_until":"2024-05-01T10:19:59Z",' +
      '"prefixes":[{"IP":"2001:db8:1::","Mask":"/////////wAAAAAAAAAAAA=="}],"dns":["2001:db8::53"],' +
      '"received_at":"2024-05-01T09:59:59Z","server_duid":"0003000109","domain_search":["example.net"],' +
      '"ntp":["2001:db8::123","ntp.example.net"],' +
      '"delegations":[{"prefix":"2001:db8:1::/56","iaid":1,"t1":"2024-05-01T10:19:59Z","t2":"2024-05-01T10:29:59Z",' +
      '"preferred_until":"2024-05-01T10:59:59Z","valid_until":null,"excluded":"2001:db8:1:ff::/64"}],' +
      '"addresses":[{"address":"2001:db8::5","iaid":2,"t1":"2024-05-01T10:36:39Z","t2":null,' +
      '"preferred_until":"2024-05-01T10:59:59Z","valid_until":"2024-05-01T11:59:59Z"}]}',
  );
  t.same(parseDhcp6Lease(text).warnings, []);
});

t.test('D6C-04: a configuration without leases, or that never ends, is a file that can be read as well', async (t) => {
  const none = { ...configuration, serverIdentifier: undefined, delegations: [], addresses: [], options: [] };
  for (const parts of [
    none,
    { ...none, receivedAt: Number.NEGATIVE_INFINITY },
    {
      ...configuration,
      delegations: configuration.delegations.map((delegation) => ({
        ...delegation,
        renewAt: never,
        rebindAt: never,
        preferredUntil: never,
      })),
      addresses: [],
    },
  ]) {
    const record = leaseRecord(parts, clock);
    t.same(parseDhcp6Lease(formatDhcp6Lease(record)).warnings, []);
    t.ok(Date.parse(record.valid_until) > WALL, 'not over at once for who compares it with now');
  }
});

t.test('D6C-12: what was written is remembered, as times from now', async (t) => {
  const lease = leaseRecord(configuration, clock);
  const later = { now: () => 99, wall: () => WALL + 599_000 };
  t.match(rememberedLeases(lease, later), {
    serverIdentifier: Uint8Array.of(0, 3, 0, 1, 9),
    ageMs: 600_000,
    delegations: [
      {
        iaid: 1,
        renewInMs: 600_000,
        rebindInMs: 1_200_000,
        preferredForMs: 3_000_000,
        validForMs: never,
      },
    ],
    addresses: [{ iaid: 2, validForMs: 6_600_000 }],
    domainSearchList: ['example.net'],
  });
  const [delegation] = rememberedLeases(lease, later).delegations;
  t.equal(String(delegation?.prefix), '2001:db8:1::/56');
  t.equal(String(delegation?.excluded), '2001:db8:1:ff::/64');
});

t.test('D6C-12: a clock that stands before the lease counts from when it came', async (t) => {
  const early = { now: () => 0, wall: () => 0 };
  const { ageMs, delegations } = rememberedLeases(leaseRecord(configuration, clock), early);
  t.equal(ageMs, 0);
  t.equal(delegations[0]?.renewInMs, 1_200_000);
});

t.test('D6C-04: router7’s own file', async (t) => {
  const { value } = parseDhcp6Lease(
    '{"valid_until":"2018-05-18T23:46:04+02:00","prefixes":[{"IP":"2a02:168:4a00::","Mask":"////////AAAAAAAAAAAAAA=="}],"dns":["2001:1620:2777:1::10","2001:1620:2777:2::20"]}',
  );
  const remembered = rememberedLeases(value, clock);
  t.match(remembered, {
    serverIdentifier: undefined,
    delegations: [{ iaid: 1, preferredForMs: 1_800_000, validForMs: 7_200_000 }],
    addresses: [],
  });
  t.equal(String(remembered.delegations[0]?.prefix), '2a02:168:4a00::/48');
  t.same(remembered.dnsServers.map(String), ['2001:1620:2777:1::10', '2001:1620:2777:2::20']);
});
