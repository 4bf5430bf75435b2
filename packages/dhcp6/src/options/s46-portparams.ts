import { DecodeError, EncodeError } from '@router7/wire';
import type { Shape } from './shape.ts';

/** Which ports of a shared IPv4 address are a customer's (RFC 7598 section 4.5). */
export interface S46Portparams {
  /** a: 0 to 15, the number of bits in front that may not all be 0; 6 keeps ports below 1024 away. */
  readonly offset: number;
  /** k: 0 to 16, the number of significant bits of {@link psid}. */
  readonly psidLength: number;
  /** The port set, 16 bits, from the left. */
  readonly psid: number;
}

/**
 * 93, S46 port parameters (RFC 7598 section 4.5).
 *
 * ```
 * +---------------+---------------+-------------------------------+
 * |    offset     |   PSID-len    |             PSID              |
 * +---------------+---------------+-------------------------------+
 * ```
 */
export const s46Portparams: Shape<S46Portparams> = {
  decode(reader) {
    const value = { offset: reader.u8(), psidLength: reader.u8(), psid: reader.u16() };
    if (!isAllowed(value)) throw new DecodeError('bad-value', 'port parameters out of their range', reader.offset - 4);
    return value;
  },
  encode(writer, value) {
    if (!isAllowed(value)) throw new EncodeError('bad-value', 'port parameters out of their range');
    writer.u8(value.offset);
    writer.u8(value.psidLength);
    writer.u16(value.psid);
  },
};

/** "Allowed values range from 0 to 15", "from 0 to 16". */
function isAllowed({ offset, psidLength }: S46Portparams): boolean {
  return offset <= 15 && psidLength <= 16;
}
