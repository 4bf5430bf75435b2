import type { NtpConfig } from './config.ts';
import type { Selection } from './selection.ts';

/** Rounds that have to go well before questions get rarer. */
const GOOD_ROUNDS = 4;
/** An offset is small within so many times what servers differ (PGATE of RFC 5905 figure 27), and below this anyway. */
const PGATE = 4;
const SMALL_MS = 2;

/** A clock that was set by answers that took long is looked at again, so many times. */
const ROUGH_ROUNDS = 5;

/** What is to be done about an offset. */
export type Verdict = 'step' | 'slew' | 'wait';

/**
 * - `unset`: the clock may be of 1970; the first majority is followed, however far it is off
 * - `set`: the clock was right once. `doubts` counts rounds in a row that told of another time, and what it was.
 *   `isRough`: the answers by which it was set may have been wrong by more than what is corrected in one step
 */
type State =
  | { readonly kind: 'unset' }
  | {
      readonly kind: 'set';
      readonly goodRounds: number;
      readonly isRough: boolean;
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
  #roughRounds = ROUGH_ROUNDS;

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

  /** Whether the clock is to be looked at again soon. */
  get isRough(): boolean {
    return this.#state.kind === 'set' && this.#state.isRough;
  }

  /** What to do about what the majority says. */
  judge(selection: Selection): Verdict {
    const { stepMs, stepRounds } = this.#config;
    const state = this.#state;
    const { offsetMs: offset, errorMs } = selection;
    if (Math.abs(offset) < stepMs) {
      const goodRounds = state.kind === 'set' ? state.goodRounds : 0;
      this.#state = { kind: 'set', goodRounds, isRough: false, doubts: undefined };
      this.#adapt(selection);
      return 'slew';
    }
    if (state.kind === 'unset' || state.isRough) {
      // It may as well be right: on a machine that has just started the first answers are waited for longest.
      if (Math.abs(offset) <= errorMs && this.#roughRounds-- > 0) return 'wait';
      return this.#stepped(errorMs >= stepMs && this.#roughRounds-- > 0);
    }
    const { doubts } = state;
    // The same lie, or truth, each time: a line that is full of downloads has another offset each time.
    const isSame = doubts !== undefined && Math.abs(offset - doubts.offsetMs) <= stepMs + errorMs;
    const rounds = isSame ? doubts.rounds + 1 : 1;
    if (rounds >= stepRounds) return this.#stepped(false);
    this.#poll = this.#config.minimumPoll;
    this.#state = { kind: 'set', goodRounds: 0, isRough: false, doubts: { rounds, offsetMs: offset } };
    return 'wait';
  }

  /** There was no majority: it is looked for sooner. */
  disagreed(): void {
    this.#poll = Math.max(this.#config.minimumPoll, this.#poll - 1);
    if (this.#state.kind === 'set') this.#state = { ...this.#state, goodRounds: 0 };
  }

  #stepped(isRough: boolean): Verdict {
    this.#state = { kind: 'set', goodRounds: 0, isRough, doubts: undefined };
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
