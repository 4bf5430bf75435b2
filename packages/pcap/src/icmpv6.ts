import {
  ByteReader,
  ByteWriter,
  DecodeError,
  type Ipv6Address,
  internetChecksum,
  pseudoHeaderSumV6,
} from '@router7/wire';
import { IpProtocol } from './ip-protocol.ts';

/**
 * An ICMPv6 message (RFC 4443 section 2.1). The checksum is made on encoding.
 *
 * ```
 * +---------------+---------------+-------------------------------+
 * |     Type      |     Code      |           Checksum            |
 * +---------------+---------------+-------------------------------+
 * |                         Message Body                          |
 * ```
 */
export interface Icmpv6Message {
  /** Below 128 an error, otherwise for information. */
  readonly type: number;
  readonly code: number;
  readonly body: Uint8Array;
}

/** The addresses of the IPv6 packet around a message: the checksum covers them (RFC 4443 section 2.3). */
export interface Ipv6AddressPair {
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
}

/** How {@link decodeIcmpv6} goes about it. */
export interface Icmpv6DecodeOptions {
  /** Refuse a wrong checksum, as computed with these addresses. Without them it is not looked at. */
  readonly verifyChecksum?: Ipv6AddressPair;
  /** Offset of the first octet in the whole frame, for errors; 0 when absent. */
  readonly base?: number;
}

/**
 * Decodes an ICMPv6 message.
 *
 * @throws DecodeError `truncated` or `bad-checksum`
 */
export function decodeIcmpv6(bytes: Uint8Array, options: Icmpv6DecodeOptions = {}): Icmpv6Message {
  const base = options.base ?? 0;
  const reader = new ByteReader(bytes, base);
  const type = reader.u8();
  const code = reader.u8();
  reader.skip(2);
  if (options.verifyChecksum !== undefined && checksum(bytes, options.verifyChecksum) !== 0) {
    throw new DecodeError('bad-checksum', 'the ICMPv6 checksum does not match', base + 2);
  }
  return { type, code, body: reader.rest() };
}

/**
 * Encodes an ICMPv6 message for a packet between the given addresses.
 *
 * @throws EncodeError `out-of-range`
 */
export function encodeIcmpv6(message: Icmpv6Message, addresses: Ipv6AddressPair): Uint8Array {
  const writer = new ByteWriter(4 + message.body.length);
  writer.u8(message.type);
  writer.u8(message.code);
  writer.u16(0);
  writer.bytes(message.body);
  writer.patchU16(2, checksum(writer.view(), addresses));
  return writer.finish();
}

function checksum(message: Uint8Array, { source, destination }: Ipv6AddressPair): number {
  return internetChecksum(message, pseudoHeaderSumV6(source, destination, IpProtocol.icmpv6, message.length));
}
