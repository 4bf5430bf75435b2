import { EncodeError } from '@router7/wire';
import { readItems, writeItems } from './items.ts';
import { badLength, type Shape } from './shape.ts';

/**
 * 15, user class (RFC 9915 section 21.15): pieces of data with a length of 2 octets each. "The user-class-data field MUST
 * contain one or more instances".
 */
export const userClass: Shape<readonly Uint8Array[]> = {
  decode(reader) {
    if (reader.remaining === 0) throw badLength(reader);
    return readItems(reader);
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'user classes are at least one');
    writeItems(writer, value);
  },
};
