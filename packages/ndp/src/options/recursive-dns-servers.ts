import type { Ipv6Address } from '@router7/wire';
import { readAddresses, type Shape, writeAddresses } from './shape.ts';

/** Recursive DNS servers, option 25 (RFC 8106 section 5.1). */
export interface RecursiveDnsServers {
  /** 0 takes the servers back; 0xffffffff is for ever. */
  readonly lifetimeSeconds: number;
  /** One or more, in order of preference; may be link-local. */
  readonly addresses: readonly Ipv6Address[];
}

/**
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |    Type 25    |    Length     |           Reserved            |
 * +---------------+---------------+-------------------------------+
 * |                           Lifetime                            |
 * +---------------------------------------------------------------+
 * |   Addresses, 16 octets each: "the minimum value is 3", and Length is odd
 * +---------------------------------------------------------------+
 * ```
 */
export const recursiveDnsServers: Shape<RecursiveDnsServers> = {
  decode(reader) {
    reader.skip(2);
    return { lifetimeSeconds: reader.u32(), addresses: readAddresses(reader) };
  },
  encode(writer, { lifetimeSeconds, addresses }) {
    writer.u16(0);
    writer.u32(lifetimeSeconds);
    writeAddresses(writer, addresses);
  },
};
