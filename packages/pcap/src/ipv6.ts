import { ByteReader, ByteWriter, DecodeError, EncodeError, type Ipv6Address } from '@router7/wire';
import { bitField } from './bit-field.ts';
import { IpProtocol } from './ip-protocol.ts';

const HEADER = 40;

/** One extension header of an IPv6 packet (RFC 8200 section 4), kept raw. */
export interface Ipv6ExtensionHeader {
  /** Which one: hop-by-hop options, routing, fragment, destination options or authentication, of `IpProtocol`. */
  readonly type: number;
  /** What follows the first two octets (Next Header, and a length that encoding makes). */
  readonly data: Uint8Array;
}

/**
 * An IPv6 packet (RFC 8200 section 3). Payload Length is made on encoding.
 *
 * ```
 *  0                   1                   2                   3
 * +-------+---------------+---------------------------------------+
 * |Version| Traffic Class |              Flow Label               |
 * +-------+---------------+-------+---------------+---------------+
 * |        Payload Length         |  Next Header  |   Hop Limit   |
 * +-------------------------------+---------------+---------------+
 * |        Source Address, Destination Address, 128 bits each     |
 * ```
 */
export interface Ipv6Packet {
  /** DSCP and ECN. */
  readonly trafficClass: number;
  readonly flowLabel: number;
  readonly hopLimit: number;
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
  /** In the order of the packet; mostly none. */
  readonly extensionHeaders: readonly Ipv6ExtensionHeader[];
  /** Of the payload, behind all extension headers: `IpProtocol`, or another number. */
  readonly nextHeader: number;
  /** As long as Payload Length says, without extension headers. */
  readonly payload: Uint8Array;
}

/** What a Fragment header says (RFC 8200 section 4.5). */
export interface Ipv6Fragment {
  /** Where the payload belongs in the unfragmented one, in octets, a multiple of 8. */
  readonly offset: number;
  readonly moreFragments: boolean;
  readonly identification: number;
}

/**
 * Decodes an IPv6 packet and walks its extension headers. What lies behind Payload Length is dropped.
 *
 * The walk ends at the first header that is not one of the five (so at ESP, too, whose inside is encrypted), and
 * behind the Fragment header of any piece but the first, where no header starts.
 *
 * @param base offset of `bytes[0]` in the whole frame, for errors
 * @throws DecodeError `truncated`, `bad-magic` (version), `bad-length` (authentication header), `bad-value`
 */
export function decodeIpv6(bytes: Uint8Array, base: number = 0): Ipv6Packet {
  const reader = new ByteReader(bytes, base);
  const first = reader.u32();
  if (first >>> 28 !== 6) throw new DecodeError('bad-magic', 'not IP version 6', base);
  const payloadLength = reader.u16();
  let nextHeader = reader.u8();
  const hopLimit = reader.u8();
  const source = reader.ipv6();
  const destination = reader.ipv6();
  const inner = reader.sub(payloadLength);
  const extensionHeaders: Ipv6ExtensionHeader[] = [];
  while (isExtensionHeader(nextHeader)) {
    // RFC 8200 4.1: the Hop-by-Hop Options header "is restricted to appear immediately after an IPv6 header only".
    if (nextHeader === IpProtocol.hopByHop && extensionHeaders.length > 0) {
      throw new DecodeError('bad-value', 'Hop-by-Hop Options behind another header', inner.offset);
    }
    const at = inner.offset;
    const type = nextHeader;
    nextHeader = inner.u8();
    const length = dataLength(type, inner.u8());
    if (length < 0) throw new DecodeError('bad-length', 'an authentication header without its fields', at + 1);
    const data = inner.bytes(length);
    extensionHeaders.push({ type, data });
    if (type === IpProtocol.fragment && readFragment(data).offset > 0) break;
  }
  return {
    trafficClass: (first >>> 20) & 0xff,
    flowLabel: first & 0xf_ffff,
    hopLimit,
    source,
    destination,
    extensionHeaders,
    nextHeader,
    payload: inner.rest(),
  };
}

/** What the packet's Fragment header says, or undefined when it has none. */
export function ipv6Fragment(packet: Ipv6Packet): Ipv6Fragment | undefined {
  const header = packet.extensionHeaders.find(({ type }) => type === IpProtocol.fragment);
  return header === undefined ? undefined : readFragment(header.data);
}

/**
 * Whether the payload is a piece of a larger one. A Fragment header alone does not make it one: an "atomic" fragment
 * is the whole (RFC 6946).
 */
export function isIpv6Fragment(packet: Ipv6Packet): boolean {
  const fragment = ipv6Fragment(packet);
  return fragment !== undefined && (fragment.moreFragments || fragment.offset > 0);
}

/**
 * Encodes an IPv6 packet. Each header's Next Header field comes from its successor.
 *
 * @throws EncodeError `out-of-range`, `too-long` (payload over 65535 octets: no jumbograms), or `bad-value` for an
 *   extension header whose type is none or whose data do not fill whole units of 8 octets (4 for authentication)
 */
export function encodeIpv6(packet: Ipv6Packet): Uint8Array {
  const { extensionHeaders } = packet;
  const trafficClass = bitField('traffic class', packet.trafficClass, 8);
  const flowLabel = bitField('flow label', packet.flowLabel, 20);
  const writer = new ByteWriter(HEADER + packet.payload.length + 64 * extensionHeaders.length);
  writer.u32(((6 << 28) | (trafficClass << 20) | flowLabel) >>> 0);
  writer.u16(0);
  writer.u8(extensionHeaders[0]?.type ?? packet.nextHeader);
  writer.u8(packet.hopLimit);
  writer.ipv6(packet.source);
  writer.ipv6(packet.destination);
  for (const [i, { type, data }] of extensionHeaders.entries()) {
    writer.u8(extensionHeaders[i + 1]?.type ?? packet.nextHeader);
    writer.u8(lengthOctet(type, data.length));
    writer.bytes(data);
  }
  writer.bytes(packet.payload);
  const length = writer.length - HEADER;
  if (length > 0xffff) throw new EncodeError('too-long', `an IPv6 payload cannot have ${length} octets`);
  writer.patchU16(4, length);
  return writer.finish();
}

function isExtensionHeader(type: number): boolean {
  switch (type) {
    case IpProtocol.hopByHop:
    case IpProtocol.routing:
    case IpProtocol.fragment:
    case IpProtocol.authentication:
    case IpProtocol.destinationOptions:
      return true;
    default:
      return false;
  }
}

/** Octets behind the first two of a header, from its second octet. */
function dataLength(type: number, octet: number): number {
  if (type === IpProtocol.fragment) return 6; // has no length; the octet is reserved (RFC 8200 section 4.5)
  // RFC 4302 2.2: the length of the Authentication Header is "in 32-bit words (4-byte units), minus 2".
  if (type === IpProtocol.authentication) return 4 * (octet + 2) - 2 < 10 ? -1 : 4 * (octet + 2) - 2;
  return 8 * (octet + 1) - 2; // RFC 8200: "in 8-octet units, not including the first 8 octets"
}

function lengthOctet(type: number, length: number): number {
  if (!isExtensionHeader(type)) throw new EncodeError('bad-value', `${type} is not an IPv6 extension header`);
  const unit = type === IpProtocol.authentication ? 4 : 8;
  const octet = type === IpProtocol.fragment ? 0 : (length + 2) / unit - (unit === 4 ? 2 : 1);
  if (!Number.isInteger(octet) || octet < 0 || dataLength(type, octet) !== length) {
    throw new EncodeError('bad-value', `IPv6 extension header ${type} cannot have ${length} octets of data`);
  }
  return octet;
}

function readFragment(data: Uint8Array): Ipv6Fragment {
  const reader = new ByteReader(data);
  const field = reader.u16();
  return { offset: field & 0xfff8, moreFragments: (field & 1) !== 0, identification: reader.u32() };
}
