import { NumberPool } from '@router7/wire';

/** Who waits for answers, each by a small number that is used again. */
export class AskerNumbers<T> {
  readonly #first: number;
  readonly #free: NumberPool;
  readonly #values: (T | undefined)[];
  #next = 0;

  /** @param count how many can wait at a time, with the numbers from `first` on */
  constructor(first: number, count: number) {
    this.#first = first;
    this.#free = new NumberPool(count);
    this.#values = new Array<T | undefined>(count).fill(undefined);
  }

  /** @returns a number until it is released; -1 when too many wait */
  take(value: T): number {
    const index = this.#free.nextFree(this.#next);
    if (index < 0) return -1;
    this.#free.setFree(index, false);
    this.#next = index + 1;
    this.#values[index] = value;
    return this.#first + index;
  }

  /** Frees a number. @returns who had it */
  release(asker: number): T | undefined {
    const index = asker - this.#first;
    const value = this.#values[index];
    this.#values[index] = undefined;
    this.#free.setFree(index, true);
    return value;
  }
}
