import { EntryBit, Word } from './entry.ts';
import { Ghosts } from './ghosts.ts';
import { QuestionIndex } from './question-index.ts';
import { Ring } from './ring.ts';

/** Octets of memory that one bucket of the index is for. */
const OCTETS_PER_BUCKET = 128;

/** Entries that are moved on at most to make room for one: making room takes a bounded time. */
const MOVES = 64;

/** Times that an answer has to be found in the small ring to get into the main ring. */
const ENOUGH_USES = 2 * EntryBit.oneUse;

/**
 * The memory of a cache, all of it: index, ghosts and two rings.
 *
 * Entries come and go by S3-FIFO (Yang et al., SOSP 2023). What is new goes through the small ring, a tenth of the memory;
 * only what was found there twice, or is asked for again soon after it had to go, gets into the main ring once that is full,
 * where what was found since its last turn takes another one. So names that are asked for once, however many, go through the small ring
 * and touch nothing else.
 *
 * ```
 * | nothing (8) | heads of the index | ghosts | small ring | main ring |
 * ```
 */
export class Storage {
  readonly words: Int32Array;
  readonly halves: Uint16Array;
  readonly octets: Uint8Array;
  readonly view: DataView;
  readonly index: QuestionIndex;
  readonly small: Ring;
  readonly main: Ring;
  readonly #ghosts: Ghosts;
  /** Octets of an entry at most. */
  readonly largest: number;
  /** Entries that had to go for others. */
  evicted: number = 0;

  /** @param maximumBytes octets of everything, from 65,536 to 2^31 - 1 */
  constructor(maximumBytes: number) {
    const total = maximumBytes & ~7;
    const memory = new ArrayBuffer(total);
    this.words = new Int32Array(memory);
    this.halves = new Uint16Array(memory);
    this.octets = new Uint8Array(memory);
    this.view = new DataView(memory);
    const buckets = 1 << (31 - Math.clz32(total / OCTETS_PER_BUCKET));
    const ghostsAt = 8 + 4 * buckets;
    const smallAt = ghostsAt + 4 * buckets;
    const smallSize = ((total - smallAt) / 10) & ~7;
    const mainAt = smallAt + smallSize;
    this.index = new QuestionIndex(this.words, this.octets, new Int32Array(memory, 8, buckets));
    this.#ghosts = new Ghosts(new Int32Array(memory, ghostsAt, buckets));
    this.small = new Ring(this.words, smallAt, smallSize);
    this.main = new Ring(this.words, mainAt, total - mainAt);
    this.largest = (smallSize >> 1) & ~7;
  }

  /**
   * Takes the place for an entry that is not there yet, in the ring that its past earns it. Its size is written, and its
   * state: which ring it is in. Any other entry may be moved or gone.
   *
   * @param size octets, a multiple of 8, at most `largest`
   * @param known whether an entry for the same question was in the main ring until now
   * @param staleSeconds entries that have expired for so long are worth nothing, whoever found them
   */
  allocate(size: number, hash: number, known: boolean, seconds: number, staleSeconds: number): number {
    const main = known || this.#ghosts.take(hash);
    const entry = main
      ? this.#allocateMain(size, seconds, staleSeconds)
      : this.#allocateSmall(size, seconds, staleSeconds);
    this.words[(entry >> 2) + Word.state] = main ? EntryBit.main : 0;
    return entry;
  }

  /** Forgets everything. */
  clear(): void {
    this.index.clear();
    this.#ghosts.clear();
    this.small.clear();
    this.main.clear();
  }

  #allocateSmall(size: number, seconds: number, staleSeconds: number): number {
    const { small, words } = this;
    for (;;) {
      const place = small.reserve(size);
      if (place !== 0) return place;
      const oldest = small.oldest;
      const at = oldest >> 2;
      const state = words[at + Word.state] as number;
      if ((state & EntryBit.live) !== 0) {
        const place = this.#placeInMain(oldest, state, seconds, staleSeconds);
        if (place !== 0) {
          words[at + Word.state] = (state & ~EntryBit.uses) | EntryBit.main;
          this.#move(oldest, place, words[at + Word.size] as number);
        } else {
          this.#ghosts.add(words[at + Word.hash] as number);
          this.#evict(oldest);
        }
      }
      small.release();
    }
  }

  /** A place for an entry that has to leave the small ring, 0 when it is not worth one. */
  #placeInMain(entry: number, state: number, seconds: number, staleSeconds: number): number {
    if (this.#isPast(entry, seconds, staleSeconds)) return 0;
    const size = this.words[(entry >> 2) + Word.size] as number;
    if ((state & EntryBit.uses) >= ENOUGH_USES) return this.#allocateMain(size, seconds, staleSeconds);
    // As long as there is room, nothing has to go.
    return this.main.reserve(size);
  }

  #allocateMain(size: number, seconds: number, staleSeconds: number): number {
    const { main, words } = this;
    for (let moves = 0; ; ) {
      const place = main.reserve(size);
      if (place !== 0) return place;
      const oldest = main.oldest;
      const at = oldest >> 2;
      const state = words[at + Word.state] as number;
      const oldSize = words[at + Word.size] as number;
      if ((state & EntryBit.live) === 0) {
        main.release();
      } else if ((state & EntryBit.uses) === 0 || moves === MOVES || this.#isPast(oldest, seconds, staleSeconds)) {
        this.#evict(oldest);
        main.release();
      } else {
        // Whatever was too short for `size`: with the entry's own place it is long enough for the entry.
        words[at + Word.state] = state - EntryBit.oneUse;
        main.release();
        this.#move(oldest, main.reserve(oldSize), oldSize);
        moves++;
      }
    }
  }

  #move(from: number, to: number, size: number): void {
    if (from === to) return;
    this.words.copyWithin(to >> 2, from >> 2, (from + size) >> 2);
    this.index.move(from, to);
  }

  #evict(entry: number): void {
    this.index.remove(entry);
    this.evicted++;
  }

  /** Whether an entry has expired so long ago that nobody is told of it any more. */
  #isPast(entry: number, seconds: number, staleSeconds: number): boolean {
    const at = entry >> 2;
    const age = (seconds - (this.words[at + Word.storedAt] as number)) | 0;
    return age - (this.words[at + Word.lifetime] as number) >= staleSeconds;
  }
}
