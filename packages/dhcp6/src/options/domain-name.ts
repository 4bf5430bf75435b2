import { DecodeError, decodeDnsName, encodeDnsName } from '@router7/wire';
import type { Shape } from './shape.ts';

/** One DNS name in wire form, without compression (RFC 9915 section 10). */
export const domainName: Shape<string> = {
  decode(reader) {
    const offset = reader.offset;
    const data = reader.rest();
    const { name, end } = decodeDnsName(data, 0, false);
    if (end !== data.length) throw new DecodeError('leftover', `${data.length - end} octets left over`, offset + end);
    return name;
  },
  encode: (writer, value) => encodeDnsName(writer, value),
};
