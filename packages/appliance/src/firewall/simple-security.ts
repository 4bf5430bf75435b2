import {
  CmpOperator,
  type Expression,
  ExthdrHeader,
  expressions,
  Register,
  type RuleDefinition,
  rule,
} from '@router7/nft';
import { dropped, forwarded } from './counters.ts';
import { byDefault, decidedBy, madeBy } from './provenance.ts';
import type { Situation } from './situation.ts';

/* RFC 6092, Recommended Simple Security Capabilities: what comes in to IPv6 hosts of the home without being asked for. */

const HOST_IDENTITY_PROTOCOL = 139;
/** NFT_EXTHDR_F_PRESENT: whether it is there, not what is in it. */
const EXTHDR_PRESENT = 1;
const IKE = [500, 4500];

/** An authentication header is an extension header of IPv6, before the protocol that a packet is asked for. */
const authenticationHeader: readonly Expression[] = [
  {
    ...{ kind: 'exthdr', operation: 'load', register: Register.r1, header: ExthdrHeader.ipv6 },
    ...{ type: 51, offset: 0, length: 1, flags: EXTHDR_PRESENT },
  },
  { kind: 'cmp', register: Register.r1, operator: CmpOperator.eq, value: Uint8Array.of(1) },
];

/** REC-4: "all packets with routing extension header type 0 MUST NOT be forwarded" (RFC 5095). */
export function forbiddenHeaders(): readonly RuleDefinition[] {
  return [rule({ 'rt.type': 0 }, ...dropped('forbidden'), byDefault('a routing header of type 0'))];
}

/** REC-21, REC-22, REC-24 and REC-26, and the pinholes of firewall.json. */
export function unsolicitedIpv6({ config }: Situation): readonly RuleDefinition[] {
  const rules: RuleDefinition[] = [];
  if (config.ipsec) {
    const protocols = ['esp', HOST_IDENTITY_PROTOCOL];
    rules.push(
      rule({ 'meta.nfproto': 'ipv6' }, expressions(...authenticationHeader), forwarded(), decidedBy('ipsec', 'AH')),
      rule({ 'meta.nfproto': 'ipv6', 'meta.l4proto': protocols }, forwarded(), decidedBy('ipsec', 'ESP and HIP')),
      rule({ 'meta.nfproto': 'ipv6', 'udp.dport': IKE }, forwarded(), decidedBy('ipsec', 'IKE, and ESP in UDP')),
    );
  }
  for (const [index, { proto = '', dest_addr, port }] of config.pinholes.entries()) {
    for (const protocol of new Set((proto === '' ? 'tcp' : proto).split(','))) {
      const conditions = { 'ip6.daddr': dest_addr, [`${protocol}.dport`]: port };
      rules.push(rule(conditions, forwarded(), madeBy('firewall.json', `pinholes[${index}]`)));
    }
  }
  return rules;
}
