import { accept, type ChainDefinition, goTo, jump, type Match, type RuleDefinition, rule } from '@router7/nft';
import { dropped } from './counters.ts';
import { forbiddenSources } from './forbidden.ts';
import { byDefault, decidedBy } from './provenance.ts';
import { networksBehind, type Situation, zonesOf } from './situation.ts';

/*
 * Where packets come from (BCP 38, RFC 2827 and RFC 3704): nothing comes in from outside with a source of ours or of
 * nobody, and nothing leaves with a source that is not ours. All of it is looked at in one chain behind connection
 * tracking, which forgets the flow of a packet that is dropped there: each chain at a hook costs all packets something,
 * and the way back, which costs a look into the routing tables, is asked mostly for the first packets of a flow.
 */

/** Behind connection tracking (-200); before any translation (-100). */
const BEHIND_TRACKING = -190;
/** Behind the translation of sources (100). */
const BEHIND_SOURCE_NAT = 110;
const IPV4 = { 'meta.nfproto': 'ipv4' } as const;

const ANY_ADDRESS = 'DHCP, from whatever address';

/** Checks each packet that arrives: for a source that nobody has, and whether the way back is the one that it came by. */
export function arrivals(situation: Situation): Readonly<Record<string, ChainDefinition>> {
  const { outside } = zonesOf(situation);
  const { fromHome, fromOutside } = checkedFlows(situation);
  const rules = [...fromHome, rule({ iifname: outside }, jump('from-outside'), byDefault('from outside'))];
  if (situation.config.reverse_path !== 'off') rules.push(...beforeAddresses(situation), ...reversePath(situation));
  return {
    'source-check': { type: 'filter', hook: 'prerouting', priority: BEHIND_TRACKING, policy: 'accept', rules },
    'from-outside': { rules: [...sourcesOfNobody(situation), ...fromOutside] },
    martians: { rules: [offer(), rule(...dropped('martian'), byDefault('nobody has this source'))] },
  };
}

/** Also in flows that are known: what a computer at home has asked of such an address gets no answer. */
function sourcesOfNobody(situation: Situation): readonly RuleDefinition[] {
  return Object.entries(forbiddenSources(situation))
    .filter(([, prefixes]) => prefixes.length > 0)
    .map(([field, prefixes]) => rule({ [field]: prefixes }, goTo('martians'), byDefault('nobody has this source')));
}

/**
 * Packets of flows that were opened from home, each by the side that it belongs to: the first ones were checked, and their
 * addresses are these. With several interfaces on a side that would not tell which of them is the right one.
 *
 * A flow within the home, or with this host, is answered from home: an answer from there that comes from outside is
 * spoofed. The networks of IPv6 are not in the configuration, so all of it is looked up.
 */
function checkedFlows(situation: Situation): Readonly<Record<'fromHome' | 'fromOutside', readonly RuleDefinition[]>> {
  const { outside, home } = zonesOf(situation);
  if (home.length !== 1 || outside.length !== 1) return { fromHome: [], fromOutside: [] };
  const why = byDefault('checked when the flow began');
  const flow = { 'ct.state': 'established' } as const;
  const inside = networksBehind(situation.interfaces, home).map(({ network, length }) => `${network}/${length}`);
  const answer = { 'ip.saddr': { not: inside }, ...flow, 'ct.direction': 'reply' } as const;
  return {
    fromHome: [rule({ iifname: home, ...flow, 'ct.direction': 'original' }, accept(), why)],
    fromOutside: inside.length === 0 ? [] : [rule(answer, accept(), why)],
  };
}

/** What is not asked where it comes from: who has no IPv4 address yet may have one of another network, or none. */
function beforeAddresses(situation: Situation): readonly RuleDefinition[] {
  const { outside, home } = zonesOf(situation);
  const rules = [rule({ iifname: 'lo' }, accept(), byDefault('this host itself'))];
  if (home.length > 0) rules.push(rule({ iifname: home, ...IPV4, 'udp.dport': 67 }, accept(), byDefault(ANY_ADDRESS)));
  return [...rules, offer({ iifname: outside })];
}

/** A DHCP server may answer before there is a route to it. */
function offer(match: Match = {}): RuleDefinition {
  return rule({ ...match, ...IPV4, 'udp.sport': 67, 'udp.dport': 68 }, accept(), byDefault(ANY_ADDRESS));
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
