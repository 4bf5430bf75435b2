import { DecodeError, decodeDnsName } from '@router7/wire';
import { NameFault, NameTable } from './scan/name-table.ts';

/** Of the message that is being decoded; too large to be made anew for each. */
const table: NameTable = new NameTable();

/**
 * The names of one message as texts.
 *
 * Each label is put into words once, however many names point at it: a message of the largest size, full of pointers to a
 * long name, takes no longer than another one. Decoding is never interrupted by that of another message.
 */
export class MessageNames {
  readonly #bytes: Uint8Array;
  /** Of the name that starts at an offset. */
  readonly #texts: Map<number, string> = new Map();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    table.begin(bytes, 0);
  }

  /** Every name that was read. */
  get table(): NameTable {
    return table;
  }

  /**
   * Reads a name.
   *
   * @returns offset behind it
   * @throws DecodeError `truncated`, `bad-name`
   */
  read(at: number, limit: number): number {
    const end = table.read(at, limit);
    if (end === NameFault.cutOff) throw new DecodeError('truncated', 'the name is cut off', at);
    if (end < 0) throw new DecodeError('bad-name', 'not a valid name', at);
    return end;
  }

  /** A name that was read, in presentation form. */
  text(at: number): string {
    const known = this.#texts.get(at);
    if (known !== undefined) return known;
    // From here to what has a text already, then back.
    const labels: number[] = [];
    let text: string | undefined;
    let position = at;
    while ((text = this.#texts.get(position)) === undefined) {
      const target = table.target(position);
      const octet = this.#bytes[position] as number;
      if (octet === 0) {
        text = '.';
        this.#texts.set(position, text);
        break;
      }
      labels.push(position);
      position = target >= 0 ? target : position + octet + 1;
    }
    for (let label = labels.pop(); label !== undefined; label = labels.pop()) {
      if (table.target(label) < 0) {
        const own = this.#label(label);
        text = text === '.' ? own : `${own}.${text}`;
      }
      this.#texts.set(label, text);
    }
    return text;
  }

  #label(at: number): string {
    const length = this.#bytes[at] as number;
    const alone = new Uint8Array(length + 2);
    alone.set(this.#bytes.subarray(at, at + length + 1));
    return decodeDnsName(alone, 0, false).name;
  }
}
