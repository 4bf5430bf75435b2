import { DecodeError, EncodeError } from '@router7/wire';
import { type Shape, tooShort } from './shape.ts';
import type { SubOption } from './sub-option.ts';

const PAD = 0;
const END = 255;

/**
 * 175, Etherboot and its successor iPXE (tentatively assigned by IANA, no RFC): options of their own, with pad and end
 * as in RFC 2132. A pad or anything behind the end would not come back, so neither is accepted; such a value is
 * kept as `malformed`.
 */
export const etherboot: Shape<readonly SubOption[]> = {
  decode(reader) {
    if (reader.remaining === 0) throw tooShort(reader);
    const found: SubOption[] = [];
    while (reader.remaining > 0) {
      const code = reader.u8();
      if (code === PAD || code === END) {
        throw new DecodeError('bad-value', `code ${code} inside of option 175`, reader.offset - 1);
      }
      found.push({ code, data: reader.bytes(reader.u8()) });
    }
    return found;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'sub-options are at least one');
    for (const { code, data } of value) {
      if (code === PAD || code === END) throw new EncodeError('bad-value', `code ${code} inside of option 175`);
      if (data.length > 255) throw new EncodeError('too-long', `sub-option ${code} has ${data.length} octets`);
      writer.u8(code);
      writer.u8(data.length);
      writer.bytes(data);
    }
  },
};
