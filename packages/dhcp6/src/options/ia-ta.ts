import type { IaTa } from '../option.ts';
import type { NestingShape } from './nesting-shape.ts';

/** 4, IA_TA (RFC 8415 section 21.5): an IAID of 4 octets, then options. */
export const iaTa: NestingShape<IaTa> = {
  decode: (reader, nested) => ({ iaid: reader.u32(), options: nested.options(reader) }),
  encode(writer, value, nested) {
    writer.u32(value.iaid);
    nested.options(writer, value.options);
  },
};
