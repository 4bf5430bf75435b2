import { accept, type ChainDefinition, type RuleDefinition, rule } from '@router7/nft';
import { dropped } from './counters.ts';
import { forbiddenSources } from './forbidden.ts';
import { byDefault, decidedBy } from './provenance.ts';
import { networksBehind, type Situation, zonesOf } from './situation.ts';

/*
 * Where packets come from (BCP 38, RFC 2827 and RFC 3704): nothing comes in from outside with a source of ours or of
 * nobody, and nothing leaves with a source that is not ours. Sources of nobody are looked for before connection tracking;
 * the way back, which costs a look into the routing tables, behind it and mostly for the first packets of a flow.
 */

/** Before connection tracking (-200), behind the assembly of fragments (-400). */
const RAW = -300;
/** Behind connection tracking, which forgets what is dropped here; before any translation (-100). */
const BEHIND_TRACKING = -190;
/** Behind the translation of sources (100). */
const BEHIND_SOURCE_NAT = 110;
const IPV4 = { 'meta.nfproto': 'ipv4' } as const;

/** Checks each packet that arrives for a source that nobody has. */
export function arrivals(situation: Situation): ChainDefinition {
  const { outside } = zonesOf(situation);
  const rules = [...beforeAddresses(situation)];
  for (const [field, prefixes] of Object.entries(forbiddenSources(situation))) {
    if (prefixes.length === 0) continue;
    rules.push(
      rule({ iifname: outside, [field]: prefixes }, ...dropped('martian'), byDefault('nobody has this source')),
    );
  }
  return { type: 'filter', hook: 'prerouting', priority: RAW, policy: 'accept', rules };
}

/** Checks that the way back to a packet's source is the one that it came by. */
export function waysBack(situation: Situation): Readonly<Record<string, ChainDefinition>> {
  if (situation.config.reverse_path === 'off') return {};
  const rules = [...checkedFlows(situation), ...beforeAddresses(situation), ...reversePath(situation)];
  return { 'ways-back': { type: 'filter', hook: 'prerouting', priority: BEHIND_TRACKING, policy: 'accept', rules } };
}

/**
 * Packets of flows that were opened from home, each by the side that it belongs to: the first ones were checked, and their
 * addresses are these. With several interfaces on a side that would not tell which of them is the right one.
 *
 * A flow within the home, or with this host, is answered from home: an answer from there that comes from outside is
 * spoofed. The networks of IPv6 are not in the configuration, so all of it is looked up.
 */
function checkedFlows(situation: Situation): readonly RuleDefinition[] {
  const { outside, home } = zonesOf(situation);
  if (home.length !== 1 || outside.length !== 1) return [];
  const why = byDefault('checked when the flow began');
  const flow = { 'ct.state': 'established' } as const;
  const opened = rule({ iifname: home, ...flow, 'ct.direction': 'original' }, accept(), why);
  const inside = networksBehind(situation.interfaces, home).map(({ network, length }) => `${network}/${length}`);
  if (inside.length === 0) return [opened];
  const answer = { iifname: outside, 'ip.saddr': { not: inside }, ...flow, 'ct.direction': 'reply' } as const;
  return [rule(answer, accept(), why), opened];
}

/** What is not asked where it comes from: who has no IPv4 address yet may have one of another network, or none. */
function beforeAddresses(situation: Situation): readonly RuleDefinition[] {
  const { outside, home } = zonesOf(situation);
  const why = byDefault('DHCP, from whatever address');
  const rules = [rule({ iifname: 'lo' }, accept(), byDefault('this host itself'))];
  if (home.length > 0) rules.push(rule({ iifname: home, ...IPV4, 'udp.dport': 67 }, accept(), why));
  // The server may answer before there is a route.
  rules.push(rule({ iifname: outside, ...IPV4, 'udp.sport': 67, 'udp.dport': 68 }, accept(), why));
  return rules;
}

function reversePath({ config }: Situation): readonly RuleDefinition[] {
  switch (config.reverse_path) {
    case 'off':
      return [];
    case 'loose':
      return [
        rule({ 'fib.saddr.oif': 'missing' }, ...dropped('spoofed'), decidedBy('reverse_path', 'no way back at all')),
      ];
    case 'strict':
      return [
        rule(
          { 'fib.saddr.iif.oif': 'missing' },
          ...dropped('spoofed'),
          byDefault('the way back to the source is another one'),
        ),
      ];
  }
}

/** Checks what leaves: translated by now, IPv4 has an address of this host. */
export function departures(situation: Situation): ChainDefinition {
  const { outside } = zonesOf(situation);
  return {
    type: 'filter',
    hook: 'postrouting',
    priority: BEHIND_SOURCE_NAT,
    policy: 'accept',
    rules: [
      rule({ 'ct.status': 'snat' }, accept(), byDefault('translated to an address of ours')),
      rule(
        {
          oifname: outside,
          'meta.nfproto': 'ipv4',
          'fib.saddr.type': { not: 'local' },
          'ip.saddr': { not: '0.0.0.0' },
        },
        ...dropped('egress'),
        byDefault('not our address'),
      ),
      // RFC 4193 section 4.3; RFC 6092 REC-7.
      rule({ oifname: outside, 'ip6.saddr': 'fc00::/7' }, ...dropped('egress'), byDefault('a unique local address')),
    ],
  };
}
