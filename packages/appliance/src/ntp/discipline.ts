import type { NtpConfig } from './config.ts';
import type { Selection } from './selection.ts';

/** Rounds that have to go well before questions get rarer. */
const GOOD_ROUNDS = 4;
/** An offset is small within so many times what servers differ (PGATE of RFC 5905 figure 27), and below this anyway. */
const PGATE = 4;
const SMALL_MS = 2;

/** What is to be done about an offset. */
export type Verdict = 'step' | 'slew' | 'wait';

/**
 * - `unset`: the clock may be of 1970; the first majority is followed, however far it is off
 * - `set`: the clock was right once. `doubts` counts rounds in a row that told of another time, and what it was
 */
type State =
  | { readonly kind: 'unset' }
  | {
      readonly kind: 'set';
      readonly goodRounds: number;
      readonly doubts: { readonly rounds: number; readonly offsetMs: number } | undefined;
    };

/**
 * When the clock is set, when it is slewed, and how often servers are asked: what is left of RFC 5905 section 11.3 when
 * the kernel has the loop. In place of a spike state with a watch of 300 s, large offsets have to be told by several
 * rounds at the shortest interval, which takes as long; and there is no offset that ends the program (PANICT).
 */
export class Discipline {
  readonly #config: NtpConfig;
  #state: State = { kind: 'unset' };
  #poll: number;

  constructor(config: NtpConfig) {
    this.#config = config;
    this.#poll = config.minimumPoll;
  }

  /** log2 of the seconds until the next question, and the kernel's time constant. */
  get poll(): number {
    return this.#poll;
  }

  /** Whether the clock has been right once. */
  get isSet(): boolean {
    return this.#state.kind === 'set';
  }

  /** What to do about what the majority says. */
  judge(selection: Selection): Verdict {
    const { stepMs, stepRounds } = this.#config;
    const state = this.#state;
    const offset = selection.offsetMs;
    if (Math.abs(offset) < stepMs) {
      this.#state = { kind: 'set', goodRounds: state.kind === 'set' ? state.goodRounds : 0, doubts: undefined };
      this.#adapt(selection);
      return 'slew';
    }
    if (state.kind === 'unset') return this.#stepped();
    const { doubts } = state;
    // The same lie, or truth, each time: a line that is full of downloads has another offset each time.
    const isSame = doubts !== undefined && Math.abs(offset - doubts.offsetMs) <= stepMs + selection.errorMs;
    const rounds = isSame ? doubts.rounds + 1 : 1;
    if (rounds >= stepRounds) return this.#stepped();
    this.#poll = this.#config.minimumPoll;
    this.#state = { kind: 'set', goodRounds: 0, doubts: { rounds, offsetMs: offset } };
    return 'wait';
  }

  /** There was no majority: it is looked for sooner. */
  disagreed(): void {
    this.#poll = Math.max(this.#config.minimumPoll, this.#poll - 1);
    if (this.#state.kind === 'set') this.#state = { ...this.#state, goodRounds: 0 };
  }

  #stepped(): Verdict {
    this.#state = { kind: 'set', goodRounds: 0, doubts: undefined };
    this.#poll = this.#config.minimumPoll;
    return 'step';
  }

  /** The poll adjust of section 13: rarer as long as offsets are no larger than what servers differ. */
  #adapt({ offsetMs, jitterMs }: Selection): void {
    const { minimumPoll, maximumPoll } = this.#config;
    const state = this.#state;
    if (state.kind !== 'set') return;
    let goodRounds = state.goodRounds + 1;
    if (Math.abs(offsetMs) > Math.max(PGATE * jitterMs, SMALL_MS)) {
      goodRounds = 0;
      this.#poll = Math.max(minimumPoll, this.#poll - 1);
    } else if (goodRounds >= GOOD_ROUNDS) {
      goodRounds = 0;
      this.#poll = Math.min(maximumPoll, this.#poll + 1);
    }
    this.#state = { ...state, goodRounds };
  }
}
