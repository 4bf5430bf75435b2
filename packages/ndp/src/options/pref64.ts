import { DecodeError, EncodeError, Ipv6Prefix } from '@router7/wire';
import { readLeadingOctets, type Shape, writeLeadingOctets } from './shape.ts';

/** NAT64 prefix, option 38 (RFC 8781 section 4). */
export interface Pref64 {
  /** A multiple of 8 up to 65528, as it travels in units of 8: see {@link pref64Lifetime}. 0 takes the prefix back. */
  readonly lifetimeSeconds: number;
  /** Of length 96, 64, 56, 48, 40 or 32. */
  readonly prefix: Ipv6Prefix;
}

/** The prefix length of each Prefix Length Code; 6 and 7 are not assigned. */
const LENGTHS: readonly number[] = [96, 64, 56, 48, 40, 32];
const MAX_SCALED_LIFETIME = 8191;

/**
 * A lifetime that the option can carry: "the router needs to round the provided value up to the nearest integer that is
 * divisible by 8 and smaller than 65536" (RFC 8781 section 4.1).
 *
 * @param seconds 0 or more
 */
export function pref64Lifetime(seconds: number): number {
  return Math.min(Math.ceil(seconds / 8), MAX_SCALED_LIFETIME) * 8;
}

/**
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------+-----+
 * |    Type 38    |   Length 2    |     Scaled Lifetime     | PLC |
 * +---------------+---------------+-------------------------+-----+
 * |              Highest 96 bits of the prefix                    |
 * +---------------------------------------------------------------+
 * ```
 */
export const pref64: Shape<Pref64> = {
  decode(reader) {
    const field = reader.u16();
    const length = LENGTHS[field & 7];
    // "The receiver MUST ignore the PREF64 option if the Prefix Length Code field is not set to one of those values."
    if (length === undefined)
      throw new DecodeError('bad-value', `no prefix length has code ${field & 7}`, reader.offset);
    return { lifetimeSeconds: (field >>> 3) * 8, prefix: new Ipv6Prefix(readLeadingOctets(reader, 12), length) };
  },
  encode(writer, { lifetimeSeconds, prefix }) {
    const code = LENGTHS.indexOf(prefix.length);
    if (code < 0) throw new EncodeError('bad-value', `${prefix} has no length of a NAT64 prefix`);
    if (lifetimeSeconds % 8 !== 0) throw new EncodeError('bad-value', `${lifetimeSeconds} is not a multiple of 8`);
    writer.u16(lifetimeSeconds + code);
    writeLeadingOctets(writer, prefix, 12);
  },
};
