import { type ByteReader, type ByteWriter, EncodeError } from '@router7/wire';
import { type Shape, tooShort } from './shape.ts';

/** A code with octets inside of another option. */
export interface SubOption {
  readonly code: number;
  readonly data: Uint8Array;
}

/** Reads codes, lengths and octets to the end; nothing is padding or an end mark. */
export function readSubOptions(reader: ByteReader): SubOption[] {
  const subOptions: SubOption[] = [];
  while (reader.remaining > 0) {
    const code = reader.u8();
    subOptions.push({ code, data: reader.bytes(reader.u8()) });
  }
  return subOptions;
}

/** Writes codes, lengths and octets. @throws EncodeError `too-long` when a sub-option has more than 255 octets */
export function writeSubOptions(writer: ByteWriter, value: readonly SubOption[]): void {
  for (const { code, data } of value) {
    if (data.length > 255) throw new EncodeError('too-long', `sub-option ${code} has ${data.length} octets`);
    writer.u8(code);
    writer.u8(data.length);
    writer.bytes(data);
  }
}

/** Sub-options that fill a whole option, one or more. */
export const subOptions: Shape<readonly SubOption[]> = {
  decode(reader) {
    if (reader.remaining === 0) throw tooShort(reader);
    return readSubOptions(reader);
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'sub-options are at least one');
    writeSubOptions(writer, value);
  },
};
