import { Word } from './entry.ts';

/**
 * A first-in, first-out queue of entries of any size in one piece of memory. An entry lies in one piece; what is too short
 * for it at the end of the memory is passed over.
 */
export class Ring {
  readonly #words: Int32Array;
  readonly #from: number;
  readonly #to: number;
  /** Where the next entry goes. */
  #head: number;
  /** The oldest entry. */
  #tail: number;
  /** Octets between tail and head. */
  #used = 0;

  /**
   * @param words the cache's memory
   * @param from first octet of the ring, a multiple of 8
   * @param size its octets, a multiple of 8
   */
  constructor(words: Int32Array, from: number, size: number) {
    this.#words = words;
    this.#from = this.#head = this.#tail = from;
    this.#to = from + size;
  }

  /** Octets of it. */
  get size(): number {
    return this.#to - this.#from;
  }

  /** The oldest entry, which may be nobody's; 0 when there is none. */
  get oldest(): number {
    return this.#used === 0 ? 0 : this.#tail;
  }

  /** The entry behind this one, 0 behind the newest. */
  after(entry: number): number {
    const next = entry + (this.#words[(entry >> 2) + Word.size] as number);
    if (next === this.#head) return 0;
    if (next !== this.#to) return next;
    return this.#head === this.#from ? 0 : this.#from;
  }

  /**
   * Takes a place for a new entry and writes its size.
   *
   * @param size octets, a multiple of 8 and no more than the ring has
   * @returns its offset; 0 when the oldest entries have to go first
   */
  reserve(size: number): number {
    if (this.#used === 0) this.#head = this.#tail = this.#from;
    if (this.#used === 0 || this.#head > this.#tail) {
      const rest = this.#to - this.#head;
      if (rest >= size) return this.#take(size);
      if (rest > 0) this.#pass(rest);
      this.#head = this.#from;
    }
    return this.#tail - this.#head >= size ? this.#take(size) : 0;
  }

  /** Gives up the place of the oldest entry. */
  release(): void {
    const size = this.#words[(this.#tail >> 2) + Word.size] as number;
    this.#used -= size;
    this.#tail += size;
    if (this.#tail === this.#to) this.#tail = this.#from;
  }

  /** Gives up all. */
  clear(): void {
    this.#head = this.#tail = this.#from;
    this.#used = 0;
  }

  #take(size: number): number {
    const entry = this.#head;
    this.#words[(entry >> 2) + Word.size] = size;
    this.#head = entry + size;
    this.#used += size;
    return entry;
  }

  #pass(size: number): void {
    const at = this.#take(size) >> 2;
    this.#words[at + Word.state] = 0;
  }
}
