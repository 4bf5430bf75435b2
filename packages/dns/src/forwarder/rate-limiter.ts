import type { RateLimitSettings } from './settings.ts';

/** Buckets; a power of two. */
const SIZE = 4096;
/** Buckets that a client may have. */
const WAYS = 4;

/**
 * Buckets of tokens for clients, in fixed memory: a client has one of four places, and takes that of the one that was
 * heard longest ago when it has none. So an attacker with many addresses gets no memory, only fresh buckets.
 */
export class RateLimiter {
  readonly #settings: RateLimitSettings;
  readonly #seed: number;
  readonly #sources = new Uint32Array(SIZE);
  readonly #tokens = new Float64Array(SIZE);
  /** Milliseconds; -Infinity: the bucket is nobody's. */
  readonly #heardAt = new Float64Array(SIZE).fill(Number.NEGATIVE_INFINITY);
  #slips = 0;

  /** @param seed 32 random bits, so that nobody can choose whose bucket to take */
  constructor(settings: RateLimitSettings, seed: number) {
    this.#settings = settings;
    this.#seed = seed;
  }

  /** Takes tokens out of a client's bucket. @returns false when there are too few; none is taken then */
  take(source: number, tokens: number, now: number): boolean {
    const { burst, perSecond } = this.#settings;
    const at = this.#bucketOf(source, now);
    const elapsed = now - (this.#heardAt[at] as number);
    const filled = Math.min(burst, (this.#tokens[at] as number) + (elapsed * perSecond) / 1000);
    this.#heardAt[at] = now;
    this.#tokens[at] = filled >= tokens ? filled - tokens : filled;
    return filled >= tokens;
  }

  /** Whether this time a short answer is due in place of none: every other time. */
  slip(): boolean {
    return (++this.#slips & 1) === 0;
  }

  #bucketOf(source: number, now: number): number {
    const hash = Math.imul(source ^ this.#seed, 0x9e37_79b1);
    const first = ((hash ^ (hash >>> 15)) & (SIZE / WAYS - 1)) * WAYS;
    let oldest = first;
    for (let at = first; at < first + WAYS; at++) {
      if (this.#sources[at] === source && this.#heardAt[at] !== Number.NEGATIVE_INFINITY) return at;
      if ((this.#heardAt[at] as number) < (this.#heardAt[oldest] as number)) oldest = at;
    }
    this.#sources[oldest] = source;
    this.#tokens[oldest] = this.#settings.burst;
    this.#heardAt[oldest] = now;
    return oldest;
  }
}
