import type { Option } from '@router7/dhcp6';
import { fromHex, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { serverSettings } from '../../src/dhcp6/server-settings.ts';
import { planLans } from '../../src/lans/lan-plan.ts';
import type { Delegation, Dhcp6Lease } from '../../src/state/dhcp6-lease.ts';
import { parseDhcp6dConfig } from '../../src/state/dhcp6d-config.ts';
import { parseInterfaces } from '../../src/state/interfaces.ts';
import { DEFAULT_IPV6_CONFIG } from '../../src/state/ipv6-config.ts';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const DUID = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 1);

const { value: interfaces } = parseInterfaces(
  JSON.stringify({
    interfaces: [
      { name: 'uplink0' },
      { name: 'lan0', addr: '192.168.42.1/24' },
      { name: 'guest', addr: '192.168.43.1/24' },
    ],
  }),
);

function delegation(prefix: string, over: Partial<Delegation> = {}): Delegation {
  return {
    prefix: Ipv6Prefix.parse(prefix),
    iaid: 1,
    excluded: undefined,
    preferredUntil: NOW + 3_600_000,
    validUntil: NOW + 7_200_000,
    isOpenEnded: false,
    ...over,
  };
}

const warned: string[] = [];

function settings(
  config: object = {},
  delegations: readonly Delegation[] = [delegation('2001:db8:7::/56')],
  ula?: string,
  links: ReturnType<typeof parseInterfaces>['value'] = interfaces,
) {
  const subnets = { subnets: {}, ...(ula === undefined ? {} : { ula }) };
  return serverSettings({
    duid: DUID,
    plan: planLans({ interfaces: links, config: DEFAULT_IPV6_CONFIG, subnets, delegations }),
    ipv6: DEFAULT_IPV6_CONFIG,
    config: parseDhcp6dConfig(JSON.stringify(config)).value,
    lease: { valid_until: '', prefixes: [], dns: [], ntp: ['ntp.example', '2001:db8::123', 'ff05::101'] } as Dhcp6Lease,
    offset: NOW - 1000,
    warn: (line) => warned.push(line),
  });
}

const textOf = (options: readonly Option[] = [], kind: Option['kind']): string => {
  const option = options.find((each) => each.kind === kind);
  return option !== undefined && 'value' in option ? String(option.value) : '';
};

t.test('L-8, L-9: every link of the home is served, stateless by default, with its prefixes', async (t) => {
  const { links, delegations, preferredLifetimeSeconds, validLifetimeSeconds } = settings();
  t.strictSame(
    links.map(({ name, addresses, delegates }) => [name, addresses, delegates]),
    [
      ['lan0', false, true],
      ['guest', false, true],
    ],
  );
  t.strictSame(
    links.map(({ prefixes }) => prefixes.map(({ prefix }) => prefix.toString())),
    [['2001:db8:7::/64'], ['2001:db8:7:1::/64']],
  );
  t.strictSame([preferredLifetimeSeconds, validLifetimeSeconds], [2700, 5400], 'L-16');
  t.equal(links[0]?.prefixes[0]?.validUntil, 1000 + 7_200_000, 'in monotonic milliseconds (L-15)');
  t.equal(delegations[0]?.preferredUntil, 1000 + 3_600_000);
});

t.test('LPD-2, LPD-4: what links have, and what the provider excludes, is not delegated', async (t) => {
  const excluded = Ipv6Prefix.parse('2001:db8:7:ff::/64');
  const { delegations } = settings({}, [delegation('2001:db8:7::/56', { excluded })]);
  t.strictSame(
    delegations.map(({ prefix, taken }) => [prefix.toString(), ...taken.map(String)]),
    [['2001:db8:7::/56', '2001:db8:7::/63', '2001:db8:7:ff::/64']],
  );
});

t.test(
  'LPD-8: the unique local prefix comes behind the delegated ones, and its address is the name server',
  async (t) => {
    const { links, delegations } = settings({}, undefined, 'fd12:3456:789a::/48');
    t.strictSame(
      delegations.map(({ prefix }) => prefix.toString()),
      ['2001:db8:7::/56', 'fd12:3456:789a::/48'],
    );
    t.strictSame(
      links[0]?.prefixes.map(({ prefix }) => prefix.toString()),
      ['2001:db8:7::/64', 'fd12:3456:789a::/64'],
    );
    t.equal(textOf(links[0]?.options, 'dnsServers'), 'fd12:3456:789a::1');
  },
);

t.test('D6S-01, L-10, L-12: DNS, search, time servers, refresh time', async (t) => {
  const [lan0, guest] = settings({
    interfaces: { guest: { dns: ['2001:db8::53'], search: [], ntp: [], options: { '144': 'ABCD' } } },
  }).links;
  t.equal(textOf(lan0?.options, 'dnsServers'), '2001:db8:7::1', 'this router');
  t.equal(textOf(lan0?.options, 'domainSearchList'), 'lan');
  t.equal(textOf(lan0?.options, 'sntpServers'), '2001:db8::123', 'as the provider has told');
  t.equal(textOf(lan0?.options, 'informationRefreshTime'), '2700');
  t.equal(textOf(guest?.options, 'dnsServers'), '2001:db8::53');
  t.equal(textOf(guest?.options, 'sntpServers'), '');
  t.strictSame(guest?.options.at(-1), { kind: 'raw', code: 144, data: fromHex('abcd') });
});

t.test('D6S-02: addresses, range and reservations as configured', async (t) => {
  const [lan0] = settings({
    interfaces: {
      lan0: {
        addresses: true,
        first: '::100',
        last: '::1ff',
        reservations: [
          { duid: '00030001AABB', addr: '::42' },
          { duid: '00030001aabb%1f', addr: '::43' },
          { duid: 'no', addr: '::44' },
          { duid: '00030001aacc', addr: '2001:db8::1' },
        ],
      },
    },
  }).links;
  t.match(lan0, { addresses: true, firstHost: 0x100, lastHost: 0x1ff, kept: [1] });
  t.strictSame(lan0?.reservations, [
    { duid: fromHex('00030001aabb'), host: 0x42 },
    { duid: fromHex('00030001aabb'), iaid: 0x1f, host: 0x43 },
  ]);
});

t.test('a lease that tells no end is told with the longest lifetimes', async (t) => {
  const { links, delegations } = settings({}, [delegation('2001:db8:7::/56', { isOpenEnded: true })]);
  t.equal(links[0]?.prefixes[0]?.validUntil, Infinity);
  t.equal(delegations[0]?.preferredUntil, Infinity);
});

t.test("D6S-02: a reservation of the router's own address, or one that is there twice, is passed over", async (t) => {
  warned.length = 0;
  const { value: having5 } = parseInterfaces(
    JSON.stringify({ interfaces: [{ name: 'lan0', addr: '192.168.42.1/24', extra_addrs: ['2001:db8:9::5/64'] }] }),
  );
  const config = {
    interfaces: {
      lan0: {
        addresses: true,
        reservations: [
          { duid: '000301020000000002', addr: '::5' },
          { duid: '000301020000000003', addr: '::42' },
          { duid: '000301020000000004', addr: '::42' },
          { duid: '000301020000000003%1', addr: '::43' },
          { duid: '000301020000000003', addr: '::44' },
          { duid: '000301020000000005', addr: '::1234' },
        ],
      },
    },
    leases_per_neighbour: 20,
  };
  const { links, leasesPerNeighbour } = settings(config, undefined, undefined, having5);
  const [lan0] = links;
  t.strictSame(
    [lan0?.addresses, ...(lan0?.reservations ?? []).map(({ host }) => host)],
    [true, 0x42, 0x43, 0x1234],
    'all others stay',
  );
  t.equal(leasesPerNeighbour, 20);
  t.match(warned, [/reservation of ::5 for 000301020000000002 not used/, /000301020000000004/, /::44/]);
  t.equal(warned.length, 3, 'a line each');
});
