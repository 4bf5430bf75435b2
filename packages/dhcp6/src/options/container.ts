import type { OptionContainer } from '../option.ts';
import type { NestingShape } from './nesting-shape.ts';

/** Options and nothing else: 66 (RFC 6422 section 3), 94, 95 and 96 (RFC 7598 section 5). */
export const container: NestingShape<OptionContainer> = {
  decode: (reader, nested) => ({ options: nested.options(reader) }),
  encode: (writer, value, nested) => nested.options(writer, value.options),
};
