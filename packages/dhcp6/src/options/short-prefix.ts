import { type ByteReader, type ByteWriter, DecodeError, Ipv6Address, Ipv6Prefix } from '@router7/wire';

/**
 * Reads a prefix as the S46 options have it (RFC 7598 section 4): its length in bits, and as few octets as hold that many
 * bits. Bits behind them in the last octet are kept.
 *
 * @throws DecodeError `bad-value` (over 128 bits), `truncated`
 */
export function readShortPrefix(reader: ByteReader): Ipv6Prefix {
  const length = reader.u8();
  if (length > 128) throw new DecodeError('bad-value', `a prefix length of ${length}`, reader.offset - 1);
  const octets = new Uint8Array(16);
  octets.set(reader.bytes(Math.ceil(length / 8)));
  return new Ipv6Prefix(Ipv6Address.fromBytes(octets), length);
}

/** Writes a prefix as the S46 options have it. */
export function writeShortPrefix(writer: ByteWriter, prefix: Ipv6Prefix): void {
  writer.u8(prefix.length);
  writer.bytes(prefix.address.toBytes().subarray(0, Math.ceil(prefix.length / 8)));
}
