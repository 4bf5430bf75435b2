import { Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { type LanPlan, planLans } from '../../src/lans/lan-plan.ts';
import type { Delegation } from '../../src/state/dhcp6-lease.ts';
import { type InterfaceConfig, parseInterfaces } from '../../src/state/interfaces.ts';
import { parseIpv6Config } from '../../src/state/ipv6-config.ts';
import { NO_SUBNETS, type Subnets } from '../../src/state/subnets.ts';

const LATER = Date.parse('2026-01-01T01:00:00Z');
const END = Date.parse('2026-01-01T02:00:00Z');

function delegation(prefix: string, more: Partial<Delegation> = {}): Delegation {
  return {
    prefix: Ipv6Prefix.parse(prefix),
    iaid: 1,
    excluded: undefined,
    preferredUntil: LATER,
    validUntil: END,
    isOpenEnded: false,
    ...more,
  };
}

interface Case {
  readonly lans?: readonly (string | InterfaceConfig)[];
  readonly delegations?: readonly (string | Delegation)[];
  readonly config?: object;
  readonly subnets?: Subnets;
}

function planned({ lans = ['lan0'], delegations = [], config = {}, subnets = NO_SUBNETS }: Case): LanPlan {
  const interfaces = ['uplink0', ...lans].map((entry) => (typeof entry === 'string' ? { name: entry } : entry));
  return planLans({
    interfaces: parseInterfaces(JSON.stringify({ interfaces })).value,
    config: parseIpv6Config(JSON.stringify(config)).value,
    subnets,
    delegations: delegations.map((entry) => (typeof entry === 'string' ? delegation(entry) : entry)),
  });
}

/** The prefixes by link, as texts. */
function told({ lans }: LanPlan): Record<string, string[]> {
  return Object.fromEntries(lans.map(({ lan, prefixes }) => [lan, prefixes.map(({ prefix }) => String(prefix))]));
}

const ids = ({ ids: { ids } }: LanPlan): Record<string, number> => Object.fromEntries(ids);
const kept = ({ ids: { kept } }: LanPlan): Subnets => ({ subnets: Object.fromEntries(kept) });

t.test("router7's one LAN: the first 64 bits, ::1, and the lease's own lifetimes", (t) => {
  const plan = planned({ delegations: ['2a02:168:4a00::/48'] });
  const [prefix] = plan.lans[0]?.prefixes ?? [];
  t.equal(String(prefix?.prefix), '2a02:168:4a00::/64');
  t.equal(String(prefix?.address), '2a02:168:4a00::1');
  t.same([prefix?.origin, prefix?.preferredUntil, prefix?.validUntil], ['delegated', LATER, END]);
  t.same(plan.remarks, []);
  t.end();
});

t.test('L-2: each link of the home has a prefix of its own, in the order of interfaces.json', (t) => {
  const plan = planned({ lans: ['guest0', 'lan0', 'iot0'], delegations: ['2001:db8:0:f0::/60'] });
  t.same(told(plan), {
    guest0: ['2001:db8:0:f1::/64'],
    lan0: ['2001:db8:0:f0::/64'],
    iot0: ['2001:db8:0:f2::/64'],
  });
  t.end();
});

t.test('not links of the home: uplink, ports of bridges, tunnels, ways to everywhere, and what ipv6.json says', (t) => {
  const interfaces = parseInterfaces(
    JSON.stringify({
      interfaces: [
        { name: 'uplink0' },
        { name: 'lan0' },
        { name: 'port0', hardware_addr: '02:00:00:00:00:05' },
        { name: 'wg0' },
        { name: 'vpn0', extra_routes: [{ destination: '::/0' }] },
        { name: 'modem0' },
      ],
      bridges: [{ name: 'lan0', interface_hardware_addrs: ['02:00:00:00:00:05'] }],
    }),
  ).value;
  const config = parseIpv6Config('{"interfaces":{"modem0":{"prefixes":false}}}').value;
  const plan = planLans({ interfaces, config, subnets: NO_SUBNETS, delegations: [] });
  t.same(
    plan.lans.map(({ lan }) => lan),
    ['lan0'],
  );
  t.end();
});

t.test('LPD-3: a link keeps its prefix when others come and go', (t) => {
  const delegations = ['2001:db8::/56'];
  let plan = planned({ lans: ['lan0', 'a0', 'b0', 'c0'], delegations });
  t.same(ids(plan), { lan0: 0, a0: 1, b0: 2, c0: 3 });
  plan = planned({ lans: ['new0', 'lan0', 'c0'], delegations, subnets: kept(plan) });
  t.same(ids(plan), { lan0: 0, c0: 3, new0: 4 }, 'not one that somebody has had');
  plan = planned({ lans: ['lan0', 'b0', 'new0', 'c0', 'a0'], delegations, subnets: kept(plan) });
  t.same(ids(plan), { lan0: 0, b0: 2, new0: 4, c0: 3, a0: 1 }, 'who comes back has the old one');
  plan = planned({ lans: ['lan0', 'x0', 'y0'], delegations: ['2001:db8::/62'], subnets: kept(plan) });
  t.same(ids(plan), { lan0: 0, x0: 1, y0: 2 }, 'a small prefix has no numbers to spare');
  t.end();
});

t.test('a number that ipv6.json says is stronger, and only one has it', (t) => {
  const config = { interfaces: { b0: { subnet: 0 }, a0: { subnet: 0 } } };
  const plan = planned({ lans: ['lan0', 'a0', 'b0'], config, subnets: { subnets: { lan0: 0, a0: 1, b0: 2 } } });
  t.same(ids(plan), { a0: 0, b0: 2, lan0: 3 });
  t.same(plan.remarks, ['subnet 0 is configured for a0 and b0: a0 gets it']);
  t.end();
});

t.test('WPD-3, LPD-1: when a prefix is too small the first links get of it, and it is said', (t) => {
  const plan = planned({ lans: ['lan0', 'a0', 'b0'], delegations: ['2001:db8::/63'] });
  t.same(told(plan), { lan0: ['2001:db8::/64'], a0: ['2001:db8:0:1::/64'], b0: [] });
  t.same(plan.remarks, ['delegated 2001:db8::/63: not enough for 3 networks, none of it for b0']);
  const tiny = planned({ delegations: ['2001:db8::/72'] });
  t.same(told(tiny), { lan0: [] });
  t.same(tiny.remarks, ['delegated 2001:db8::/72: expected 64 bits or fewer, no network can be made of it']);
  const moved = planned({
    lans: ['lan0', 'a0'],
    delegations: ['2001:db8::/63'],
    subnets: { subnets: { lan0: 7, a0: 9 } },
  });
  t.same(told(moved), { lan0: ['2001:db8:0:1::/64'], a0: ['2001:db8::/64'] }, 'a number beyond it is not in the way');
  t.end();
});

t.test('WPD-8: what PD_EXCLUDE keeps is neither a link nor for others', (t) => {
  const excluded = Ipv6Prefix.parse('2001:db8::/64');
  const one = planned({ lans: ['lan0', 'a0'], delegations: [delegation('2001:db8::/60', { excluded })] });
  t.same(told(one), { lan0: ['2001:db8:0:f::/64'], a0: ['2001:db8:0:1::/64'] });
  t.notOk(one.rest.some(({ prefix }) => prefix.contains(excluded.address)));
  const half = planned({ delegations: [delegation('2001:db8::/60', { excluded: Ipv6Prefix.parse('2001:db8::/61') })] });
  t.same(told(half), { lan0: ['2001:db8:0:f::/64'] });
  const whole = planned({
    delegations: [delegation('2001:db8::/64', { excluded: Ipv6Prefix.parse('2001:db8::/80') })],
  });
  t.same(told(whole), { lan0: [] });
  t.end();
});

t.test('D6C-15: of several prefixes of 64 bits each link has one, and keeps it when another is gone', (t) => {
  const lans = ['lan0', 'a0', 'b0'];
  const all = [3, 1, 2].map((iaid) => delegation(`2001:db8:${iaid}::/64`, { iaid }));
  t.same(told(planned({ lans, delegations: all })), {
    lan0: ['2001:db8:1::/64'],
    a0: ['2001:db8:2::/64'],
    b0: ['2001:db8:3::/64'],
  });
  const without = all.filter(({ iaid }) => iaid !== 2);
  t.same(told(planned({ lans, delegations: without })), {
    lan0: ['2001:db8:1::/64'],
    a0: [],
    b0: ['2001:db8:3::/64'],
  });
  const others = [7, 8].map((iaid) => delegation(`2001:db8:${iaid}::/64`, { iaid }));
  t.same(told(planned({ lans, delegations: others })), { lan0: ['2001:db8:7::/64'], a0: ['2001:db8:8::/64'], b0: [] });
  t.end();
});

t.test('while a provider renumbers, each link has the old prefix and the new one', (t) => {
  const old = delegation('2001:db8:1::/64', { iaid: 2, preferredUntil: 0 });
  const all = [delegation('2001:db8:2::/64'), old, delegation('2001:db8:3::/64', { iaid: 2 })];
  t.same(told(planned({ lans: ['lan0', 'a0'], delegations: all })), {
    lan0: ['2001:db8:2::/64'],
    a0: ['2001:db8:1::/64', '2001:db8:3::/64'],
  });
  t.end();
});

t.test('of delegations that overlap, what they have in common is one link’s, with the lifetimes that last', (t) => {
  const old = delegation('2001:db8::/60', { preferredUntil: 0, validUntil: LATER });
  for (const delegations of [
    [old, delegation('2001:db8::/56')],
    [delegation('2001:db8::/56'), old],
  ]) {
    const plan = planned({ lans: ['lan0', 'a0'], delegations });
    t.same(told(plan), { lan0: ['2001:db8::/64'], a0: ['2001:db8:0:1::/64'] });
    t.same(
      plan.lans.flatMap(({ prefixes }) => prefixes.map(({ preferredUntil }) => preferredUntil)),
      [LATER, LATER],
    );
  }
  const shifted = planned({ lans: ['lan0', 'a0'], delegations: ['2001:db8::/60', '2001:db8:0:1::/64'] });
  t.same(told(shifted), { lan0: ['2001:db8::/64'], a0: ['2001:db8:0:1::/64'] }, 'not of two links');
  t.end();
});

t.test('ULA-3: the unique local prefix is made, given or absent, and each link has a part of it', (t) => {
  const subnets = { subnets: { lan0: 0, a0: 5 }, ula: 'fd12:3456:789a::/48' };
  const lans = ['lan0', 'a0'];
  t.same(told(planned({ lans, subnets })), { lan0: ['fd12:3456:789a::/64'], a0: ['fd12:3456:789a:5::/64'] });
  t.same(told(planned({ lans, subnets, config: { ula: 'off' } })), { lan0: [], a0: [] });
  t.same(told(planned({ lans, subnets, config: { ula: 'fd00:1:2::/48' } })), {
    lan0: ['fd00:1:2::/64'],
    a0: ['fd00:1:2:5::/64'],
  });
  t.same(told(planned({ lans })), { lan0: [], a0: [] }, 'nobody has made one yet');
  t.end();
});

t.test('what interfaces.json has given away is no other link to be had, and is a prefix of its own link', (t) => {
  const lan0 = { name: 'lan0', extra_routes: [{ destination: '2001:db8:0:1::/64', gateway: 'fe80::1' }] };
  const a0 = {
    name: 'a0',
    addr: '10.0.0.1/24',
    extra_addrs: ['2001:db8:ffff::5/64', 'fe80::1/64', '2001:db8:0:2::1/64'],
  };
  const plan = planned({ lans: [lan0, a0, 'b0'], delegations: ['2001:db8::/61'] });
  t.same(told(plan), {
    lan0: ['2001:db8::/64'],
    a0: ['2001:db8:0:7::/64', '2001:db8:ffff::/64', '2001:db8:0:2::/64'],
    b0: ['2001:db8:0:6::/64'],
  });
  const [, fixed] = plan.lans[1]?.prefixes ?? [];
  t.same([String(fixed?.address), fixed?.origin, fixed?.validUntil], ['2001:db8:ffff::5', 'static', Infinity]);
  t.same(
    plan.rest.map(({ prefix }) => String(prefix)),
    ['2001:db8:0:3::/64', '2001:db8:0:4::/63'],
  );
  t.end();
});

t.test('LPD-4: the rest is all that no link has, in blocks as large as can be', (t) => {
  const plan = planned({ lans: ['lan0', 'a0'], delegations: ['2001:db8::/60'] });
  t.same(
    plan.rest.map(({ prefix, validUntil }) => [String(prefix), validUntil]),
    [
      ['2001:db8:0:2::/63', END],
      ['2001:db8:0:4::/62', END],
      ['2001:db8:0:8::/61', END],
    ],
  );
  t.end();
});
