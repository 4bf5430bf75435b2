import { type ByteReader, DecodeError, EncodeError, type Ipv4Address, Ipv6Prefix } from '@router7/wire';
import { ipv4List, type Shape } from './shape.ts';

/** Parameters of IPv6 rapid deployment (RFC 5969 section 7.1.1). */
export interface SixRd {
  /** High-order bits that all customers' IPv4 addresses share, 0 to 32; the others go into the IPv6 prefix. */
  readonly ipv4MaskLength: number;
  readonly prefix: Ipv6Prefix;
  /** Border relays, at least one. */
  readonly borderRelays: readonly Ipv4Address[];
}

/**
 * 212, 6rd (RFC 5969 section 7.1.1).
 *
 * ```
 * +---------------+---------------+
 * | IPv4MaskLen   | 6rdPrefixLen  |
 * +---------------+---------------+-------------------------------+
 * |                        6rdPrefix (16 octets)                  |
 * +---------------------------------------------------------------+
 * |                    6rdBRIPv4Address(es) (4 octets each)       |
 * +---------------------------------------------------------------+
 * ```
 */
export const sixRd: Shape<SixRd> = {
  decode(reader) {
    const ipv4MaskLength = reader.u8();
    const length = reader.u8();
    if (!fits(ipv4MaskLength, length)) throw badLengths(reader);
    return {
      ipv4MaskLength,
      prefix: new Ipv6Prefix(reader.ipv6(), length),
      borderRelays: ipv4List.decode(reader),
    };
  },
  encode(writer, value) {
    if (!fits(value.ipv4MaskLength, value.prefix.length)) {
      throw new EncodeError('bad-value', 'the delegated prefix would be longer than 128 bits');
    }
    writer.u8(value.ipv4MaskLength);
    writer.u8(value.prefix.length);
    writer.ipv6(value.prefix.address);
    ipv4List.encode(writer, value.borderRelays);
  },
};

/** "The sum of (32 - IPv4MaskLen) + 6rdPrefixLen MUST be less than or equal to 128." */
function fits(ipv4MaskLength: number, prefixLength: number): boolean {
  return ipv4MaskLength <= 32 && prefixLength + 32 - ipv4MaskLength <= 128;
}

function badLengths(reader: ByteReader): DecodeError {
  return new DecodeError('bad-value', 'the delegated prefix would be longer than 128 bits', reader.offset - 2);
}
