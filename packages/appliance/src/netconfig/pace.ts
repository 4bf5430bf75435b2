/** How {@link Pace} waits; every time in milliseconds. */
export interface PaceOptions {
  /** From the first of several changes to the run that looks at them: they come in bunches. */
  readonly settle: number;
  /** The longest wait between two runs that undo what another program does. */
  readonly maximum: number;
  /** After so long without having to change anything the other program is taken to have given up. */
  readonly calm: number;
}

/** A link that comes up is told five times within milliseconds. */
export const DEFAULT_PACE: PaceOptions = { settle: 100, maximum: 30_000, calm: 60_000 };

/** Runs that had to change something, one after the other, before somebody else is suspected. */
const PATIENCE = 4;

/**
 * How long to wait before what has changed in the kernel is looked at. A program that always undoes what we do would have
 * both of us busy for ever: after a few runs that each had to change something, each further one comes twice as late.
 */
export class Pace {
  readonly #options: PaceOptions;
  #busy = 0;
  #lastChange = Number.NEGATIVE_INFINITY;

  constructor(options: PaceOptions = DEFAULT_PACE) {
    this.#options = options;
  }

  /** The wait before the next run that nobody has asked for. */
  delay(now: number): number {
    const { settle, maximum, calm } = this.#options;
    if (now - this.#lastChange > calm) this.#busy = 0;
    return Math.min(settle * 2 ** Math.max(this.#busy - PATIENCE, 0), maximum);
  }

  /** Somebody else undoes what we do, by all appearances. */
  get isFight(): boolean {
    return this.#busy > PATIENCE;
  }

  /** A run is over that was asked for by a change in the kernel. */
  ran(changed: boolean, now: number): void {
    if (!changed) return;
    if (now - this.#lastChange > this.#options.calm) this.#busy = 0;
    this.#lastChange = now;
    this.#busy = Math.min(this.#busy + 1, 40);
  }

  /** A run was asked for by a file or a signal: what it changes is nobody's fault. */
  asked(): void {
    this.#busy = 0;
  }
}
