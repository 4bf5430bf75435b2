interface Waiter {
  readonly isMet: () => boolean;
  readonly resolve: () => void;
}

/** Has others wait until something holds. */
export class Conditions {
  #waiters: Waiter[] = [];

  /** Settles when it holds: at once, or after a {@link Conditions.look}. */
  until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ isMet, resolve });
    });
  }

  /** Something has changed. */
  look(): void {
    const met = this.#waiters.filter(({ isMet }) => isMet());
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
    for (const { resolve } of met) resolve();
  }
}
