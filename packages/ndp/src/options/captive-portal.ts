import { bytesEqual, DecodeError, decodeUtf8, EncodeError, encodeUtf8 } from '@router7/wire';
import { checkPadding, type Shape } from './shape.ts';

/**
 * Captive portal, option 37 (RFC 8910 section 2.3): a URI, "padded with NULs (0x00) to make the total option length ... a
 * multiple of 8 bytes". `urn:ietf:params:capport:unrestricted` says that there is none.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |    Type 37    |    Length     |             URI ...
 * +---------------+---------------+-------------------------------+
 * ```
 */
export const captivePortal: Shape<string> = {
  padded: true,
  decode(reader) {
    const offset = reader.offset;
    const bytes = reader.rest();
    const end = bytes.indexOf(0) < 0 ? bytes.length : bytes.indexOf(0);
    if (end === 0) throw new DecodeError('bad-length', 'the URI is empty', offset);
    checkPadding(bytes, end, offset);
    const encoded = bytes.subarray(0, end);
    const uri = decodeUtf8(encoded);
    if (!bytesEqual(encodeUtf8(uri), encoded)) throw new DecodeError('bad-value', 'the URI is not UTF-8', offset);
    return uri;
  },
  encode(writer, value) {
    if (value === '' || value.includes('\0') || !value.isWellFormed()) {
      throw new EncodeError('bad-value', `${JSON.stringify(value)} is not a URI`);
    }
    writer.utf8(value);
  },
};
