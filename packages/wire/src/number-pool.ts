/**
 * The numbers from 0 to a limit, and which of them nobody has.
 *
 * A set bit means free. Above the bits lies a tree of bits, each telling whether the word below it has any bit set, so
 * that the next free number of 65,536 with one left is found in three steps, not in 65,536: an offer costs the same
 * whether a pool is empty or full.
 */
export class NumberPool {
  /** How many numbers there are, free or not. */
  readonly size: number;
  /** `#levels[0]` has a bit for each number, each further level one for each word of the level before. */
  readonly #levels: readonly Uint32Array[];

  /** All are free at first. */
  constructor(size: number) {
    this.size = size;
    this.#levels = fullLevels(size);
  }

  /** Whether nobody has a number from 0 up to but not including {@link NumberPool.size}. */
  isFree(number: number): boolean {
    return (((this.#levels[0] as Uint32Array)[number >>> 5] as number) & (1 << (number & 31))) !== 0;
  }

  /** Marks a number from 0 up to but not including {@link NumberPool.size}. */
  setFree(number: number, free: boolean): void {
    let index = number;
    for (const words of this.#levels) {
      const at = index >>> 5;
      const before = words[at] as number;
      const after = free ? before | (1 << (index & 31)) : before & ~(1 << (index & 31));
      words[at] = after;
      // The level above only cares whether there is any bit at all.
      if ((before === 0) === (after === 0)) return;
      index = at;
    }
  }

  /** The first free number from `start` on, going round at the end; -1 when there is none at all. */
  nextFree(start: number): number {
    const index = this.#find(start);
    return index === -1 ? this.#find(0) : index;
  }

  #find(start: number): number {
    let index = start;
    for (let level = 0; level < this.#levels.length; level++) {
      const words = this.#levels[level] as Uint32Array;
      const at = index >>> 5;
      const word = at < words.length ? (words[at] as number) & (0xffff_ffff << (index & 31)) : 0;
      if (word !== 0) return this.#descend(level, at * 32 + lowestBit(word));
      // Nothing from here to the end of this word: go on one level higher with the next word.
      index = at + 1;
    }
    return -1;
  }

  #descend(level: number, index: number): number {
    let found = index;
    for (let below = level - 1; below >= 0; below--) {
      found = found * 32 + lowestBit((this.#levels[below] as Uint32Array)[found] as number);
    }
    return found;
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function fullLevels(size: number): Uint32Array[] {
  const levels: Uint32Array[] = [];
  let bits = size;
  do {
    const words = new Uint32Array(Math.ceil(bits / 32)).fill(0xffff_ffff);
    // Bits past the end would be found as free addresses.
    if (bits % 32 !== 0) words[words.length - 1] = 2 ** (bits % 32) - 1;
    levels.push(words);
    bits = words.length;
  } while (bits > 1);
  return levels;
}
