import { type ChainDefinition, clampMss, jump, limit, type RuleDefinition, rule, type Statement } from '@router7/nft';
import { dropped, forwarded, refused } from './counters.ts';
import { forbiddenDestinations, forbiddenForwardedSources } from './forbidden.ts';
import { forwardedQueries } from './icmpv6.ts';
import { admittedByMapping } from './nat-filtering.ts';
import { offloadRules } from './offload.ts';
import { forwardedPorts } from './port-forwards.ts';
import { byDefault, decidedBy } from './provenance.ts';
import { forbiddenHeaders, unsolicitedIpv6 } from './simple-security.ts';
import { hasGlobalPrefix, type Situation, zonesOf } from './situation.ts';
import { answerSyn, limitSyn } from './syn.ts';

/* What passes through: from home to anywhere, from outside what was asked for or is configured. */

const FILTER = 0;
const FORWARDED_PINGS = { rate: 50, per: 'second', burst: 50 } as const;

/** What the router forwards. */
export function forwardChains(situation: Situation): Readonly<Record<string, ChainDefinition>> {
  const { outside, home } = zonesOf(situation);
  const why = byDefault('segments fit the path');
  const rules = [
    ...stalePrefixes(situation),
    rule({ 'tcp.flags': { bits: ['syn'], of: ['syn', 'rst'] } }, jump('clamp'), why),
    // Also in flows that are known: what is offloaded is none of these, the kernel leaves extension headers to the rules.
    ...forbiddenHeaders(),
    ...offloadRules(situation),
    rule({ 'ct.state': ['established', 'related'] }, forwarded(), byDefault('known flows, and errors about them')),
    rule({ 'ct.state': 'invalid' }, ...dropped('invalid'), byDefault('belongs to no connection')),
  ];
  if (home.length > 0) {
    rules.push(
      rule({ iifname: home, oifname: outside }, jump('forward-out'), byDefault('from home to outside')),
      rule({ iifname: outside, oifname: home }, jump('forward-in'), byDefault('from outside to home')),
      rule({ iifname: home, oifname: home }, forwarded(), byDefault('within the home')),
    );
  }
  rules.push(rule(...dropped('stranger'), byDefault('an interface that is not configured')));
  return {
    forward: { type: 'filter', hook: 'forward', priority: FILTER, policy: 'drop', rules },
    // Both directions: each side tells the other how much it can take (RFC 9293 section 3.7.1).
    clamp: { rules: [rule({ oifname: outside }, clampMss(), why), rule({ iifname: outside }, clampMss(), why)] },
    'forward-out': {
      rules: [
        ...withoutPrefix(situation, refused('no-prefix', 'icmpv6 no-route')),
        ...forbidden(situation),
        rule(forwarded(), byDefault('from home to anywhere')),
      ],
    },
    'forward-in': { rules: inwards(situation) },
  };
}

/**
 * RFC 7084 L-14: a host that goes on with an address of a prefix that the provider has taken back is told so, by ICMPv6
 * "source address failed ingress/egress policy" (RFC 4443 section 3.1, code 5). Also in flows that are known.
 */
function stalePrefixes(situation: Situation): readonly RuleDefinition[] {
  const { outside, home } = zonesOf(situation);
  if (situation.stale.length === 0 || home.length === 0) return [];
  return [
    rule(
      { iifname: home, oifname: outside, 'ip6.saddr': situation.stale.map(String) },
      ...refused('stale-prefix', 'icmpv6 policy-fail'),
      byDefault('of a prefix that is gone'),
    ),
  ];
}

/** RFC 7084 G-3: no IPv6 passes between home and outside before the home has a prefix. */
function withoutPrefix(situation: Situation, verdict: readonly Statement[]): readonly RuleDefinition[] {
  if (hasGlobalPrefix(situation)) return [];
  return [rule({ 'meta.nfproto': 'ipv6' }, ...verdict, byDefault('the home has no prefix yet'))];
}

/** RFC 6092 REC-1 to REC-3 and REC-5 to REC-7. */
function forbidden(situation: Situation): readonly RuleDefinition[] {
  const lists = { ...forbiddenForwardedSources(situation), ...forbiddenDestinations(situation) };
  return Object.entries(lists).map(([field, prefixes]) =>
    rule({ [field]: prefixes }, ...dropped('forbidden'), byDefault(`${field} that stays on its side`)),
  );
}

function inwards(situation: Situation): readonly RuleDefinition[] {
  const { config } = situation;
  const rules = [
    ...withoutPrefix(situation, dropped('no-prefix')),
    ...limitSyn(situation),
    ...forwardedPorts(situation),
    ...admittedByMapping(situation),
    ...forbidden(situation),
  ];
  if (config.transparent) {
    rules.push(rule({ 'meta.nfproto': 'ipv6' }, forwarded(), decidedBy('transparent', 'true')));
  }
  if (config.ping) {
    rules.push(
      rule({ 'icmpv6.type': forwardedQueries }, limit(FORWARDED_PINGS), forwarded(), decidedBy('ping', 'true')),
    );
  }
  rules.push(...unsolicitedIpv6(situation), ...answerSyn(situation));
  rules.push(rule(...dropped('unsolicited'), byDefault('nobody asked for it')));
  return rules;
}
