import {
  accept,
  type ChainDefinition,
  CmpOperator,
  type Expression,
  expressions,
  FibFlag,
  FibResult,
  limit,
  Register,
  type RuleDefinition,
  reject,
  rule,
} from '@router7/nft';
import { dropped } from './counters.ts';
import { forbiddenSources } from './forbidden.ts';
import { byDefault, decidedBy } from './provenance.ts';
import { type Situation, zonesOf } from './situation.ts';

/*
 * Where packets come from (BCP 38, RFC 2827 and RFC 3704): nothing comes in from outside with a source of ours or of
 * nobody, and nothing leaves with a source that is not ours. Before connection tracking, so that it knows of none of it.
 */

/** Before connection tracking (-200), behind the assembly of fragments (-400). */
const RAW = -300;
/** Behind the translation of sources (100). */
const BEHIND_SOURCE_NAT = 110;

/** `fib saddr oif missing` */
const noWayBack: readonly Expression[] = [
  { kind: 'fib', register: Register.r1, result: FibResult.oif, flags: FibFlag.saddr | FibFlag.present },
  { kind: 'cmp', register: Register.r1, operator: CmpOperator.eq, value: new Uint8Array(4) },
];

/** Checks the source of each packet that arrives. */
export function arrivals(situation: Situation): ChainDefinition {
  const { config } = situation;
  const { outside, home } = zonesOf(situation);
  const rules: RuleDefinition[] = [rule({ iifname: 'lo' }, accept(), byDefault('this host itself'))];
  // Who asks for an address may have one of another network; so may the server that answers before there is a route.
  if (home.length > 0) {
    rules.push(rule({ iifname: home, 'udp.dport': 67 }, accept(), byDefault('DHCP, from whatever address')));
  }
  rules.push(
    rule({ iifname: outside, 'udp.sport': 67, 'udp.dport': 68 }, accept(), byDefault('DHCP, from whatever address')),
  );
  if (home.length > 0 && config.reverse_path !== 'off') rules.push(tellRenumbered(home));
  rules.push(...reversePath(situation));
  for (const [field, prefixes] of Object.entries(forbiddenSources(situation))) {
    if (prefixes.length === 0) continue;
    rules.push(
      rule({ iifname: outside, [field]: prefixes }, ...dropped('martian'), byDefault('nobody has this source')),
    );
  }
  return { type: 'filter', hook: 'prerouting', priority: RAW, policy: 'accept', rules };
}

/**
 * RFC 7084 L-14: "The IPv6 CE router MUST send an ICMPv6 Destination Unreachable message, code 5 (Source address failed
 * ingress/egress policy) for packets forwarded to it that use an address from a prefix that has been invalidated."
 */
function tellRenumbered(home: readonly string[]): RuleDefinition {
  return rule(
    { iifname: home, 'ip6.saddr': '2000::/3', 'fib.daddr.type': 'unicast', 'fib.saddr.iif.oif': 'missing' },
    limit({ rate: 10, per: 'second', burst: 10 }),
    reject('icmpv6 policy-fail'),
    byDefault('an address that is no longer ours'),
  );
}

function reversePath({ config }: Situation): readonly RuleDefinition[] {
  switch (config.reverse_path) {
    case 'off':
      return [];
    case 'loose':
      return [rule(expressions(...noWayBack), ...dropped('spoofed'), decidedBy('reverse_path', 'no way back at all'))];
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
