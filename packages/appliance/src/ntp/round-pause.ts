import type { NtpConfig } from './config.ts';
import type { Discipline } from './discipline.ts';

/** How long to wait between one round of questions and the next. */
export class RoundPause {
  readonly #config: NtpConfig;
  readonly #random: () => number;
  /** Rounds since the start, as long as the time is not known. */
  #tries = 0;

  constructor(config: NtpConfig, random: () => number) {
    this.#config = config;
    this.#random = random;
  }

  /** Whether there was a round before the time was known. */
  get hasTried(): boolean {
    return this.#tries > 0;
  }

  /** Rounds may follow each other as at the start again. */
  reset(): void {
    this.#tries = 0;
  }

  /** Before the first question: not all routers of a street ask at once after a power cut (NT-01). */
  jitter(): number {
    return this.#random() * this.#config.startJitterMs;
  }

  /** After a round that has left the clock so. */
  after({ isRough, isSet, poll }: Discipline): number {
    const { retriesMs } = this.#config;
    if (isRough) return retriesMs[0] ?? 0;
    if (isSet) {
      const interval = 1000 * 2 ** poll;
      // RFC 5905 section 13: "it is important to randomize" when clients ask.
      return interval + (this.#random() * interval) / 16;
    }
    const wait = retriesMs[Math.min(this.#tries++, retriesMs.length - 1)] ?? 0;
    return wait + this.jitter();
  }
}
