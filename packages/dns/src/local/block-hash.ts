import { LOWER_CASE } from '../scan/name.ts';

const MAX_LABELS = 128;
/** Offsets of a name's labels; shared, for the walk is never left halfway. */
const offsets = new Uint8Array(MAX_LABELS);

/**
 * Hashes of 64 bits for a name's suffixes, from the last label on: each takes in one more label. Two names of which one is
 * on a list have the same hash once in 10^13 questions with a million names on it.
 *
 * No seed: whoever writes the lists may block anything anyway, and whoever asks gains nothing by a name that is blocked.
 */
export class SuffixHash {
  upper: number = 0;
  lower: number = 0;
  #bytes: Uint8Array = offsets;
  #at = 0;
  #label = 0;
  #end = 0;
  #a = 0;
  #b = 0;

  /** Turns to an uncompressed, valid name. @param length its octets with the root */
  begin(bytes: Uint8Array, at: number, length: number): void {
    this.#bytes = bytes;
    this.#at = at;
    let label = 0;
    for (let position = 0; position < length - 1; position += (bytes[at + position] as number) + 1) {
      offsets[label++] = position;
    }
    this.#label = label;
    this.#end = length - 1;
    this.#a = 0x811c_9dc5;
    this.#b = 0x9747_b28c;
  }

  /** Takes in the next label. @returns false when there is none left */
  next(): boolean {
    if (this.#label === 0) return false;
    const bytes = this.#bytes;
    const start = offsets[--this.#label] as number;
    let [a, b] = [this.#a, this.#b];
    // The length octet goes in as well: `a.bc` is not `ab.c`.
    for (let position = start; position < this.#end; position++) {
      const octet = LOWER_CASE[bytes[this.#at + position] as number] as number;
      a = Math.imul(a ^ octet, 0x0100_0193);
      b = Math.imul((b << 13) | (b >>> 19), 0x5bd1_e995) ^ octet;
    }
    this.#end = start;
    this.#a = a;
    this.#b = b;
    this.upper = finish(a ^ (b >>> 16));
    this.lower = finish(b);
    return true;
  }

  /** Whether the whole name has been taken in. */
  get isWhole(): boolean {
    return this.#label === 0;
  }
}

/** The last step of MurmurHash3 for 32 bits: each bit of the input changes half of the output's. */
function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
