import type { LocalData } from './local-data.ts';
import type { LocalQuestion } from './local-question.ts';

/** An answer that needs nobody else. */
export interface LocalAnswer {
  /**
   * The records behind the question, answers first. Names point at offset 12 (the question's name, in the asker's spelling)
   * or further back, for a question that stands right behind a header of 12 octets.
   */
  readonly records: Uint8Array;
  readonly answers: number;
  readonly authorities: number;
  readonly rcode: number;
  /** AA. */
  readonly authoritative: boolean;
  /** How long it may be kept: never longer than a lease, 0 for not at all. */
  readonly ttlSeconds: number;
  /** Whether it may be kept in a cache, until `ttlSeconds` are over or `LocalAnswers.generation` is another one. */
  readonly cacheable: boolean;
}

/** The router's own zones: hosts of the home, their addresses, and names that must not get out. */
export class LocalAnswers {
  /** Another number after each change of what is answered. */
  generation: number = 0;

  /** Takes new data in place of all that was there. @param now milliseconds of a monotonic clock */
  configure(_data: LocalData, _now: number): void {
    this.generation = (this.generation + 1) >>> 0;
  }

  /**
   * Answers a question, unless others are to be asked.
   *
   * @param group of the client; everybody is told the same by now
   * @param now milliseconds of the clock of {@link configure}
   */
  answer(_question: LocalQuestion, _group: number, _now: number): LocalAnswer | undefined {
    return undefined;
  }
}
