import type { Log, LogFields } from './log.ts';

/** How many lines a {@link LogLimit} lets through. */
export interface LogLimitSettings {
  /** Lines of one message in a row. */
  readonly burst: number;
  /** A line more each so many milliseconds. */
  readonly everyMs: number;
  /** How often it is told what was left out, milliseconds. */
  readonly reportMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/**
 * What a home never comes near: all devices of a full pool at once after a power cut, then one every two seconds. A host
 * that makes up clients can write at most 43,200 lines a day and message.
 */
const HOME: LogLimitSettings = { burst: 256, everyMs: 2000, reportMs: 60_000, now: () => performance.now() };

interface Bucket {
  tokens: number;
  filledAt: number;
  leftOut: number;
}

/**
 * A log whose lines are provoked by hosts on the network: each message has a bucket of tokens, so that a flood neither
 * fills the disk nor drowns other messages. What is left out is counted, and told while it lasts. Errors always pass.
 *
 * Messages must be words of ours, with what hosts say in the fields: there is a bucket for each.
 */
export class LogLimit implements Log {
  readonly #log: Log;
  readonly #settings: LogLimitSettings;
  readonly #buckets = new Map<string, Bucket>();
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Log, settings: Partial<LogLimitSettings> = {}) {
    this.#log = log;
    this.#settings = { ...HOME, ...settings };
  }

  debug(message: string, fields?: LogFields): void {
    if (this.#take(message)) this.#log.debug(message, fields);
  }

  info(message: string, fields?: LogFields): void {
    if (this.#take(message)) this.#log.info(message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    if (this.#take(message)) this.#log.warn(message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log.error(message, fields);
  }

  /** Tells what has been left out since the last time. */
  report(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [message, bucket] of this.#buckets) {
      if (bucket.leftOut > 0) this.#log.warn('lines left out', { like: message, lines: bucket.leftOut });
      bucket.leftOut = 0;
    }
  }

  #take(message: string): boolean {
    const { burst, everyMs, reportMs, now } = this.#settings;
    const at = now();
    let bucket = this.#buckets.get(message);
    if (bucket === undefined) {
      bucket = { tokens: burst, filledAt: at, leftOut: 0 };
      this.#buckets.set(message, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + (at - bucket.filledAt) / everyMs);
    bucket.filledAt = at;
    if (bucket.tokens >= 1) {
      bucket.tokens--;
      return true;
    }
    bucket.leftOut++;
    // Also when the flood ends without a further line; never what keeps the process alive.
    this.#timer ??= setTimeout(() => this.report(), reportMs).unref();
    return false;
  }
}
