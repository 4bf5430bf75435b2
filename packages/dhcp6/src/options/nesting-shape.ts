import type { ByteReader, ByteWriter } from '@router7/wire';
import type { Message, Option } from '../option.ts';

/** How to decode what is inside of an option: how deep that may be is its business. */
export interface NestedDecoder {
  /** Options to the reader's end. @throws DecodeError `truncated`, `limit` */
  options(reader: ByteReader): Option[];
  /** A whole message, to the reader's end. @throws DecodeError */
  message(reader: ByteReader): Message;
}

/** How to encode what is inside of an option. */
export interface NestedEncoder {
  /** @throws EncodeError */
  options(writer: ByteWriter, options: readonly Option[]): void;
  /** @throws EncodeError */
  message(writer: ByteWriter, message: Message): void;
}

/** A shape of options that hold options or messages; any other shape is one of these as well. */
export interface NestingShape<T> {
  /** @throws DecodeError */
  decode(reader: ByteReader, nested: NestedDecoder): T;
  /** @throws EncodeError */
  encode(writer: ByteWriter, value: T, nested: NestedEncoder): void;
}
