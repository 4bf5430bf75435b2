import { DecodeError, decodeDnsName, EncodeError, encodeDnsName } from '@router7/wire';
import { checkPadding, type Shape } from './shape.ts';

/** DNS search list, option 31 (RFC 8106 section 5.2). */
export interface DnsSearchList {
  /** 0 takes the names back; 0xffffffff is for ever. */
  readonly lifetimeSeconds: number;
  /** One or more, in presentation form without the final dot. */
  readonly domainNames: readonly string[];
}

/**
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |    Type 31    |    Length     |           Reserved            |
 * +---------------+---------------+-------------------------------+
 * |                           Lifetime                            |
 * +---------------------------------------------------------------+
 * |   Domain names, each of labels and a zero octet, without compression
 * +---------------------------------------------------------------+
 * ```
 */
export const dnsSearchList: Shape<DnsSearchList> = {
  padded: true,
  decode(reader) {
    reader.skip(2);
    const lifetimeSeconds = reader.u32();
    const offset = reader.offset;
    const data = reader.rest();
    const domainNames: string[] = [];
    let at = 0;
    // A zero octet where a name would start is padding: the root is not something to search in.
    while ((data[at] ?? 0) !== 0) {
      const { name, end } = decodeDnsName(data, at, false);
      domainNames.push(name);
      at = end;
    }
    if (domainNames.length === 0) throw new DecodeError('bad-length', 'no domain names', offset);
    checkPadding(data, at, offset);
    return { lifetimeSeconds, domainNames };
  },
  encode(writer, { lifetimeSeconds, domainNames }) {
    if (domainNames.length === 0) throw new EncodeError('bad-value', 'domain names are at least one');
    writer.u16(0);
    writer.u32(lifetimeSeconds);
    for (const name of domainNames) {
      if (name === '.') throw new EncodeError('bad-value', 'the root is not something to search in');
      encodeDnsName(writer, name);
    }
  },
};
