import type { ServiceTimes } from './service-times.ts';

/** How long a service that has ended waits until it starts again. */
export class RestartDelay {
  readonly #times: ServiceTimes;
  /** Ends in a row, each soon after its start. */
  #failures = 0;

  constructor(times: ServiceTimes) {
    this.#times = times;
  }

  /** Counts an end after a life of so many milliseconds. @returns milliseconds until it starts again */
  after(life: number): number {
    const { firstDelay, longestDelay, longLife } = this.#times;
    if (life >= longLife) {
      this.forget();
      return 0;
    }
    return Math.min(firstDelay * 2 ** this.#failures++, longestDelay);
  }

  /** What has ended so far does not count. */
  forget(): void {
    this.#failures = 0;
  }
}
