import { ByteReader } from '@router7/wire';
import type { MessageNames } from './message-names.ts';
import { copyPlainData } from './scan/record-data.ts';

/** The data of one record, and the message around it that its names may point into. */
export class RecordData {
  /** Of the message, within the data. */
  readonly reader: ByteReader;
  readonly #bytes: Uint8Array;
  readonly #names: MessageNames;
  readonly #type: number;
  readonly #start: number;
  readonly #end: number;

  /** @param names that has read those of this data, as far as its type has some */
  constructor(bytes: Uint8Array, names: MessageNames, type: number, start: number, end: number) {
    this.reader = new ByteReader(bytes, 0, start, end);
    this.#bytes = bytes;
    this.#names = names;
    this.#type = type;
    this.#start = start;
    this.#end = end;
  }

  /** Reads a name. @throws DecodeError */
  name(): string {
    const at = this.reader.offset;
    this.reader.skip(this.#names.read(at, this.#end) - at);
    return this.#names.text(at);
  }

  /** All octets of the data, names uncompressed, as a copy. */
  plain(): Uint8Array {
    return copyPlainData(this.#names.table, this.#bytes, this.#type, this.#start, this.#end);
  }
}
