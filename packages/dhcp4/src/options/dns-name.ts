import { DecodeError, decodeDnsName, encodeDnsName } from '@router7/wire';
import type { Shape } from './shape.ts';

/** One DNS name in wire form, without compression (options 137, 147 and 213). */
export const dnsName: Shape<string> = {
  decode(reader) {
    const offset = reader.offset;
    const data = reader.rest();
    const { name, end } = decodeDnsName(data, 0, false);
    if (end !== data.length) throw new DecodeError('leftover', `${data.length - end} octets left over`, offset + end);
    return name;
  },
  encode: (writer, value) => encodeDnsName(writer, value),
};
