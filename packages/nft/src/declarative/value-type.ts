import { decodeUtf8, EncodeError, encodeUtf8, Ipv4Address, Ipv6Address, MacAddress } from '@router7/wire';
import { formatDuration, parseDuration } from './duration.ts';
import { integer, type NumberOptions } from './integer-type.ts';
import * as symbols from './symbols.ts';
import type { Scalar, ValueType } from './value.ts';

export type { Scalar, ValueType } from './value.ts';

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

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(IFNAME_LENGTH);
  whole.set(bytes);
  return whole;
}

function decodeName(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0);
  if (end <= 0 || bytes.subarray(end).some((octet) => octet !== 0)) return undefined;
  const name = decodeUtf8(bytes.subarray(0, end));
  return /[\s/\uFFFD*]/.test(name) ? undefined : name;
}

/** `lan0` and other texts of up to 15 octets, with zeros behind. */
function nameType(name: string, code: number): ValueType {
  return {
    ...{ name, code, length: IFNAME_LENGTH, hostOrder: true, bits: false, byteOrder: 1 },
    encode: (value) => padded(encodeInterfaceName(String(value))),
    decode: decodeName,
  };
}

interface Address {
  toBytes(): Uint8Array;
}

function addressType(
  name: string,
  code: number,
  length: number,
  address: { parse(text: string): Address; fromBytes(bytes: Uint8Array): Address },
): ValueType {
  return {
    ...{ name, code, length, hostOrder: false, bits: false, byteOrder: 2 },
    encode: (value) => address.parse(String(value)).toBytes(),
    decode: (bytes) => (bytes.length === length ? String(address.fromBytes(bytes)) : undefined),
  };
}

/** `1h30m`, or a number of seconds; in the register milliseconds. */
function encodeTime(value: Scalar): number | undefined {
  return /^\d+$/.test(String(value)) ? Number(value) * 1000 : parseDuration(value);
}

const DAY_SECONDS = 86_400;

/** `17:30`, a time of the day in UTC; in the register seconds since midnight. */
function encodeHour(value: Scalar): number | undefined {
  const parsed = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(String(value));
  if (parsed === null) return undefined;
  const seconds = Number(parsed[1]) * 3600 + Number(parsed[2]) * 60 + Number(parsed[3] ?? 0);
  return seconds < DAY_SECONDS ? seconds : undefined;
}

function decodeHour(seconds: number): string | number {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  if (seconds >= DAY_SECONDS) return seconds;
  const text = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}`;
  return seconds % 60 === 0 ? text : `${text}:${two(seconds % 60)}`;
}

/** `1:2`, as `tc` writes it: two hexadecimal numbers of 16 bits. */
function encodeClass(value: Scalar): number | undefined {
  const parsed = /^([\da-f]{0,4}):([\da-f]{0,4})$/i.exec(String(value));
  if (parsed === null) return undefined;
  return Number.parseInt(parsed[1] || '0', 16) * 0x1_0000 + Number.parseInt(parsed[2] || '0', 16);
}

const decodeClass = (value: number): string => `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;

const LABEL_LENGTH = 16;

/** A label of connection tracking, by its bit. */
const labelType: ValueType = {
  ...{ name: 'ct_label', code: 30, length: LABEL_LENGTH, hostOrder: true, bits: true, byteOrder: 1 },
  encode(value) {
    const bit = Number(value);
    if (!Number.isInteger(bit) || bit < 0 || bit > 127) throw new EncodeError('out-of-range', `${value} is no label`);
    const bytes = new Uint8Array(LABEL_LENGTH);
    bytes[bit >> 3] = 1 << (bit & 7);
    return bytes;
  },
  decode(bytes) {
    const octet = bytes.findIndex((each) => each !== 0);
    const bit = Math.log2(bytes[octet] ?? 0);
    const alone = Number.isInteger(bit) && bytes.every((each, index) => index === octet || each === 0);
    return alone ? octet * 8 + bit : undefined;
  },
};

const host = { hostOrder: true } as const;
const none = { byteOrder: 0 } as const;
const words = (table: { readonly [word: string]: number }): NumberOptions => ({ words: table });

/** The types there are, by nft's names; the last ones stand for its `integer` of so many bits. */
export const valueTypes: { readonly [T in ValueTypeName]: ValueType } = {
  nf_proto: integer('nf_proto', 2, 1, { ...words(symbols.nfProtocols), ...none }),
  ipv4_addr: addressType('ipv4_addr', 7, 4, Ipv4Address),
  ipv6_addr: addressType('ipv6_addr', 8, 16, Ipv6Address),
  ether_addr: addressType('ether_addr', 9, 6, MacAddress),
  ether_type: integer('ether_type', 10, 2, words(symbols.etherTypes)),
  arp_op: integer('arp_op', 11, 2, words(symbols.arpOperations)),
  inet_proto: integer('inet_proto', 12, 1, { ...words(symbols.protocols), ...none }),
  inet_service: integer('inet_service', 13, 2),
  icmp_type: integer('icmp_type', 14, 1, words(symbols.icmpTypes)),
  tcp_flag: integer('tcp_flag', 15, 1, { ...words(symbols.tcpFlags), bits: true }),
  dccp_pkttype: integer('dccp_pkttype', 16, 1, { ...words(symbols.dccpTypes), ...none, width: 4 }),
  mh_type: integer('mh_type', 17, 1, words(symbols.mobilityTypes)),
  time: integer('time', 18, 4, { ...host, parse: encodeTime, format: formatDuration }),
  mark: integer('mark', 19, 4, host),
  iface_index: integer('iface_index', 20, 4, host),
  iface_type: integer('iface_type', 21, 2, { ...words(symbols.interfaceTypes), ...host }),
  realm: integer('realm', 22, 4, { ...words(symbols.realms), ...host }),
  classid: integer('classid', 23, 4, { ...host, parse: encodeClass, format: decodeClass }),
  uid: integer('uid', 24, 4, host),
  gid: integer('gid', 25, 4, host),
  ct_state: integer('ct_state', 26, 4, { ...words(symbols.ctStates), ...host, bits: true }),
  ct_dir: integer('ct_dir', 27, 1, { ...words(symbols.ctDirections), ...none }),
  ct_status: integer('ct_status', 28, 4, { ...words(symbols.ctStatuses), ...host, bits: true }),
  icmpv6_type: integer('icmpv6_type', 29, 1, words(symbols.icmpv6Types)),
  ct_label: labelType,
  pkt_type: integer('pkt_type', 31, 1, { ...words(symbols.packetTypes), byteOrder: 1 }),
  icmp_code: integer('icmp_code', 32, 1, words(symbols.icmpCodes)),
  icmpv6_code: integer('icmpv6_code', 33, 1, words(symbols.icmpv6RejectCodes)),
  devgroup: integer('devgroup', 35, 4, { ...words(symbols.deviceGroups), ...host }),
  dscp: integer('dscp', 36, 1, { ...words(symbols.dscps), width: 6 }),
  ecn: integer('ecn', 37, 1, { ...words(symbols.ecns), width: 2 }),
  fib_addrtype: integer('fib_addrtype', 38, 4, { ...words(symbols.addressTypes), ...host }),
  boolean: integer('boolean', 39, 1, { ...words(symbols.presence), ...none }),
  ct_event: integer('ct_event', 40, 4, { ...words(symbols.ctEvents), ...host, bits: true }),
  ifname: nameType('ifname', 41),
  igmp_type: integer('igmp_type', 42, 1, words(symbols.igmpTypes)),
  date: integer('time', 43, 8, host),
  hour: integer('hour', 44, 4, { ...host, parse: encodeHour, format: decodeHour }),
  day: integer('day', 45, 1, { ...words(symbols.days), byteOrder: 1 }),
  cgroupsv2: integer('cgroupsv2', 46, 8, host),
  string: nameType('string', 5),
  presence: integer('boolean', 39, 4, { ...words(symbols.presence), ...host }),
  octet: integer('integer', 4, 1),
  short: integer('integer', 4, 2),
  medium: integer('integer', 4, 3),
  word: integer('integer', 4, 4),
  hostWord: integer('integer', 4, 4, host),
  hostShort: integer('integer', 4, 2, host),
  hostLong: integer('integer', 4, 8, host),
};

/** The types there are, by nft's names. */
export type ValueTypeName =
  | SetTypeName
  | ('ct_label' | 'ct_event' | 'date' | 'hour' | 'day' | 'string' | 'presence')
  | ('octet' | 'short' | 'medium' | 'word' | 'hostWord' | 'hostShort' | 'hostLong');

/** The types of which a named set may be. */
export type SetTypeName =
  | ('nf_proto' | 'ipv4_addr' | 'ipv6_addr' | 'ether_addr' | 'ether_type' | 'arp_op' | 'inet_proto' | 'inet_service')
  | ('icmp_type' | 'icmp_code' | 'icmpv6_type' | 'icmpv6_code' | 'igmp_type' | 'tcp_flag' | 'dccp_pkttype' | 'mh_type')
  | ('dscp' | 'ecn' | 'mark' | 'iface_index' | 'iface_type' | 'ifname' | 'devgroup' | 'pkt_type' | 'realm' | 'classid')
  | ('uid' | 'gid' | 'ct_state' | 'ct_dir' | 'ct_status' | 'time' | 'fib_addrtype' | 'boolean' | 'cgroupsv2');
