import { SuffixHash } from './block-hash.ts';
import { type BlockTable, EXACT, PLACE_SIZE } from './block-list.ts';

const SMALLEST = 1024;
/** More names than this by default, and those that come later are left out: a table has 48 MiB then. */
const MAXIMUM_NAMES = 2_000_000;
/** A table of which more is in use is made twice as large. */
const FULLEST = 0.7;

/** Puts names into a {@link BlockTable}. */
export class BlockTableBuilder {
  readonly #maximum: number;
  readonly #hash: SuffixHash = new SuffixHash();
  #places: Uint32Array<ArrayBuffer> = new Uint32Array(SMALLEST * PLACE_SIZE);
  #count = 0;
  /** Names that were left out because there are too many. */
  leftOut: number = 0;

  constructor(maximumNames: number = MAXIMUM_NAMES) {
    this.#maximum = maximumNames;
  }

  /**
   * Adds a name, and what is below it, to a list.
   *
   * @param at offset of an uncompressed, valid name
   * @param length its octets with the root
   * @param list 0 to 31
   * @param exact the name only, not those below it
   */
  add(bytes: Uint8Array, at: number, length: number, list: number, exact: boolean): void {
    const hash = this.#hash;
    hash.begin(bytes, at, length);
    while (hash.next());
    this.#put(exact ? (hash.upper ^ EXACT) >>> 0 : hash.upper, hash.lower, 1 << list);
  }

  /** The table as it is by now; nothing may be added after that. */
  build(): BlockTable {
    return { places: this.#places, count: this.#count };
  }

  #put(upper: number, lower: number, lists: number): void {
    const places = this.#places;
    const mask = places.length / PLACE_SIZE - 1;
    for (let place = lower & mask; ; place = (place + 1) & mask) {
      const at = place * PLACE_SIZE;
      const there = places[at + 2] as number;
      if (there === 0) {
        if (this.#count === this.#maximum) {
          this.leftOut++;
          return;
        }
        places[at] = upper;
        places[at + 1] = lower;
        places[at + 2] = lists;
        if (++this.#count > (mask + 1) * FULLEST) this.#grow();
        return;
      }
      if (places[at] === upper && places[at + 1] === lower) {
        places[at + 2] = there | lists;
        return;
      }
    }
  }

  #grow(): void {
    const old = this.#places;
    const places = new Uint32Array(old.length * 2);
    const mask = places.length / PLACE_SIZE - 1;
    for (let from = 0; from < old.length; from += PLACE_SIZE) {
      if (old[from + 2] === 0) continue;
      let place = (old[from + 1] as number) & mask;
      while (places[place * PLACE_SIZE + 2] !== 0) place = (place + 1) & mask;
      places.set(old.subarray(from, from + PLACE_SIZE), place * PLACE_SIZE);
    }
    this.#places = places;
    // Given back at once: the garbage collector does not see how large it is.
    old.buffer.transfer(0);
  }
}
