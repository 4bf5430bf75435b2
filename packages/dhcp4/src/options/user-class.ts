import { EncodeError } from '@router7/wire';
import { type Shape, tooShort } from './shape.ts';

/**
 * 77, user class (RFC 3004 section 4): pieces of data with a length octet each. Many clients send plain text
 * instead; unless that happens to have this form it is kept as `malformed`, with its octets.
 */
export const userClass: Shape<readonly Uint8Array[]> = {
  decode(reader) {
    if (reader.remaining < 2) throw tooShort(reader);
    const classes: Uint8Array[] = [];
    while (reader.remaining > 0) {
      const length = reader.u8();
      // Section 4: each piece has at least one octet.
      if (length === 0) throw tooShort(reader);
      classes.push(reader.bytes(length));
    }
    return classes;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'user classes are at least one');
    for (const data of value) {
      if (data.length === 0) throw new EncodeError('bad-value', 'a user class has at least one octet');
      if (data.length > 255) throw new EncodeError('too-long', 'a user class has at most 255 octets');
      writer.u8(data.length);
      writer.bytes(data);
    }
  },
};
