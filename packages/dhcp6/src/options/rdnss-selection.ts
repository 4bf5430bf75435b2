import { decodeDnsName, encodeDnsName, type Ipv6Address } from '@router7/wire';
import type { Shape } from './shape.ts';

/** A DNS server and what it knows about (RFC 6731 section 4.2). */
export interface RdnssSelection {
  readonly address: Ipv6Address;
  /** The low two bits: 1 high, 0 medium, 3 low preference; the others are to be 0, and are kept. */
  readonly preference: number;
  /** Names in presentation form, also of reverse zones; `.` makes it a server for everything. */
  readonly domains: readonly string[];
}

/**
 * 74, RDNSS selection (RFC 6731 section 4.2).
 *
 * ```
 * +---------------------------------------------------------------+
 * |            DNS-recursive-name-server (16 octets)              |
 * +-----------+---+-----------------------------------------------+
 * | Reserved  |prf|          Domains and networks (variable)      |
 * +-----------+---+-----------------------------------------------+
 * ```
 */
export const rdnssSelection: Shape<RdnssSelection> = {
  decode(reader) {
    const address = reader.ipv6();
    const preference = reader.u8();
    const data = reader.rest();
    const domains: string[] = [];
    for (let at = 0; at < data.length; ) {
      const { name, end } = decodeDnsName(data, at, false);
      domains.push(name);
      at = end;
    }
    return { address, preference, domains };
  },
  encode(writer, value) {
    writer.ipv6(value.address);
    writer.u8(value.preference);
    for (const name of value.domains) encodeDnsName(writer, name);
  },
};
