import { type ByteReader, type ByteWriter, DecodeError, EncodeError } from '@router7/wire';
import type { RecordShape } from './shape.ts';

/** Reads a length octet and as many octets. @throws DecodeError */
export function readString(reader: ByteReader): Uint8Array {
  return reader.bytes(reader.u8());
}

/** Writes a length octet and the octets. @throws EncodeError `too-long` over 255 */
export function writeString(writer: ByteWriter, value: Uint8Array): void {
  if (value.length > 255) throw new EncodeError('too-long', `a string of ${value.length} octets is over 255`);
  writer.u8(value.length);
  writer.bytes(value);
}

/** 16, TXT: "One or more <character-string>s" (RFC 1035 section 3.3.14). */
export const text: RecordShape<readonly Uint8Array[]> = {
  decode({ reader }) {
    if (reader.remaining === 0) throw new DecodeError('missing', 'no string at all', reader.offset);
    const strings: Uint8Array[] = [];
    while (reader.remaining > 0) strings.push(readString(reader));
    return strings;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'a TXT record has a string at least');
    for (const string of value) writeString(writer, string);
  },
};
