/** Places of one hash. */
const WAYS = 4;

/**
 * Hashes of the questions whose answers had to go of late: one that comes back soon is worth a better place.
 * Of the same few low bits the last four are remembered.
 */
export class Ghosts {
  readonly #hashes: Int32Array;
  readonly #mask: number;

  /** @param hashes a part of the cache's memory: zeros, a power of two of them */
  constructor(hashes: Int32Array) {
    this.#hashes = hashes;
    this.#mask = hashes.length - WAYS;
  }

  add(hash: number): void {
    const hashes = this.#hashes;
    const at = (hash << 2) & this.#mask;
    hashes[at + 3] = hashes[at + 2] as number;
    hashes[at + 2] = hashes[at + 1] as number;
    hashes[at + 1] = hashes[at] as number;
    hashes[at] = hash;
  }

  /** Whether it is remembered; it is not any more then. */
  take(hash: number): boolean {
    const hashes = this.#hashes;
    const at = (hash << 2) & this.#mask;
    for (let way = at; way < at + WAYS; way++) {
      if (hashes[way] !== hash) continue;
      hashes[way] = 0;
      return true;
    }
    return false;
  }

  clear(): void {
    this.#hashes.fill(0);
  }
}
