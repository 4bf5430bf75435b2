import {
  EncodeError,
  encodeUtf8,
  Ipv4Address,
  type Ipv4Prefix,
  Ipv6Address,
  type Ipv6Prefix,
  MacAddress,
} from '@router7/wire';
import * as symbols from './symbols.ts';

/** A value in a rule: a number, or nft's text for it (`192.168.1.0/24`, `22`, `8040-8060`, `established`, `uplink0`). */
export type Scalar = number | string | Ipv4Address | Ipv6Address | Ipv4Prefix | Ipv6Prefix | MacAddress;

/** How the values of a field are written in text and in a register. */
export interface ValueType {
  /** nft's name for the type. */
  readonly name: string;
  /** nft's number for it, which a set keeps. */
  readonly code: number;
  /** Octets in a register. */
  readonly length: number;
  /** Whether numbers lie in the register as the processor has them (little-endian) and not in network order. */
  readonly hostOrder: boolean;
  /** Whether the value is a row of bits, so that several are tested at once. */
  readonly bits: boolean;
  /** Octets for a value. @throws EncodeError `bad-value` or `out-of-range` */
  encode(value: Scalar): Uint8Array;
}

type Words = { readonly [word: string]: number };

function integer(
  name: string,
  code: number,
  length: number,
  words: Words = {},
  options: { hostOrder?: true; bits?: true } = {},
): ValueType {
  const { hostOrder = false, bits = false } = options;
  return {
    name,
    code,
    length,
    hostOrder,
    bits,
    encode(value) {
      const number = typeof value === 'number' ? value : (words[String(value)] ?? parseInteger(String(value), name));
      if (!Number.isInteger(number) || number < 0 || number >= 2 ** (8 * length)) {
        throw new EncodeError('out-of-range', `${number} is no ${name}`);
      }
      const bytes = Uint8Array.from({ length }, (_, i) => Math.floor(number / 2 ** (8 * (length - 1 - i))) & 0xff);
      return hostOrder ? bytes.reverse() : bytes;
    },
  };
}

function parseInteger(text: string, name: string): number {
  if (!/^(?:\d+|0x[\da-f]+)$/i.test(text)) throw new EncodeError('bad-value', `${JSON.stringify(text)} is no ${name}`);
  return Number(text);
}

/** Octets of an interface's name with its closing zeros (IFNAMSIZ). */
const IFNAME_LENGTH = 16;

/** Octets of an interface's name, not yet padded. @throws EncodeError `bad-value` */
export function encodeInterfaceName(name: string): Uint8Array {
  const bytes = encodeUtf8(name);
  if (bytes.length === 0 || bytes.length >= IFNAME_LENGTH || /[\s/\0]/.test(name)) {
    throw new EncodeError('bad-value', `${JSON.stringify(name)} is no interface name`);
  }
  return bytes;
}

const host = { hostOrder: true } as const;
const network = { hostOrder: false, bits: false } as const;

/** The types there are, by nft's names; `octet` and `short` stand for its `integer` of 8 and 16 bits. */
export type ValueTypeName =
  | 'nf_proto'
  | 'ipv4_addr'
  | 'ipv6_addr'
  | 'ether_addr'
  | 'ether_type'
  | 'inet_proto'
  | 'inet_service'
  | 'icmp_type'
  | 'tcp_flag'
  | 'mark'
  | 'iface_index'
  | 'uid'
  | 'ct_state'
  | 'ct_dir'
  | 'ct_status'
  | 'icmpv6_type'
  | 'pkt_type'
  | 'fib_addrtype'
  | 'boolean'
  | 'ifname'
  | 'octet'
  | 'short';

/** How each type is written. */
export const valueTypes: { readonly [T in ValueTypeName]: ValueType } = {
  nf_proto: integer('nf_proto', 2, 1, symbols.nfProtocols),
  ipv4_addr: {
    ...network,
    name: 'ipv4_addr',
    code: 7,
    length: 4,
    encode: (value) => Ipv4Address.parse(String(value)).toBytes(),
  },
  ipv6_addr: {
    ...network,
    name: 'ipv6_addr',
    code: 8,
    length: 16,
    encode: (value) => Ipv6Address.parse(String(value)).toBytes(),
  },
  ether_addr: {
    ...network,
    name: 'ether_addr',
    code: 9,
    length: 6,
    encode: (value) => MacAddress.parse(String(value)).toBytes(),
  },
  ether_type: integer('ether_type', 10, 2, symbols.etherTypes),
  inet_proto: integer('inet_proto', 12, 1, symbols.protocols),
  inet_service: integer('inet_service', 13, 2),
  icmp_type: integer('icmp_type', 14, 1, symbols.icmpTypes),
  tcp_flag: integer('tcp_flag', 15, 1, symbols.tcpFlags, { bits: true }),
  mark: integer('mark', 19, 4, {}, host),
  iface_index: integer('iface_index', 20, 4, {}, host),
  uid: integer('uid', 23, 4, {}, host),
  ct_state: integer('ct_state', 26, 4, symbols.ctStates, { ...host, bits: true }),
  ct_dir: integer('ct_dir', 27, 1, symbols.ctDirections),
  ct_status: integer('ct_status', 28, 4, symbols.ctStatuses, { ...host, bits: true }),
  icmpv6_type: integer('icmpv6_type', 29, 1, symbols.icmpv6Types),
  pkt_type: integer('pkt_type', 31, 1, symbols.packetTypes),
  fib_addrtype: integer('fib_addrtype', 38, 4, symbols.addressTypes, host),
  boolean: integer('boolean', 39, 4, symbols.presence, host),
  ifname: {
    ...network,
    hostOrder: true,
    name: 'ifname',
    code: 41,
    length: IFNAME_LENGTH,
    encode(value) {
      const bytes = new Uint8Array(IFNAME_LENGTH);
      bytes.set(encodeInterfaceName(String(value)));
      return bytes;
    },
  },
  octet: integer('integer', 4, 1),
  short: integer('integer', 4, 2),
};

/** The types of which a named set may be. */
export type SetTypeName = Exclude<ValueTypeName, 'octet' | 'short'>;
