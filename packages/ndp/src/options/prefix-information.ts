import { DecodeError, Ipv6Prefix } from '@router7/wire';
import type { Shape } from './shape.ts';

/** Prefix information, option 3 (RFC 4861 section 4.6.2). */
export interface PrefixInformation {
  /** Host bits are kept: with R they are the router's own (RFC 6275 section 7.2), otherwise receivers ignore them. */
  readonly prefix: Ipv6Prefix;
  /** L: hosts may take the prefix as on-link. */
  readonly onLink: boolean;
  /** A: hosts may form addresses (RFC 4862). */
  readonly autonomous: boolean;
  /** R: the prefix holds the router's whole address (RFC 6275 section 7.2). */
  readonly routerAddress: boolean;
  /** P: hosts should rather ask for a prefix of their own by DHCPv6 (RFC 9762). */
  readonly dhcpv6PdPreferred: boolean;
  /** From now on; 0xffffffff is for ever. */
  readonly validLifetimeSeconds: number;
  /** From now on, not above the valid one; 0xffffffff is for ever. */
  readonly preferredLifetimeSeconds: number;
}

/** Bits of the flags octet (IANA's "IPv6 Neighbor Discovery Prefix Information Option Flags"). */
const Flag = { onLink: 0x80, autonomous: 0x40, routerAddress: 0x20, dhcpv6PdPreferred: 0x10 } as const;

/**
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+---------------+-+-+-+-+-------+
 * |    Type 3     |   Length 4    | Prefix Length |L|A|R|P|  Rsv  |
 * +---------------+---------------+---------------+-+-+-+-+-------+
 * |                        Valid Lifetime                         |
 * +---------------------------------------------------------------+
 * |                      Preferred Lifetime                       |
 * +---------------------------------------------------------------+
 * |                           Reserved                            |
 * +---------------------------------------------------------------+
 * |                      Prefix (16 octets)                       |
 * +---------------------------------------------------------------+
 * ```
 */
export const prefixInformation: Shape<PrefixInformation> = {
  decode(reader) {
    const length = reader.u8();
    if (length > 128) throw new DecodeError('bad-value', `${length} is not a prefix length`, reader.offset - 1);
    const flags = reader.u8();
    const validLifetimeSeconds = reader.u32();
    const preferredLifetimeSeconds = reader.u32();
    reader.skip(4);
    return {
      prefix: new Ipv6Prefix(reader.ipv6(), length),
      onLink: (flags & Flag.onLink) !== 0,
      autonomous: (flags & Flag.autonomous) !== 0,
      routerAddress: (flags & Flag.routerAddress) !== 0,
      dhcpv6PdPreferred: (flags & Flag.dhcpv6PdPreferred) !== 0,
      validLifetimeSeconds,
      preferredLifetimeSeconds,
    };
  },
  encode(writer, value) {
    writer.u8(value.prefix.length);
    writer.u8(
      (value.onLink ? Flag.onLink : 0) |
        (value.autonomous ? Flag.autonomous : 0) |
        (value.routerAddress ? Flag.routerAddress : 0) |
        (value.dhcpv6PdPreferred ? Flag.dhcpv6PdPreferred : 0),
    );
    writer.u32(value.validLifetimeSeconds);
    writer.u32(value.preferredLifetimeSeconds);
    writer.u32(0);
    writer.ipv6(value.prefix.address);
  },
};
