/** Rounds in a row without a majority until that is told. */
const LOST_ROUNDS = 4;

/** Whether the clock follows servers, as far as it has been told: each change is told once. */
export class Synchrony {
  #roundsLost = 0;
  #isSynchronized = false;
  #hasToldLoss = false;

  /** The clock follows what a majority says. @returns whether that is news */
  gained(): boolean {
    this.#roundsLost = 0;
    this.#hasToldLoss = false;
    const isNews = !this.#isSynchronized;
    this.#isSynchronized = true;
    return isNews;
  }

  /** A round has told nothing to follow. @returns whether that has gone on for long */
  missed(): boolean {
    return ++this.#roundsLost >= LOST_ROUNDS;
  }

  /** The clock follows nobody. @returns whether that is news */
  lost(): boolean {
    this.#isSynchronized = false;
    const isNews = !this.#hasToldLoss;
    this.#hasToldLoss = true;
    return isNews;
  }
}
