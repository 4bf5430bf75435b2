import type { Expression } from '../expression.ts';
import { Register } from '../expressions/codec.ts';
import { CtKey } from '../expressions/ct.ts';
import { ExthdrHeader } from '../expressions/exthdr.ts';
import { FibFlag, FibResult } from '../expressions/fib.ts';
import { MetaKey } from '../expressions/meta.ts';
import { PayloadBase } from '../expressions/payload.ts';
import { etherTypes, nfProtocols, protocols } from './symbols.ts';
import { type ValueType, valueTypes } from './value-type.ts';

/** What has to be known of a packet before a field of it can be read. */
export interface Dependency {
  /** The field that tells it. */
  readonly on: 'nfproto' | 'l4proto' | 'iiftype';
  readonly value: number;
}

/** Something of a packet that a rule can test. */
export interface Field {
  readonly type: ValueType;
  /** Tested before, in this order, unless that has been done. */
  readonly needs: readonly Dependency[];
  /** Puts it into register 1. */
  readonly load: Expression;
  /** What an equal value of this field makes known for later dependencies. */
  readonly tells?: Dependency['on'];
}

const register = Register.r1;
const ipv4: Dependency = { on: 'nfproto', value: nfProtocols.ipv4 };
const ipv6: Dependency = { on: 'nfproto', value: nfProtocols.ipv6 };
const ARPHRD_ETHER = 1;

function metaField(key: keyof typeof MetaKey, type: ValueType, tells?: Dependency['on']): Field {
  const load = { kind: 'meta', operation: 'load', key: MetaKey[key], register } as const;
  return { type, needs: [], load, ...(tells !== undefined && { tells }) };
}

function ctField(key: keyof typeof CtKey, type: ValueType): Field {
  return { type, needs: [], load: { kind: 'ct', operation: 'load', key: CtKey[key], register } };
}

function fibField(result: keyof typeof FibResult, flags: number, type: ValueType): Field {
  return { type, needs: [], load: { kind: 'fib', register, result: FibResult[result], flags } };
}

function payloadField(
  base: keyof typeof PayloadBase,
  offset: number,
  type: ValueType,
  needs: readonly Dependency[],
  tells?: Dependency['on'],
): Field {
  const load = {
    kind: 'payload',
    operation: 'load',
    register,
    base: PayloadBase[base],
    offset,
    length: type.length,
  } as const;
  return { type, needs, load, ...(tells !== undefined && { tells }) };
}

const transport = (protocol: keyof typeof protocols): Dependency[] => [{ on: 'l4proto', value: protocols[protocol] }];
const icmp = [ipv4, ...transport('icmp')];
const icmpv6 = [ipv6, ...transport('icmpv6')];
const ethernet: Dependency[] = [{ on: 'iiftype', value: ARPHRD_ETHER }];
const t = valueTypes;

/** The name of a field that a rule can test. */
export type FieldName =
  | 'iifname'
  | 'oifname'
  | 'iif'
  | 'oif'
  | 'meta.mark'
  | 'meta.nfproto'
  | 'meta.l4proto'
  | 'meta.protocol'
  | 'meta.pkttype'
  | 'meta.skuid'
  | 'ether.daddr'
  | 'ether.saddr'
  | 'ip.ttl'
  | 'ip.protocol'
  | 'ip.saddr'
  | 'ip.daddr'
  | 'ip6.nexthdr'
  | 'ip6.hoplimit'
  | 'ip6.saddr'
  | 'ip6.daddr'
  | 'icmp.type'
  | 'icmp.code'
  | 'icmpv6.type'
  | 'icmpv6.code'
  | 'tcp.sport'
  | 'tcp.dport'
  | 'tcp.flags'
  | 'udp.sport'
  | 'udp.dport'
  | 'th.sport'
  | 'th.dport'
  | 'tcp.option.maxseg.size'
  | 'ct.state'
  | 'ct.status'
  | 'ct.direction'
  | 'ct.mark'
  | 'fib.saddr.type'
  | 'fib.daddr.type'
  | 'fib.saddr.iif.oif';

/** The fields there are, by name: nft's own words with dots for blanks. */
export const fields: { readonly [F in FieldName]: Field } = {
  iifname: metaField('iifname', t.ifname),
  oifname: metaField('oifname', t.ifname),
  iif: metaField('iif', t.iface_index),
  oif: metaField('oif', t.iface_index),
  'meta.mark': metaField('mark', t.mark),
  'meta.nfproto': metaField('nfproto', t.nf_proto, 'nfproto'),
  'meta.l4proto': metaField('l4proto', t.inet_proto, 'l4proto'),
  'meta.protocol': metaField('protocol', t.ether_type),
  'meta.pkttype': metaField('pkttype', t.pkt_type),
  'meta.skuid': metaField('skuid', t.uid),
  'ether.daddr': payloadField('link', 0, t.ether_addr, ethernet),
  'ether.saddr': payloadField('link', 6, t.ether_addr, ethernet),
  'ip.ttl': payloadField('network', 8, t.octet, [ipv4]),
  'ip.protocol': payloadField('network', 9, t.inet_proto, [ipv4], 'l4proto'),
  'ip.saddr': payloadField('network', 12, t.ipv4_addr, [ipv4]),
  'ip.daddr': payloadField('network', 16, t.ipv4_addr, [ipv4]),
  'ip6.nexthdr': payloadField('network', 6, t.inet_proto, [ipv6], 'l4proto'),
  'ip6.hoplimit': payloadField('network', 7, t.octet, [ipv6]),
  'ip6.saddr': payloadField('network', 8, t.ipv6_addr, [ipv6]),
  'ip6.daddr': payloadField('network', 24, t.ipv6_addr, [ipv6]),
  'icmp.type': payloadField('transport', 0, t.icmp_type, icmp),
  'icmp.code': payloadField('transport', 1, t.octet, icmp),
  'icmpv6.type': payloadField('transport', 0, t.icmpv6_type, icmpv6),
  'icmpv6.code': payloadField('transport', 1, t.octet, icmpv6),
  'tcp.sport': payloadField('transport', 0, t.inet_service, transport('tcp')),
  'tcp.dport': payloadField('transport', 2, t.inet_service, transport('tcp')),
  'tcp.flags': payloadField('transport', 13, t.tcp_flag, transport('tcp')),
  'udp.sport': payloadField('transport', 0, t.inet_service, transport('udp')),
  'udp.dport': payloadField('transport', 2, t.inet_service, transport('udp')),
  'th.sport': payloadField('transport', 0, t.inet_service, []),
  'th.dport': payloadField('transport', 2, t.inet_service, []),
  'tcp.option.maxseg.size': {
    type: t.short,
    needs: [],
    load: {
      kind: 'exthdr',
      operation: 'load',
      register,
      header: ExthdrHeader.tcpOption,
      type: 2,
      offset: 2,
      length: 2,
      flags: 0,
    },
  },
  'ct.state': ctField('state', t.ct_state),
  'ct.status': ctField('status', t.ct_status),
  'ct.direction': ctField('direction', t.ct_dir),
  'ct.mark': ctField('mark', t.mark),
  'fib.saddr.type': fibField('addrtype', FibFlag.saddr, t.fib_addrtype),
  'fib.daddr.type': fibField('addrtype', FibFlag.daddr, t.fib_addrtype),
  // Is there a route back to the source by the interface that the packet came by (reverse path)?
  'fib.saddr.iif.oif': fibField('oif', FibFlag.saddr | FibFlag.iif | FibFlag.present, t.boolean),
};

/** The packet's property that each kind of dependency asks for. */
export const dependencyKeys: { readonly [D in Dependency['on']]: number } = {
  nfproto: MetaKey.nfproto,
  l4proto: MetaKey.l4proto,
  iiftype: MetaKey.iiftype,
};
/** The Ethernet type of an IP family. */
export const etherTypeOf: { readonly [nfproto: number]: number } = {
  [nfProtocols.ipv4]: etherTypes.ip,
  [nfProtocols.ipv6]: etherTypes.ip6,
};
