import type { Log } from '../runtime/log.ts';
import type { Clock } from '../system/clock.ts';
import type { Applied } from './configurator.ts';
import { Pace } from './pace.ts';

/** Something failed, without any event to come: look again. */
const RETRY_MS = 5000;

/** The wall clock may be set meanwhile. */
const LONGEST_WAIT_MS = 3_600_000;

/** Between two runs that put rules back which are not there at all: one takes about as long. */
const UNGUARDED_REST_MS = 50;

/** What {@link Runner} needs. */
export interface RunnerOptions {
  readonly apply: () => Promise<Applied>;
  /** Whether the kernel has rules of ours. */
  readonly isGuarded: () => Promise<boolean>;
  /** Called after a run that has changed something, or that was asked for. */
  readonly tell: () => void;
  /** Called after a run that found other links of the home, or other prefixes of theirs that are not delegated. */
  readonly tellLans: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Decides when the configuration is applied: when asked to, and after changes in the kernel, but not without rest. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #pace = new Pace();
  #told = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  /** When the run that is waited for is due. */
  #due = 0;
  #waits = false;
  #ended = Number.NEGATIVE_INFINITY;
  #endTimer: NodeJS.Timeout | undefined;
  #lans: string | undefined;
  #asked = false;
  /** Whether the kernel is being asked for rules of ours, and whether they have changed since. */
  #looks = false;
  #looksAgain = false;
  #running: Promise<void> = Promise.resolve();
  #warned = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Applies as soon as possible: a file has changed, or somebody wants it. */
  ask(): void {
    this.#asked = true;
    this.#pace.asked();
    this.#schedule(0);
  }

  /** Something in the kernel has changed. A run that is due already is not put off, so steady events cannot starve it. */
  changed(): void {
    this.#schedule(this.#pace.delay(this.#options.clock.now()));
  }

  /**
   * The rule set has changed. Without any rules the door is open: whoever takes them away, and however often, they are put
   * back at once. Rules that are there and not as they should be wait their turn: a chain without rules lets nothing pass.
   *
   * The kernel tells of each object of a transaction: calls during a look are served by one more look.
   */
  async rulesChanged(): Promise<void> {
    this.changed();
    this.#looksAgain = true;
    if (this.#looks) return;
    this.#looks = true;
    while (this.#looksAgain) {
      this.#looksAgain = false;
      let isGuarded = true;
      try {
        isGuarded = await this.#options.isGuarded();
      } catch {
        // The kernel does not tell: the run that is due will say so.
      }
      if (!isGuarded) this.#schedule(Math.max(0, this.#ended + UNGUARDED_REST_MS - this.#options.clock.now()));
    }
    this.#looks = false;
  }

  /** Applies once. @returns how many things failed */
  async run(asked: boolean): Promise<number> {
    const { apply, clock, log, tell, tellLans } = this.#options;
    const { changed, lans, endsAt, errors } = await apply();
    this.#ended = clock.now();
    if (!asked) this.#pace.ran(changed, clock.now());
    if (this.#pace.isFight && !this.#warned)
      log.warn('another program keeps changing what is configured; waiting longer');
    this.#warned = this.#pace.isFight;
    // What goes on failing is tried again and again, and told once.
    for (const error of errors) if (!this.#told.has(error.message)) log.error('not applied', { error });
    this.#told = new Set(errors.map((error) => error.message));
    if (changed || asked) tell();
    if (lans !== this.#lans) tellLans();
    this.#lans = lans;
    this.#awaitEnd(endsAt);
    return errors.length;
  }

  /** What ends in the files is no event in the kernel. */
  #awaitEnd(endsAt: number): void {
    clearTimeout(this.#endTimer);
    if (endsAt === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(endsAt - Date.now(), 0) + 1, LONGEST_WAIT_MS);
    this.#endTimer = setTimeout(() => this.#schedule(0), delayMs);
  }

  /** A run that is due earlier stays so. */
  #schedule(delayMs: number): void {
    const due = this.#options.clock.now() + delayMs;
    if (this.#timer !== undefined && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // The one that waits for its turn sees all that has changed until then.
      if (this.#waits) return;
      this.#waits = true;
      this.#running = this.#running.then(async () => {
        this.#waits = false;
        const asked = this.#asked;
        this.#asked = false;
        if ((await this.run(asked)) > 0) this.#schedule(RETRY_MS);
      });
    }, delayMs);
  }
}
