import { SampleHistory } from './sample.ts';

/** RATE: not asked for this long, and twice as long each time, up to more than a day; milliseconds. */
const RATE_MS = 128_000;
const MOST_RATES = 10;
/** A server that was silent this many times, and in all of the last eight rounds, gives way to another one. */
const MOST_SILENCES = 3;
/** And so does one that was outvoted that often. */
const MOST_LIES = 8;

/** A question on its way. */
export interface Question {
  readonly cookie: bigint;
  /** Monotonic milliseconds. */
  readonly sentAt: number;
}

/** A server that is being asked. */
export class Server {
  /** No other one ever has the same. */
  readonly id: number;
  /** What it was found by: a name, or its address. */
  readonly name: string;
  readonly address: string;
  readonly history: SampleHistory = new SampleHistory();
  /** What it has not answered yet. */
  question: Question | undefined;
  /** Whether it has been asked, and has answered, in this round. */
  isAsked = false;
  hasAnswered = false;
  /** Rounds in a row without an answer. */
  silences = 0;
  /** Rounds in a row in which the majority said something else. */
  lies = 0;
  /** The last eight rounds, the newest in the lowest bit: 1 for an answer (RFC 5905 section 9.1, `p.reach`). */
  reach = 0;
  /** Not to be asked before, monotonic milliseconds. */
  notBefore: number = Number.NEGATIVE_INFINITY;
  #rates = 0;

  constructor(id: number, name: string, address: string) {
    this.id = id;
    this.name = name;
    this.address = address;
  }

  /**
   * It has said RATE. RFC 5905 section 7.4: the client "MUST immediately reduce its polling interval to that server and
   * continue to reduce it each time it receives a RATE kiss code"; what is meant is that it asks more rarely.
   */
  rated(now: number): void {
    this.notBefore = now + RATE_MS * 2 ** this.#rates;
    this.#rates = Math.min(this.#rates + 1, MOST_RATES);
  }

  /** The end of a round in which it was asked. */
  endRound(): void {
    this.question = undefined;
    this.reach = ((this.reach << 1) | (this.hasAnswered ? 1 : 0)) & 0xff;
    this.silences = this.hasAnswered ? 0 : this.silences + 1;
    this.isAsked = false;
    this.hasAnswered = false;
  }

  /** Whether another one should have its place. */
  get isUseless(): boolean {
    return (this.silences >= MOST_SILENCES && this.reach === 0) || this.lies >= MOST_LIES;
  }
}
