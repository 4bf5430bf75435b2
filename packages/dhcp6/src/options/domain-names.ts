import { decodeDnsName, EncodeError, encodeDnsName } from '@router7/wire';
import { badLength, type Shape } from './shape.ts';

/** DNS names, one or more; a domain name "MUST NOT be stored in compressed form" (RFC 9915 section 10). */
export const domainNames: Shape<readonly string[]> = {
  decode(reader) {
    if (reader.remaining === 0) throw badLength(reader);
    const data = reader.rest();
    const names: string[] = [];
    for (let at = 0; at < data.length; ) {
      const { name, end } = decodeDnsName(data, at, false);
      names.push(name);
      at = end;
    }
    return names;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'names are at least one');
    for (const name of value) encodeDnsName(writer, name);
  },
};
