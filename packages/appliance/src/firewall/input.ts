import { accept, type ChainDefinition, jump, limit, type RuleDefinition, rule } from '@router7/nft';
import { dropped } from './counters.ts';
import { listenerDiscovery, neighborDiscovery, neighborDiscoveryOutside } from './icmpv6.ts';
import { byDefault, decidedBy, madeBy } from './provenance.ts';
import { type Situation, zonesOf } from './situation.ts';
import { noteOwnAddress } from './source-check.ts';
import { answerSyn, limitSyn } from './syn.ts';

/*
 * What is for this host: everything from home (RFC 6092 REC-50: "subscriber-managed residential gateways MUST NOT offer
 * management application interfaces to the exterior network"), and from outside what it cannot do without.
 */

const FILTER = 0;
/** Pings that are answered, in a second. */
const PINGS = { rate: 20, per: 'second', burst: 20 } as const;

/** What the router takes. */
export function inputChains(situation: Situation): Readonly<Record<string, ChainDefinition>> {
  const { outside, home } = zonesOf(situation);
  const rules = [
    rule({ iifname: 'lo' }, accept(), byDefault('this host itself')),
    rule({ 'ct.state': ['established', 'related'] }, accept(), byDefault('answers, and errors about known flows')),
    ...neighbors(outside, home),
    rule({ 'ct.state': 'invalid' }, ...dropped('invalid'), byDefault('belongs to no connection')),
    rule({ iifname: outside }, jump('input-outside'), byDefault('from outside')),
  ];
  rules.push(...noteOwnAddress(situation));
  if (home.length > 0) rules.push(rule({ iifname: home }, accept(), byDefault('the home')));
  rules.push(rule(...dropped('stranger'), byDefault('an interface that is not configured')));
  return {
    input: { type: 'filter', hook: 'input', priority: FILTER, policy: 'drop', rules },
    'input-outside': { rules: fromOutside(situation) },
  };
}

/**
 * RFC 4861 section 6.1: "The IP Hop Limit field has a value of 255, i.e., the packet could not possibly have been
 * forwarded by a router." Connection tracking leaves these alone.
 */
function neighbors(outside: readonly string[], home: readonly string[]): readonly RuleDefinition[] {
  const why = byDefault('neighbours on the same link');
  const rules = [
    rule({ iifname: outside, 'icmpv6.type': neighborDiscoveryOutside, 'ip6.hoplimit': 255 }, accept(), why),
  ];
  if (home.length > 0)
    rules.push(rule({ iifname: home, 'icmpv6.type': neighborDiscovery, 'ip6.hoplimit': 255 }, accept(), why));
  return [
    ...rules,
    rule({ 'icmpv6.type': neighborDiscovery }, ...dropped('neighbor-hop-limit'), byDefault('came through a router')),
  ];
}

function fromOutside(situation: Situation): readonly RuleDefinition[] {
  const { config, uplink, interfaces } = situation;
  const rules: RuleDefinition[] = [];
  const configured = interfaces.interfaces.find(({ name }) => name === uplink)?.addr ?? '';
  if (configured === '') {
    rules.push(
      rule(
        { iifname: uplink, 'udp.sport': 67, 'udp.dport': 68 },
        accept(),
        byDefault('answers to the DHCP client of the uplink'),
      ),
    );
  }
  rules.push(
    // RFC 9915 section 7.2: clients listen on port 546; a link-local address is where they are answered. It says nothing
    // of the port that the answer comes from, and some servers use another one than 547.
    rule(
      { iifname: uplink, 'ip6.daddr': 'fe80::/10', 'udp.dport': 546 },
      accept(),
      byDefault('answers to the DHCPv6 client of the uplink'),
    ),
    rule(
      { 'ip6.saddr': 'fe80::/10', 'ip6.hoplimit': 1, 'icmpv6.type': listenerDiscovery },
      accept(),
      byDefault('who listens to which group'),
    ),
  );
  for (const { port, place } of situation.tunnels) {
    if (port === undefined || port === 0) continue;
    rules.push(rule({ 'udp.dport': port }, accept(), madeBy('wireguard.json', place)));
  }
  if (config.ping) {
    for (const field of ['icmp.type', 'icmpv6.type'] as const) {
      rules.push(rule({ [field]: 'echo-request' }, limit(PINGS), accept(), decidedBy('ping', 'true')));
    }
  }
  rules.push(...limitSyn(situation), ...answerSyn(situation));
  rules.push(rule(...dropped('unsolicited'), byDefault('nobody asked for it')));
  return rules;
}
