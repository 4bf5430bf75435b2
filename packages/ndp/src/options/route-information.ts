import { DecodeError, Ipv6Prefix } from '@router7/wire';
import { type Preference, preferenceBits, preferenceOf } from '../preference.ts';
import { badLength, readLeadingOctets, type Shape, writeLeadingOctets } from './shape.ts';

/** A route by way of the advertising router, option 24 (RFC 4191 section 2.3). */
export interface RouteInformation {
  /** Without host bits. */
  readonly prefix: Ipv6Prefix;
  readonly preference: Preference;
  /** 0 takes the route back; 0xffffffff is for ever. */
  readonly routeLifetimeSeconds: number;
  /** Set where more octets were sent than the prefix needs, as radvd does it: a shorter prefix may take 8 or 16. */
  readonly prefixOctets?: 8 | 16;
}

/**
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+---------------+-----+---+-----+
 * |    Type 24    |    Length     | Prefix Length | Rsv |Prf| Rsv |
 * +---------------+---------------+---------------+-----+---+-----+
 * |                        Route Lifetime                         |
 * +---------------------------------------------------------------+
 * |                   Prefix (0, 8 or 16 octets)                  |
 * +---------------------------------------------------------------+
 * ```
 */
export const routeInformation: Shape<RouteInformation> = {
  decode(reader) {
    const length = reader.u8();
    if (length > 128) throw new DecodeError('bad-value', `${length} is not a prefix length`, reader.offset - 1);
    const preference = preferenceOf((reader.u8() >>> 3) & 3);
    // "If the Reserved (10) value is received, the Route Information Option MUST be ignored."
    if (preference === undefined) {
      throw new DecodeError('bad-value', 'the preference is the reserved one', reader.offset - 1);
    }
    const routeLifetimeSeconds = reader.u32();
    // "If Prefix Length is greater than 64, then Length must be 3. If Prefix Length is greater than 0, then Length must be
    // 2 or 3. If Prefix Length is zero, then Length must be 1, 2, or 3."
    if (reader.remaining < prefixOctets(length) || reader.remaining > 16) throw badLength(reader);
    // "The bits in the prefix after the prefix length (if any) ... MUST be ... ignored by the receiver."
    const octets = reader.remaining;
    const { network } = new Ipv6Prefix(readLeadingOctets(reader, octets), length);
    const route = { prefix: new Ipv6Prefix(network, length), preference, routeLifetimeSeconds };
    return octets === prefixOctets(length) ? route : { ...route, prefixOctets: octets as 8 | 16 };
  },
  encode(writer, { prefix, preference, routeLifetimeSeconds, prefixOctets: octets }) {
    writer.u8(prefix.length);
    writer.u8(preferenceBits(preference) << 3);
    writer.u32(routeLifetimeSeconds);
    writeLeadingOctets(writer, new Ipv6Prefix(prefix.network, prefix.length), octets ?? prefixOctets(prefix.length));
  },
};

/** What a prefix needs at least. */
function prefixOctets(length: number): number {
  return Math.ceil(length / 64) * 8;
}
