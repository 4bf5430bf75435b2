import type { IaNa } from '../option.ts';
import type { NestingShape } from './nesting-shape.ts';

/**
 * 3, IA_NA (RFC 9915 section 21.4), and 25, IA_PD (section 21.21).
 *
 * ```
 * +---------------------------------------------------------------+
 * |                        IAID (4 octets)                        |
 * +---------------------------------------------------------------+
 * |                              T1                               |
 * +---------------------------------------------------------------+
 * |                              T2                               |
 * +---------------------------------------------------------------+
 * |                        options (variable)                     |
 * +---------------------------------------------------------------+
 * ```
 */
export const iaNa: NestingShape<IaNa> = {
  decode: (reader, nested) => ({
    iaid: reader.u32(),
    t1Seconds: reader.u32(),
    t2Seconds: reader.u32(),
    options: nested.options(reader),
  }),
  encode(writer, value, nested) {
    writer.u32(value.iaid);
    writer.u32(value.t1Seconds);
    writer.u32(value.t2Seconds);
    nested.options(writer, value.options);
  },
};
