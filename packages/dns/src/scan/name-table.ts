import { LOWER_CASE } from './name.ts';

/** Offsets that a compression pointer can hold, and some: a message has at most 65535 octets. */
const SIZE = 65536;
const MAX_LENGTH = 255;
const LAST_GENERATION = 0xff_ffff;

/** What {@link NameTable.read} found instead of a name's end. */
export const NameFault = { malformed: -1, cutOff: -2 } as const;

/**
 * Knows at which offsets of one message names start, whole ones and their suffixes, and how long each is.
 *
 * "An entire domain name or a list of labels at the end of a domain name is replaced with a pointer to a prior occurance
 * of the same name" (RFC 1035 section 4.1.4). So a pointer is good when a label of an earlier name starts where it
 * points: no chain of pointers has to be followed, none can go round in a circle, and none leads into octets that change
 * while a message is kept (the header, times to live).
 */
export class NameTable {
  /** By offset from the message's start: the generation, and in the low 8 bits the octets of the name from there. */
  readonly #known: Uint32Array = new Uint32Array(SIZE);
  #generation = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;

  /** Forgets everything and turns to another message, of at most 65535 octets. */
  begin(bytes: Uint8Array, start: number): void {
    this.#bytes = bytes;
    this.#start = start;
    if (this.#generation === LAST_GENERATION) {
      this.#known.fill(0);
      this.#generation = 0;
    }
    this.#generation++;
  }

  /**
   * Reads a name and remembers it.
   *
   * @param at its offset in `bytes`
   * @param limit offset behind the last octet that may be read
   * @returns offset behind it (behind the pointer that it ends with), or a {@link NameFault}
   */
  read(at: number, limit: number): number {
    const bytes = this.#bytes;
    for (let position = at; ; ) {
      if (position >= limit) return NameFault.cutOff;
      const octet = bytes[position] as number;
      if (octet === 0) return this.#remember(at, position, 1) ? position + 1 : NameFault.malformed;
      if (octet >= 0xc0) {
        if (position + 1 >= limit) return NameFault.cutOff;
        const target = this.#start + (((octet & 0x3f) << 8) | (bytes[position + 1] as number));
        const rest = target < at ? this.length(target) : 0;
        return rest > 0 && this.#remember(at, position, rest) ? position + 2 : NameFault.malformed;
      }
      if (octet > 63 || position - at > MAX_LENGTH) return NameFault.malformed;
      position += octet + 1;
    }
  }

  /** Offset behind a known name, or behind the pointer that it ends with. */
  end(at: number): number {
    let position = at;
    for (let octet = this.#bytes[position] as number; octet !== 0; octet = this.#bytes[position] as number) {
      if (octet >= 0xc0) return position + 2;
      position += octet + 1;
    }
    return position + 1;
  }

  /** Octets of the name at this offset, uncompressed and with its root; 0 when none is known to start there. */
  length(at: number): number {
    const known = this.#known[at - this.#start] as number;
    return known >>> 8 === this.#generation ? known & 0xff : 0;
  }

  /** Where a compression pointer at this offset leads, or -1 when there is none. */
  target(at: number): number {
    const octet = this.#bytes[at] as number;
    return octet >= 0xc0 ? this.#start + (((octet & 0x3f) << 8) | (this.#bytes[at + 1] as number)) : -1;
  }

  /** Whether two known names are the same but for the case of letters. */
  same(a: number, b: number): boolean {
    if (this.length(a) !== this.length(b)) return false;
    const bytes = this.#bytes;
    let [x, y] = [this.#label(a), this.#label(b)];
    while (x !== y) {
      const length = bytes[x] as number;
      if (length !== bytes[y]) return false;
      if (length === 0) return true;
      for (let i = 1; i <= length; i++) {
        const [p, q] = [bytes[x + i] as number, bytes[y + i] as number];
        if (p !== q && LOWER_CASE[p] !== LOWER_CASE[q]) return false;
      }
      x = this.#label(x + length + 1);
      y = this.#label(y + length + 1);
    }
    return true;
  }

  /**
   * Writes a known name uncompressed, spelt as it is.
   *
   * @param target with room for 255 octets from `targetAt` on
   * @returns its octets
   */
  copy(at: number, target: Uint8Array, targetAt: number): number {
    const bytes = this.#bytes;
    let end = targetAt;
    for (let label = this.#label(at); ; ) {
      const length = bytes[label] as number;
      target[end++] = length;
      if (length === 0) return end - targetAt;
      for (let i = 1; i <= length; i++) target[end++] = bytes[label + i] as number;
      label = this.#label(label + length + 1);
    }
  }

  /** The first offset from `at` on that has a label or the root, pointers followed. */
  #label(at: number): number {
    let label = at;
    for (let target = this.target(label); target >= 0; target = this.target(label)) label = target;
    return label;
  }

  /** @param rest octets of the name from offset `last` on */
  #remember(at: number, last: number, rest: number): boolean {
    const length = last - at + rest;
    if (length > MAX_LENGTH) return false;
    const mark = this.#generation << 8;
    for (let position = at; ; position += (this.#bytes[position] as number) + 1) {
      this.#known[position - this.#start] = mark | (length - (position - at));
      if (position >= last) return true;
    }
  }
}
