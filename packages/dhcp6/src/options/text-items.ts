import { EncodeError } from '@router7/wire';
import { badLength, readText, type Shape, writeText } from './shape.ts';

/** Texts in UTF-8, one or more, with a length of 2 octets each (options 60, RFC 5970, and 136, RFC 8572). */
export const textItems: Shape<readonly string[]> = {
  decode(reader) {
    if (reader.remaining === 0) throw badLength(reader);
    const texts: string[] = [];
    while (reader.remaining > 0) texts.push(readText(reader.sub(reader.u16())));
    return texts;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'a list of texts has at least one');
    for (const text of value) {
      const at = writer.length;
      writer.u16(0);
      writeText(writer, text);
      const length = writer.length - at - 2;
      if (length > 0xffff) throw new EncodeError('too-long', `${length} octets have no length of 2 octets`);
      writer.patchU16(at, length);
    }
  },
};
