import type { Clock } from '../system/clock.ts';

/** Times of day at which a prefix ends, in milliseconds since 1970; Infinity: never. */
export interface WallEnds {
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/** The same in monotonic milliseconds. */
export interface MonotonicEnds {
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/**
 * Turns times of day, as files have them, into monotonic time when they are read for the first time. Read again, they are the
 * same as then: when NTP sets the clock of a router that started without one, no prefix ends because of it.
 */
export class SteadyEnds {
  readonly #clock: Clock;
  #known = new Map<string, MonotonicEnds>();
  #seen = new Map<string, MonotonicEnds>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param key what ends, such as a prefix
   * @param notBefore when it was told, milliseconds since 1970: a clock from before that is wrong, and would have it last for
   *   years; then it counts as just told
   */
  of(key: string, ends: WallEnds, notBefore: number = Number.NEGATIVE_INFINITY): MonotonicEnds {
    const text = `${key} ${ends.preferredUntil} ${ends.validUntil}`;
    const offset = this.#clock.now() - Math.max(this.#clock.wall(), notBefore);
    const steady = this.#seen.get(text) ??
      this.#known.get(text) ?? {
        preferredUntil: ends.preferredUntil + offset,
        validUntil: ends.validUntil + offset,
      };
    this.#seen.set(text, steady);
    return steady;
  }

  /** All has been read: what was not there any more is forgotten. */
  settle(): void {
    this.#known = this.#seen;
    this.#seen = new Map();
  }
}
