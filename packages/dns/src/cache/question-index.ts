import { LOWER_CASE } from '../scan/name.ts';
import { ENTRY_HEADER, EntryBit, Word } from './entry.ts';

/** Entries of one bucket at most: nobody makes look-ups slow, not even with names that were chosen for it. */
const LONGEST_CHAIN = 16;

/** Finds entries by their question: a hash table with chains through the entries. */
export class QuestionIndex {
  readonly #words: Int32Array;
  readonly #octets: Uint8Array;
  readonly #heads: Int32Array;
  readonly #mask: number;
  /** Entries that can be found. */
  entries: number = 0;
  /** Octets that they take. */
  bytes: number = 0;

  /**
   * @param words the cache's memory
   * @param octets the same memory
   * @param heads the part of it that is the table: zeros, a power of two of them
   */
  constructor(words: Int32Array, octets: Uint8Array, heads: Int32Array) {
    this.#words = words;
    this.#octets = octets;
    this.#heads = heads;
    this.#mask = heads.length - 1;
  }

  /**
   * @param question {@link Word.question}
   * @param key {@link Word.key}
   * @param bytes where the name is, in any spelling
   * @returns 0 when there is none
   */
  find(hash: number, question: number, key: number, bytes: Uint8Array, nameAt: number): number {
    const words = this.#words;
    let entry = this.#heads[hash & this.#mask] as number;
    while (entry !== 0) {
      const at = entry >> 2;
      if (
        words[at + Word.hash] === hash &&
        words[at + Word.question] === question &&
        words[at + Word.key] === key &&
        this.#sameName(entry + ENTRY_HEADER, key >>> 16, bytes, nameAt)
      ) {
        return entry;
      }
      entry = words[at + Word.next] as number;
    }
    return 0;
  }

  /** Makes an entry, whose words say what it is, be found. A chain that is too long loses its oldest entry. */
  add(entry: number): void {
    const words = this.#words;
    const at = entry >> 2;
    const bucket = (words[at + Word.hash] as number) & this.#mask;
    words[at + Word.next] = this.#heads[bucket] as number;
    this.#heads[bucket] = entry;
    this.entries++;
    this.bytes += words[at + Word.size] as number;
    let last = entry;
    for (let length = 1; ; length++) {
      const next = words[(last >> 2) + Word.next] as number;
      if (next === 0) return;
      if (length === LONGEST_CHAIN) {
        this.remove(next);
        return;
      }
      last = next;
    }
  }

  /** Makes an entry nobody's. */
  remove(entry: number): void {
    const words = this.#words;
    const at = entry >> 2;
    this.#replace(entry, words[at + Word.hash] as number, words[at + Word.next] as number);
    words[at + Word.state] = (words[at + Word.state] as number) & ~EntryBit.live;
    this.entries--;
    this.bytes -= words[at + Word.size] as number;
  }

  /** Says that an entry, with all its words, is elsewhere now; what was at `from` may be overwritten already. */
  move(from: number, to: number): void {
    this.#replace(from, this.#words[(to >> 2) + Word.hash] as number, to);
  }

  #replace(entry: number, hash: number, by: number): void {
    const words = this.#words;
    const bucket = hash & this.#mask;
    let other = this.#heads[bucket] as number;
    if (other === entry) {
      this.#heads[bucket] = by;
      return;
    }
    while (words[(other >> 2) + Word.next] !== entry) other = words[(other >> 2) + Word.next] as number;
    words[(other >> 2) + Word.next] = by;
  }

  /** Forgets everything. */
  clear(): void {
    this.#heads.fill(0);
    this.entries = this.bytes = 0;
  }

  #sameName(stored: number, length: number, bytes: Uint8Array, nameAt: number): boolean {
    const octets = this.#octets;
    for (let i = 0; i < length; i++) {
      if (octets[stored + i] !== LOWER_CASE[bytes[nameAt + i] as number]) return false;
    }
    return true;
  }
}
