import type { FailureReason } from '@router7/dns';
import type { Exchange } from './exchange.ts';

/** How long connections wait, and for how much. */
export interface ConnectionLimits {
  /** Questions that are under way at a time. */
  readonly maximumPipelined: number;
  /** How long one without questions is kept, in milliseconds. */
  readonly idleMilliseconds: number;
  /** How long one that is asked may say nothing, in milliseconds. */
  readonly silenceMilliseconds: number;
  /** How long one may take to be made, in milliseconds. */
  readonly connectMilliseconds: number;
}

/** How a connection has ended. */
export interface ConnectionEnd {
  /** What was not answered, nor forgotten. */
  readonly unanswered: readonly Exchange[];
  /** Whether there was a connection at all. */
  readonly established: boolean;
  /** Whether anything was answered on it. */
  readonly answered: boolean;
  readonly reason: FailureReason;
}

/** A connection to a server; it can be asked from the start, and sends when it is there. */
export interface Connection {
  /** Whether it takes another question. */
  readonly hasRoom: boolean;
  /** Whether it is ending, so that another one is needed. */
  readonly isEnding: boolean;
  send(exchange: Exchange): void;
  forget(exchange: Exchange): void;
  /** Ends it at once; `onEnd` is called before this returns, if it was not called before. */
  destroy(reason: FailureReason): void;
}

/** The clock of a connection: ends it when it has taken too long, said nothing or had nothing to do for too long. */
export class ConnectionTimer {
  readonly #limits: ConnectionLimits;
  readonly #onOver: (reason: FailureReason) => void;
  #timer: NodeJS.Timeout | undefined;
  #kind: 'connecting' | 'waiting' | 'idle' = 'connecting';
  #since: number = performance.now();

  constructor(limits: ConnectionLimits, onOver: (reason: FailureReason) => void) {
    this.#limits = limits;
    this.#onOver = onOver;
    this.#arm(this.#length());
  }

  /**
   * The connection is there, or something was received, or asked.
   *
   * @param waiting whether something is awaited now
   * @param heard whether this is a sign of life
   */
  note(waiting: boolean, heard: boolean): void {
    const kind = waiting ? 'waiting' : 'idle';
    if (kind === this.#kind && !heard) return;
    this.#since = performance.now();
    if (kind === this.#kind) return;
    const shorter = this.#length();
    this.#kind = kind;
    // A timer that goes off too early looks again; one that would be late is armed anew.
    if (this.#length() < shorter || this.#timer === undefined) this.#arm(this.#length());
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #length(): number {
    const { connectMilliseconds, silenceMilliseconds, idleMilliseconds } = this.#limits;
    if (this.#kind === 'connecting') return connectMilliseconds;
    return this.#kind === 'waiting' ? silenceMilliseconds : idleMilliseconds;
  }

  #arm(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const left = this.#since + this.#length() - performance.now();
      if (left > 1) this.#arm(left);
      else this.#onOver(this.#kind === 'connecting' ? 'unreachable' : 'closed');
    }, milliseconds);
  }
}
