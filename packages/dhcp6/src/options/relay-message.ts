import type { Message } from '../option.ts';
import type { NestingShape } from './nesting-shape.ts';

/** 9, relay message (RFC 9915 section 21.10): the message that is relayed, which can be one of a relay agent again. */
export const relayMessage: NestingShape<Message> = {
  decode: (reader, nested) => nested.message(reader),
  encode: (writer, value, nested) => nested.message(writer, value),
};
