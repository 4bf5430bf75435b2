import { Register } from '../expressions/codec.ts';
import { PayloadBase } from '../expressions/payload.ts';
import {
  bitField,
  type Dependency,
  type Field,
  type Load,
  NfProto,
  named,
  needsIpv4,
  needsIpv6,
  payloadField,
  transport,
} from './field.ts';
import type { HeaderFieldName } from './field-name.ts';
import { etherTypes, icmpTypes, icmpv6Types } from './symbols.ts';
import { valueTypes as t, type ValueType } from './value-type.ts';

const ARPHRD_ETHER = 1;
const ethernet: Dependency[] = [{ on: 'iiftype', value: ARPHRD_ETHER }];
const vlan: Dependency[] = [...ethernet, { on: 'etherType', value: etherTypes.vlan }];
const arp: Dependency[] = [{ on: 'nfproto', value: NfProto.arp }];
const icmp = [...needsIpv4, ...transport('icmp')];
const icmpv6 = [...needsIpv6, ...transport('icmpv6')];
const igmp = [...needsIpv4, ...transport('igmp')];

/** Some fields of ICMP are there only in messages of one type, or of two. */
function ofType(needs: readonly Dependency[], value: number, or?: number): Dependency[] {
  return [...needs, { on: 'icmpType', value, ...(or !== undefined && { or }) }];
}

const loadFrom =
  (base: keyof typeof PayloadBase) =>
  (offset: number, length: number): Load => {
    return { kind: 'payload', operation: 'load', register: Register.r1, base: PayloadBase[base], offset, length };
  };

interface Header {
  /** A field of whole octets. */
  at(offset: number, type: ValueType, more?: { readonly tells?: Dependency['on']; readonly pseudo?: true }): Field;
  /** A field of bits, counted from the start of the header. */
  bits(offset: number, width: number, type?: ValueType): Field;
}

/** A header whose fields have one base, one set of needs and one checksum (its type and its offset). */
function header(
  base: keyof typeof PayloadBase,
  needs: readonly Dependency[],
  checksum?: { readonly type: number; readonly offset: number },
): Header {
  const summed = (field: Field, pseudo: boolean | undefined): Field =>
    checksum === undefined ? field : { ...field, checksum: { ...checksum, flags: pseudo === true ? 1 : 0 } };
  return {
    at: (offset, type, more = {}) => summed(payloadField(base, offset, type, needs, more.tells), more.pseudo),
    bits: (offset, width, type) => summed(bitField(loadFrom(base), offset, width, needs, type), undefined),
  };
}

const ethers = header('link', ethernet);
const vlans = header('link', vlan);
const arps = header('network', arp);
const none = 0;
const inet = 1;
const crc32c = 2;
const ips = header('network', needsIpv4, { type: inet, offset: 10 });
const ip6s = header('network', needsIpv6, { type: none, offset: 0 });
const icmps = header('transport', icmp, { type: inet, offset: 2 });
const icmpv6s = header('transport', icmpv6, { type: inet, offset: 2 });
const igmps = header('transport', igmp, { type: inet, offset: 2 });
const tcps = header('transport', transport('tcp'), { type: inet, offset: 16 });
const udps = header('transport', transport('udp'), { type: inet, offset: 6 });
const udplites = header('transport', transport('udplite'), { type: inet, offset: 6 });
const sctps = header('transport', transport('sctp'), { type: crc32c, offset: 8 });
const dccps = header('transport', transport('dccp'));
const ths = header('transport', []);
const ahs = header('transport', transport('ah'));
const esps = header('transport', transport('esp'));
const comps = header('transport', transport('comp'));
const echo = [icmpTypes['echo-request'], icmpTypes['echo-reply']] as const;
const echo6 = [icmpv6Types['echo-request'], icmpv6Types['echo-reply']] as const;
/** A field of an ICMP message of some types, which the checksum covers like the others. */
const typed = (offset: number, type: ValueType, needs: readonly Dependency[]): Field =>
  header('transport', needs, { type: inet, offset: 2 }).at(offset, type);

/** The fields of headers (RFC 791, 792, 826, 8200, 4443, 9293, 768, 3828, 9260, 4340, 4302, 4303, 3173, IEEE 802.1Q). */
export const headerFields: { readonly [F in HeaderFieldName]: Field } = {
  ...named('ether', {
    daddr: ethers.at(0, t.ether_addr),
    saddr: ethers.at(6, t.ether_addr),
    type: ethers.at(12, t.ether_type, { tells: 'etherType' }),
  }),
  ...named('vlan', {
    pcp: vlans.bits(112, 3),
    dei: vlans.bits(115, 1),
    id: vlans.bits(116, 12),
    type: vlans.at(16, t.ether_type),
  }),
  ...named('arp', {
    htype: arps.at(0, t.short),
    ptype: arps.at(2, t.ether_type),
    hlen: arps.at(4, t.octet),
    plen: arps.at(5, t.octet),
    operation: arps.at(6, t.arp_op),
    'saddr.ether': arps.at(8, t.ether_addr),
    'saddr.ip': arps.at(14, t.ipv4_addr),
    'daddr.ether': arps.at(18, t.ether_addr),
    'daddr.ip': arps.at(24, t.ipv4_addr),
  }),
  ...named('ip', {
    version: ips.bits(0, 4),
    hdrlength: ips.bits(4, 4),
    dscp: ips.bits(8, 6, t.dscp),
    ecn: ips.bits(14, 2, t.ecn),
    length: ips.at(2, t.short, { pseudo: true }),
    id: ips.at(4, t.short),
    'frag-off': ips.at(6, t.short),
    ttl: ips.at(8, t.octet),
    protocol: ips.at(9, t.inet_proto, { tells: 'l4proto', pseudo: true }),
    checksum: ips.at(10, t.short),
    saddr: ips.at(12, t.ipv4_addr, { pseudo: true }),
    daddr: ips.at(16, t.ipv4_addr, { pseudo: true }),
  }),
  ...named('ip6', {
    version: ip6s.bits(0, 4),
    dscp: ip6s.bits(4, 6, t.dscp),
    ecn: ip6s.bits(10, 2, t.ecn),
    flowlabel: ip6s.bits(12, 20),
    length: ip6s.at(4, t.short, { pseudo: true }),
    nexthdr: ip6s.at(6, t.inet_proto, { tells: 'l4proto', pseudo: true }),
    hoplimit: ip6s.at(7, t.octet),
    saddr: ip6s.at(8, t.ipv6_addr, { pseudo: true }),
    daddr: ip6s.at(24, t.ipv6_addr, { pseudo: true }),
  }),
  ...named('icmp', {
    type: icmps.at(0, t.icmp_type, { tells: 'icmpType' }),
    code: icmps.at(1, t.icmp_code),
    checksum: icmps.at(2, t.short),
    id: typed(4, t.short, ofType(icmp, ...echo)),
    sequence: typed(6, t.short, ofType(icmp, ...echo)),
    mtu: typed(6, t.short, ofType(icmp, icmpTypes['destination-unreachable'])),
    gateway: typed(4, t.word, ofType(icmp, icmpTypes.redirect)),
  }),
  ...named('icmpv6', {
    type: icmpv6s.at(0, t.icmpv6_type, { tells: 'icmpType' }),
    code: icmpv6s.at(1, t.icmpv6_code),
    checksum: icmpv6s.at(2, t.short),
    id: typed(4, t.short, ofType(icmpv6, ...echo6)),
    sequence: typed(6, t.short, ofType(icmpv6, ...echo6)),
    mtu: typed(4, t.word, ofType(icmpv6, icmpv6Types['packet-too-big'])),
    'packet-too-big': typed(4, t.word, ofType(icmpv6, icmpv6Types['packet-too-big'])),
    'parameter-problem': typed(4, t.word, ofType(icmpv6, icmpv6Types['parameter-problem'])),
    'max-delay': typed(4, t.short, ofType(icmpv6, icmpv6Types['mld-listener-query'])),
  }),
  ...named('igmp', {
    type: igmps.at(0, t.igmp_type),
    mrt: igmps.at(1, t.octet),
    checksum: igmps.at(2, t.short),
    group: igmps.at(4, t.ipv4_addr),
  }),
  ...named('tcp', {
    sport: tcps.at(0, t.inet_service),
    dport: tcps.at(2, t.inet_service),
    sequence: tcps.at(4, t.word),
    ackseq: tcps.at(8, t.word),
    doff: tcps.bits(96, 4),
    reserved: tcps.bits(100, 4),
    flags: tcps.at(13, t.tcp_flag),
    window: tcps.at(14, t.short),
    checksum: tcps.at(16, t.short),
    urgptr: tcps.at(18, t.short),
  }),
  ...named('udp', {
    ...{ sport: udps.at(0, t.inet_service), dport: udps.at(2, t.inet_service) },
    ...{ length: udps.at(4, t.short), checksum: udps.at(6, t.short) },
  }),
  ...named('udplite', {
    ...{ sport: udplites.at(0, t.inet_service), dport: udplites.at(2, t.inet_service) },
    ...{ csumcov: udplites.at(4, t.short), checksum: udplites.at(6, t.short) },
  }),
  ...named('sctp', {
    ...{ sport: sctps.at(0, t.inet_service), dport: sctps.at(2, t.inet_service) },
    ...{ vtag: sctps.at(4, t.word), checksum: sctps.at(8, t.word) },
  }),
  ...named('dccp', {
    ...{ sport: dccps.at(0, t.inet_service), dport: dccps.at(2, t.inet_service) },
    type: dccps.bits(67, 4, t.dccp_pkttype),
  }),
  ...named('th', { sport: ths.at(0, t.inet_service), dport: ths.at(2, t.inet_service) }),
  ...named('ah', {
    nexthdr: ahs.at(0, t.inet_proto),
    ...{ hdrlength: ahs.at(1, t.octet), reserved: ahs.at(2, t.short) },
    ...{ spi: ahs.at(4, t.word), sequence: ahs.at(8, t.word) },
  }),
  ...named('esp', { spi: esps.at(0, t.word), sequence: esps.at(4, t.word) }),
  ...named('comp', { nexthdr: comps.at(0, t.inet_proto), flags: comps.at(1, t.octet), cpi: comps.at(2, t.short) }),
};
