import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { planLans } from '../../src/lans/lan-plan.ts';
import { after } from '../../src/netconfig/after.ts';
import { describeOperation, linkNames } from '../../src/netconfig/describe.ts';
import { freshLink } from '../../src/netconfig/fresh-link.ts';
import { AddressProtocol, type KernelState } from '../../src/netconfig/kernel-state.ts';
import { plan } from '../../src/netconfig/plan.ts';
import { NOTHING_WANTED, type Wanted } from '../../src/netconfig/wanted.ts';
import { type Dhcp6Delegation, delegationsOf } from '../../src/state/dhcp6-lease.ts';
import { parseInterfaces } from '../../src/state/interfaces.ts';
import { parseIpv6Config } from '../../src/state/ipv6-config.ts';
import type { Link } from '../../src/system/rtnetlink.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

interface Case {
  readonly lans?: readonly string[];
  readonly delegations?: readonly { prefix: string; preferred?: number; valid?: number }[];
  readonly ula?: string;
  /** Seconds since {@link NOW}. */
  readonly at?: number;
  readonly known?: boolean;
  /** As router7 tells it. */
  readonly openEnded?: boolean;
}

function wanted({ lans = ['lan0'], delegations = [], ula, at = 0, known = true, openEnded }: Case): Wanted {
  const interfaces = parseInterfaces(
    JSON.stringify({ interfaces: ['uplink0', ...lans].map((name) => ({ name })) }),
  ).value;
  const time = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();
  const binding = { iaid: 1, t1: null, t2: null };
  const lease = {
    ...{ valid_until: time(0), prefixes: [], dns: [] },
    delegations: delegations.map(
      ({ prefix, preferred = 1800, valid = 3600 }): Dhcp6Delegation => ({
        ...binding,
        prefix,
        preferred_until: time(preferred),
        valid_until: time(valid),
      }),
    ),
  };
  const plan = planLans({
    interfaces,
    config: parseIpv6Config('{}').value,
    subnets: { subnets: {}, ...(ula !== undefined && { ula }) },
    delegations: delegationsOf(lease, NOW + at * 1000).map((delegation) => ({
      ...delegation,
      isOpenEnded: openEnded ?? false,
    })),
  });
  const rest = { complete: true, lease: undefined, delegationsKnown: known, wallSeconds: NOW / 1000 + at };
  return { ...NOTHING_WANTED, ...rest, interfaces, lans: plan };
}

function link(index: number, name: string): Link {
  return freshLink(index, name, { loopback: name === 'lo', up: true, carrier: true, operState: 'up' });
}

const LINKS = [link(1, 'lo'), link(2, 'uplink0'), link(3, 'lan0'), link(4, 'guest0')];
const EMPTY: KernelState = {
  ...{ links: LINKS, addresses: [], routes: [] },
  ...{ fec: new Map(), wireguard: new Map(), unread: [] },
};

/** What is done, and what the kernel has then. */
function run(want: Wanted, state: KernelState): readonly [lines: readonly string[], state: KernelState] {
  const { operations } = plan(want, state);
  const lines = operations.flatMap((operation) => describeOperation(operation, linkNames(state)));
  return [lines, operations.reduce(after, state)];
}

/** The same state some time later, as the kernel counts. */
function later(state: KernelState, seconds: number): KernelState {
  const left = (lifetime: number | undefined): number => Math.max(0, (lifetime ?? Number.POSITIVE_INFINITY) - seconds);
  return {
    ...state,
    addresses: state.addresses.map((address) => ({
      ...address,
      preferredLifetimeSeconds: left(address.preferredLifetimeSeconds),
      validLifetimeSeconds: left(address.validLifetimeSeconds),
    })),
  };
}

t.test("NC-06: ::1 of each link's subnet with the lease's lifetimes, and WPD-5: the rest is unreachable", (t) => {
  const delegations = [{ prefix: '2001:db8:1::/56' }];
  const [lines, state] = run(wanted({ lans: ['lan0', 'guest0'], delegations }), EMPTY);
  t.same(lines, [
    '+ address 2001:db8:1::1/64 dev lan0 (delegated) valid 3600 s, preferred 1800 s',
    '+ address 2001:db8:1:1::1/64 dev guest0 (delegated) valid 3600 s, preferred 1800 s',
    '+ unreachable route 2001:db8:1::/56 dev lo proto delegated metric 4294967295',
  ]);
  t.same(run(wanted({ lans: ['lan0', 'guest0'], delegations }), state)[0], [], 'nothing is done twice');
  const half = wanted({ lans: ['lan0', 'guest0'], delegations, at: 900 });
  t.same(run(half, later(state, 905))[0], [], 'nor while the lifetimes run down, by a clock that is not quite right');
  t.same(run(half, later(state, 920))[0].length, 2, 'but when they do not fit');
  t.end();
});

t.test('lifetimes that the provider changes are changed, and what is deprecated is so at once', (t) => {
  const [, state] = run(wanted({ delegations: [{ prefix: '2001:db8:1::/56' }] }), EMPTY);
  const deprecated = wanted({ delegations: [{ prefix: '2001:db8:1::/56', preferred: 0, valid: 3600 }] });
  t.same(run(deprecated, state)[0], ['+ address 2001:db8:1::1/64 dev lan0 (delegated) valid 3600 s, preferred 0 s']);
  const almost = wanted({ delegations: [{ prefix: '2001:db8:1::/56', preferred: 0, valid: 1805 }] });
  t.equal(run(almost, later(state, 1795))[0].length, 1, 'also five seconds before it would have been');
  t.end();
});

t.test("router7's lease tells no lifetimes: the address stays as long as the lease does", (t) => {
  const want = wanted({ delegations: [{ prefix: '2a02:168:4a00::/48' }], openEnded: true });
  const [lines, state] = run(want, EMPTY);
  t.equal(lines[0], '+ address 2a02:168:4a00::1/64 dev lan0 (delegated)');
  t.same(run(want, state)[0], []);
  t.same(run(want, later(state, 100_000))[0], []);
  t.end();
});

t.test(
  'NC-06: the address of the prefix before goes at once, and for its hosts there is a way that ends (L-14)',
  (t) => {
    const [, state] = run(wanted({ delegations: [{ prefix: '2001:db8:1::/56' }] }), EMPTY);
    const next = wanted({ delegations: [{ prefix: '2001:db8:2::/56' }] });
    const linkRoute = {
      ...{ link: 3, destination: Ipv6Prefix.parse('2001:db8:1::/64'), gateway: undefined, protocol: 2, metric: 256 },
      ...{ onLink: false, preferredSource: undefined },
    };
    const present = later({ ...state, routes: [...state.routes, linkRoute] }, 600);
    const [lines, changed] = run(next, present);
    t.same(lines, [
      '+ address 2001:db8:2::1/64 dev lan0 (delegated) valid 3600 s, preferred 1800 s',
      '+ route 2001:db8:1::/64 dev lan0 proto stale metric 2147483647',
      '- route 2001:db8:1::/64 dev lan0 proto kernel metric 256',
      '- address 2001:db8:1::1/64 dev lan0 (delegated) valid 3000 s, preferred 1200 s',
      '+ unreachable route 2001:db8:2::/56 dev lo proto delegated metric 4294967295',
      '- unreachable route 2001:db8:1::/56 dev lo proto delegated metric 4294967295',
    ]);
    t.equal(changed.routes.find(({ protocol }) => protocol === 118)?.expiresSeconds, 3000);
    t.same(run(next, changed)[0], []);
    const [back] = run(wanted({ delegations: [{ prefix: '2001:db8:1::/56' }] }), changed);
    t.ok(back.includes('- route 2001:db8:1::/64 dev lan0 proto stale metric 2147483647'), 'not when it comes back');
    t.end();
  },
);

t.test('L-14: of prefixes that come and go without end, the ways to the last ones stay', (t) => {
  const stale = Array.from({ length: 200 }, (_, second) => ({
    ...{ link: 3, gateway: undefined, protocol: 118, metric: 0x7fff_ffff, onLink: false, preferredSource: undefined },
    destination: Ipv6Prefix.parse(`2001:db8:${(0x100 + second).toString(16)}::/64`),
    expiresSeconds: 1000 + second,
  }));
  const [, { routes }] = run(wanted({ delegations: [{ prefix: '2001:db8:1::/56' }] }), { ...EMPTY, routes: stale });
  const ends = routes.filter(({ protocol }) => protocol === 118).map(({ expiresSeconds = 0 }) => expiresSeconds);
  t.same([ends.length, Math.min(...ends)], [128, 1072]);
  t.end();
});

t.test('NC-06: a lease that cannot be read removes nothing, an absent or ended one everything', (t) => {
  const [, state] = run(wanted({ delegations: [{ prefix: '2001:db8:1::/56' }] }), EMPTY);
  t.same(run(wanted({ known: false }), state)[0], []);
  t.equal(run(wanted({}), state)[0].filter((line) => line.startsWith('-')).length, 2);
  const ended = wanted({ delegations: [{ prefix: '2001:db8:1::/56' }], at: 3600 });
  t.equal(run(ended, state)[0].filter((line) => line.startsWith('-')).length, 2);
  t.end();
});

t.test('ULA-1: the unique local prefix has an address on each link, for ever, and no way out', (t) => {
  const want = wanted({ lans: ['lan0', 'guest0'], ula: 'fd12:3456:789a::/48', known: false });
  const [lines, state] = run(want, EMPTY);
  t.same(lines, [
    '+ address fd12:3456:789a::1/64 dev lan0 (local)',
    '+ address fd12:3456:789a:1::1/64 dev guest0 (local)',
    '+ unreachable route fd12:3456:789a::/48 dev lo proto local metric 4294967295',
  ]);
  t.same(run(want, state)[0], []);
  t.equal(run(wanted({ lans: ['lan0', 'guest0'] }), state)[0].filter((line) => line.startsWith('-')).length, 3);
  t.end();
});

t.test('WAA-3, WAA-4: an address that DHCPv6 has brought is on the uplink alone, for as long as it is leased', (t) => {
  const own = Ipv6Address.parse('2001:db8:100::5');
  const want: Wanted = {
    ...wanted({ delegations: [{ prefix: '2001:db8:1::/56' }] }),
    assigned: [{ address: own, preferredUntil: NOW + 600_000, validUntil: NOW + 900_000 }],
  };
  const [lines, added] = run(want, EMPTY);
  t.equal(lines[0], '+ address 2001:db8:100::5/128 dev uplink0 (assigned)');
  const found = (what: object): KernelState => ({
    ...added,
    addresses: added.addresses.map((there) => (there.link === 2 ? { ...there, ...what } : there)),
  });
  t.same(run(want, found({ tentative: true }))[0], [], 'no end before it is known to be nobody else’s');
  t.same(run(want, found({ duplicate: true }))[0], [], 'and dhcp6 sees that it is somebody else’s');
  const [ends, state] = run(want, added);
  t.same(ends, ['+ address 2001:db8:100::5/128 dev uplink0 (assigned) valid 900 s, preferred 600 s']);
  t.same(run(want, state)[0], []);
  t.same(run({ ...want, assigned: [], delegationsKnown: false }, state)[0], [], 'kept while the lease cannot be read');
  t.same(run({ ...want, assigned: [] }, state)[0], [
    '- address 2001:db8:100::5/128 dev uplink0 (assigned) valid 900 s, preferred 600 s',
  ]);
  t.end();
});

t.test('addresses and routes of others stay: of a router of the home that dhcp6d has delegated to, too', (t) => {
  const prefix = Ipv6Prefix.parse('2001:db8:9::1/64');
  const foreign = { link: 3, prefix, protocol: 0 };
  const route = {
    ...{ link: 3, destination: Ipv6Prefix.parse('2001:db8:1:f0::/60'), gateway: prefix.address },
    ...{ protocol: 117, onLink: false, preferredSource: undefined, metric: 1024 },
  };
  const state = { ...EMPTY, addresses: [foreign], routes: [route] };
  t.same(run(wanted({}), state)[0], []);
  t.end();
});

t.test('an address that a link keeps when the prefix is divided anew is not touched', (t) => {
  const delegations = [{ prefix: '2001:db8:1::/56' }];
  const [, state] = run(wanted({ delegations }), EMPTY);
  const [lines] = run(wanted({ lans: ['lan0', 'guest0'], delegations }), state);
  t.equal(lines.length, 1);
  t.match(lines[0], /guest0/);
  t.equal(state.addresses[0]?.protocol, AddressProtocol.delegated);
  t.end();
});
