import { sameOctetsIgnoringCase } from '../scan/name.ts';
import { hashName } from '../scan/name-hash.ts';

interface Entry {
  readonly suffix: Uint8Array;
  readonly value: number;
}

/** Numbers by names; a name without one has that of the closest name above it. */
export class SuffixTable {
  readonly #seed: number;
  /** A name's octets vary with its case only, so few share a hash. */
  readonly #byHash = new Map<number, Entry[]>();

  /**
   * @param suffixes names in wire form, each with the number of its place in the list; the first of two equal ones counts
   * @param seed 32 random bits
   */
  constructor(suffixes: readonly Uint8Array[], seed: number) {
    this.#seed = seed;
    suffixes.forEach((suffix, value) => {
      const hash = hashName(suffix, 0, suffix.length, 0, 0, seed);
      const entries = this.#byHash.get(hash);
      if (entries === undefined) this.#byHash.set(hash, [{ suffix, value }]);
      else entries.push({ suffix, value });
    });
  }

  /**
   * @param at offset of an uncompressed, valid name
   * @param length its octets
   * @returns the number of the longest suffix, -1 when there is none
   */
  find(bytes: Uint8Array, at: number, length: number): number {
    if (this.#byHash.size === 0) return -1;
    const end = at + length;
    for (let position = at; position < end; position += (bytes[position] as number) + 1) {
      const entries = this.#byHash.get(hashName(bytes, position, end, 0, 0, this.#seed));
      if (entries === undefined) continue;
      for (const { suffix, value } of entries) {
        if (suffix.length !== end - position) continue;
        if (sameOctetsIgnoringCase(bytes, position, suffix, 0, suffix.length)) return value;
      }
    }
    return -1;
  }
}
