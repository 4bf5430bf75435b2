import { type ChainDefinition, masquerade, type RuleDefinition, rule, snat } from '@router7/nft';
import { mappingNotes, steadyPorts } from './nat-filtering.ts';
import { destinationNat } from './port-forwards.ts';
import { byDefault } from './provenance.ts';
import { outsideAddress, type Situation, zonesOf } from './situation.ts';

/* Translation of IPv4 addresses (RFC 3022 section 2.2, with the behaviour of RFC 4787, RFC 5382 and RFC 5508). */

const DESTINATION_NAT = -100;
const SOURCE_NAT = 100;

/** Where packets are redirected to and what they get as their source. */
export function natChains(situation: Situation): Readonly<Record<string, ChainDefinition>> {
  const { chains, rules } = destinationNat(situation);
  return {
    dstnat: { type: 'nat', hook: 'prerouting', priority: DESTINATION_NAT, policy: 'accept', rules },
    ...chains,
    srcnat: { type: 'nat', hook: 'postrouting', priority: SOURCE_NAT, policy: 'accept', rules: sourceRules(situation) },
    ...mappingNotes(situation),
  };
}

function sourceRules(situation: Situation): readonly RuleDefinition[] {
  const { outside, home } = zonesOf(situation);
  const random = situation.config.nat.ports === 'random' ? { fullyRandom: true } : {};
  const rules = [
    ...steadyPorts(situation),
    rule(
      { 'meta.nfproto': 'ipv4', oifname: outside },
      masquerade(random),
      byDefault('as the address of the interface that it leaves by'),
    ),
  ];
  if (home.length > 0) {
    // RFC 4787 REQ-9: a) "A NAT's hairpinning behavior MUST be 'External source IP address and port'."
    const address = outsideAddress(situation);
    rules.push(
      rule(
        { 'meta.nfproto': 'ipv4', iifname: home, oifname: home, 'ct.status': 'dnat' },
        address === undefined ? masquerade(random) : snat(String(address), random),
        byDefault('from home to home by way of the address outside'),
      ),
    );
  }
  return rules;
}
