import {
  accept,
  addElement,
  type ChainDefinition,
  goTo,
  jump,
  type Match,
  type RuleDefinition,
  returnToCaller,
  rule,
  type SetDefinition,
} from '@router7/nft';
import { dropped } from './counters.ts';
import { forbiddenSources } from './forbidden.ts';
import { byDefault, decidedBy } from './provenance.ts';
import { globalPrefixes, networksBehind, type Situation, zonesOf } from './situation.ts';

/*
 * Where packets come from (BCP 38, RFC 2827 and RFC 3704): nothing comes in from outside with a source of ours or of
 * nobody, and nothing leaves with a source that is not ours. All of it is looked at in one chain behind connection
 * tracking, which forgets the flow of a packet that is dropped there: each chain at a hook costs all packets something.
 * Lists of sources, and the way back, which costs a look into the routing tables, are mostly asked for the first packets of
 * a flow. The home cannot open one to a source of nobody (forward.ts).
 */

/** Behind connection tracking (-200); before any translation (-100). */
const BEHIND_TRACKING = -190;
/** Behind the translation of sources (100). */
const BEHIND_SOURCE_NAT = 110;
const IPV4 = { 'meta.nfproto': 'ipv4' } as const;
/** Where all IPv6 addresses are that are not made for some purpose (RFC 4291 section 2.4, IANA's registry). */
const GLOBAL_UNICAST = '2000::/3';
/** Addresses of this host outside of the home's networks that the home has talked to. */
const OWN = 'own-addresses';
/** More than it has. */
const OWN_SIZE = 4096;

const ANSWERS = 'answers-ipv6';
const ANY_ADDRESS = 'DHCP, from whatever address';

/** Checks each packet that arrives: for a source that nobody has, and whether the way back is the one that it came by. */
export function arrivals(situation: Situation): Readonly<Record<string, ChainDefinition>> {
  const { outside } = zonesOf(situation);
  const { fromHome, fromOutside, answers } = checkedFlows(situation);
  const rules = [...fromHome, rule({ iifname: outside }, jump('from-outside'), byDefault('from outside'))];
  if (situation.config.reverse_path !== 'off') rules.push(...beforeAddresses(situation), ...reversePath(situation));
  return {
    'source-check': { type: 'filter', hook: 'prerouting', priority: BEHIND_TRACKING, policy: 'accept', rules },
    'from-outside': { rules: [...fromOutside, ...sourcesOfNobody(situation)] },
    ...(answers.length > 0 && { [ANSWERS]: { rules: answers } }),
    martians: { rules: [offer(), rule(...dropped('martian'), byDefault('nobody has this source'))] },
  };
}

function sourcesOfNobody(situation: Situation): readonly RuleDefinition[] {
  return Object.entries(forbiddenSources(situation))
    .filter(([, prefixes]) => prefixes.length > 0)
    .map(([field, prefixes]) => rule({ [field]: prefixes }, goTo('martians'), byDefault('nobody has this source')));
}

/** The three places where {@link checkedFlows} puts its rules. */
type FlowRules = Readonly<Record<'fromHome' | 'fromOutside' | 'answers', readonly RuleDefinition[]>>;

/**
 * Packets of flows that were opened from home, each by the side that it belongs to: the first ones were checked, and their
 * addresses are these. With several interfaces on a side that would not tell which of them is the right one.
 *
 * A flow within the home, or with this host, is answered from home: an answer from there that comes from outside is
 * spoofed. Whoever of the home talks to this host may know it by an address of the uplink: the kernel takes no packet with
 * an IPv4 address of its own, those of IPv6 are noted ({@link noteOwnAddress}).
 */
function checkedFlows(situation: Situation): FlowRules {
  const { home } = zonesOf(situation);
  if (!isPlain(situation)) return { fromHome: [], fromOutside: [], answers: [] };
  const why = byDefault('checked when the flow began');
  const flow = { 'ct.state': 'established' } as const;
  const inside = networksBehind(situation.interfaces, home).map(({ network, length }) => `${network}/${length}`);
  const inside6 = globalPrefixes(situation).map(String);
  const answer = { ...flow, 'ct.direction': 'reply' } as const;
  return {
    // Conditions that cost least come first, here and below: names are texts of 16 octets.
    fromHome: [rule({ 'ct.direction': 'original', ...flow, iifname: home }, accept(), why)],
    fromOutside: [
      ...(inside.length > 0 ? [rule({ 'ip.saddr': { not: inside }, ...answer }, accept(), why)] : []),
      rule({ 'ip6.saddr': GLOBAL_UNICAST, ...answer }, jump(ANSWERS), byDefault('an answer by IPv6')),
    ],
    answers: [
      ...(inside6.length > 0 ? [rule({ 'ip6.saddr': inside6 }, returnToCaller(), byDefault('of the home'))] : []),
      rule({ 'ip6.saddr': { not: { set: OWN } } }, accept(), why),
    ],
  };
}

/** With several interfaces on a side, what belongs to a flow does not tell which of them it comes by. */
function isPlain(situation: Situation): boolean {
  const { outside, home } = zonesOf(situation);
  return home.length === 1 && outside.length === 1;
}

/** The set that {@link noteOwnAddress} fills. */
export function ownAddresses(situation: Situation): Readonly<Record<string, SetDefinition>> {
  return isPlain(situation) ? { [OWN]: { type: 'ipv6_addr', dynamic: true, size: OWN_SIZE } } : {};
}

/** Notes the address of this host that a packet from home opens a flow to. */
export function noteOwnAddress(situation: Situation): readonly RuleDefinition[] {
  const { home } = zonesOf(situation);
  if (!isPlain(situation)) return [];
  return [
    rule(
      { iifname: home, 'ip6.daddr': GLOBAL_UNICAST },
      addElement(OWN, 'ip6.daddr'),
      byDefault('no answer from there comes from outside'),
    ),
  ];
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
          'meta.nfproto': 'ipv4',
          oifname: outside,
          'fib.saddr.type': { not: 'local' },
          'ip.saddr': { not: '0.0.0.0' },
        },
        ...dropped('egress'),
        byDefault('not our address'),
      ),
      // RFC 4193 section 4.3; RFC 6092 REC-7.
      rule({ 'ip6.saddr': 'fc00::/7', oifname: outside }, ...dropped('egress'), byDefault('a unique local address')),
    ],
  };
}
