/** Numbers that look random and are the same for the same seed (xorshift, 32 bits). */
export class RandomNumbers {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e37_79b1) ^ 0x5bd1_e995) | 1;
  }

  /** An unsigned 32-bit number. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** From 0 to `count` - 1. */
  below(count: number): number {
    return this.next() % count;
  }

  /** True in one of `count` cases. */
  one(count: number): boolean {
    return this.below(count) === 0;
  }

  /** One of several. */
  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}
