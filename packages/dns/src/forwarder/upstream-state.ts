import type { ForwarderTimings, UpstreamSettings } from './settings.ts';
import type { UpstreamStatistics } from './statistics.ts';

/** Upper bounds of the histogram of round-trip times, milliseconds; one count more is for what takes longer. */
export const ROUND_TRIP_BOUNDS_MS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];

/** Questions in a row without an answer after which an upstream is down, */
const UNANSWERED_UNTIL_DOWN = 4;
/** when nothing at all has come from it for so long. */
const SILENCE_UNTIL_DOWN_MS = 1000;
/** How long an upstream is asked without EDNS after it did not understand it. */
const PLAIN_MS = 15 * 60_000;
/** How long letters stay as they are in questions to an upstream that does not give them back so. */
const SAME_CASE_MS = 60 * 60_000;
/** Answers in another case, in a row, until then. */
const CASE_FAULTS = 3;
/** Assumed of an upstream that has never answered. */
const UNKNOWN_HEDGE_MS = 200;

/** What has been asked of an upstream and what became of it, counted since the start. */
export interface UpstreamCounters {
  asked: number;
  answered: number;
  /** Nothing came in time. */
  unanswered: number;
  /** The transport failed. */
  failed: number;
  /** Answers that were no help: SERVFAIL, REFUSED, malformed ones ... */
  errors: number;
  /** Datagrams that were no answer to what was asked: forged, or late. */
  discarded: number;
  /** Probes among `asked`. */
  probes: number;
}

/** What is known of an upstream: how fast it answers, whether it does, and what it understands. */
export class UpstreamState {
  /** Index in the settings. */
  index: number = 0;
  settings: UpstreamSettings;
  readonly counters: UpstreamCounters = {
    asked: 0,
    answered: 0,
    unanswered: 0,
    failed: 0,
    errors: 0,
    discarded: 0,
    probes: 0,
  };
  /** Answers by {@link ROUND_TRIP_BOUNDS_MS}. */
  readonly roundTrips: number[] = new Array<number>(ROUND_TRIP_BOUNDS_MS.length + 1).fill(0);
  /** Of all answers, milliseconds. */
  roundTripSumMs: number = 0;
  /** Smoothed round-trip time, milliseconds; 0 before the first answer, so that each is tried. */
  smoothedMs: number = 0;
  /** A time that 19 of 20 answers take less than, followed step by step; 0 before the first answer. */
  slowMs: number = 0;
  down: boolean = false;
  /** When it was last heard. */
  heardAt: number = Number.NEGATIVE_INFINITY;
  /** When to ask it, unless it was heard by then: at once, at first. */
  probeAt: number = Number.NEGATIVE_INFINITY;
  /** The client cookie that it is sent, and the server cookie that it gave: 8 octets and up to 32. */
  readonly cookie: Uint8Array = new Uint8Array(40);
  /** 8 until a server cookie is known. */
  cookieLength: number = 8;
  /** It gave cookies once, and an answer came without one: a connection has to tell whether it was its own. */
  cookieDoubted: boolean = false;
  #unanswered = 0;
  #caseFaults = 0;
  #sameCaseUntil = Number.NEGATIVE_INFINITY;
  #plainUntil = Number.NEGATIVE_INFINITY;

  constructor(settings: UpstreamSettings) {
    this.settings = settings;
  }

  /** RFC 7873 section 4.1: another client cookie whenever the own address may be another one. */
  renewCookie(random: () => number): void {
    for (let i = 0; i < 8; i++) this.cookie[i] = random();
    this.forgetCookie();
  }

  /** It has done with cookies. */
  forgetCookie(): void {
    this.cookieLength = 8;
    this.cookieDoubted = false;
  }

  /**
   * An answer came, to a question that was sent `elapsedMs` ago.
   *
   * @param measured false when a connection may have had to be made first
   * @returns whether it was down until now
   */
  answered(elapsedMs: number, measured: boolean, now: number): boolean {
    this.counters.answered++;
    this.roundTrips[bucketOf(elapsedMs)]!++;
    this.roundTripSumMs += elapsedMs;
    this.heardAt = now;
    this.#unanswered = 0;
    const wasDown = this.down;
    this.down = false;
    if (!measured) return wasDown;
    if (this.smoothedMs === 0 || wasDown) {
      this.smoothedMs = Math.max(elapsedMs, 0.01);
      this.slowMs = 2 * elapsedMs;
    } else {
      // RFC 6298 section 2.3's weight.
      this.smoothedMs += (elapsedMs - this.smoothedMs) / 8;
      this.#followQuantile(elapsedMs);
    }
    return wasDown;
  }

  /** Another upstream was faster. What is known is that this one takes longer than `elapsedMs`. */
  overtaken(elapsedMs: number): void {
    // The quantile stays: where a datagram was lost, waiting longer would not have helped.
    if (elapsedMs > this.smoothedMs) this.smoothedMs += (elapsedMs - this.smoothedMs) / 8;
  }

  /** Nothing came until nobody waited any longer, or the transport failed. @returns whether it is down from now on */
  silent(now: number): boolean {
    // Soon it is known whether that was bad luck.
    if (++this.#unanswered === 1) this.probeAt = Math.min(this.probeAt, now);
    if (this.down || this.#unanswered < UNANSWERED_UNTIL_DOWN || now - this.heardAt < SILENCE_UNTIL_DOWN_MS) {
      return false;
    }
    this.down = true;
    return true;
  }

  /** Whether it has left the last question without an answer. */
  get suspect(): boolean {
    return this.#unanswered > 0;
  }

  /** How long to wait before another upstream is asked as well. */
  hedgeMs(timings: ForwarderTimings): number {
    const wait = this.smoothedMs === 0 ? UNKNOWN_HEDGE_MS : this.slowMs + 5;
    return Math.min(Math.max(wait, timings.minimumHedgeMs), timings.maximumHedgeMs);
  }

  /** Whether letters' case may be random in a question. */
  keepsCase(now: number): boolean {
    return now >= this.#sameCaseUntil;
  }

  /** The case was right, or was not. */
  caseSeen(right: boolean, now: number): void {
    this.#caseFaults = right ? 0 : this.#caseFaults + 1;
    if (this.#caseFaults >= CASE_FAULTS) this.#sameCaseUntil = now + SAME_CASE_MS;
  }

  /** Whether questions may have an OPT record. */
  knowsEdns(now: number): boolean {
    return now >= this.#plainUntil;
  }

  /** RFC 6891 section 7: FORMERR, NOTIMP without OPT is what a server without EDNS answers. */
  refusedEdns(now: number): void {
    this.#plainUntil = now + PLAIN_MS;
  }

  #followQuantile(elapsedMs: number): void {
    const step = Math.max(this.slowMs, 1) * 0.2;
    this.slowMs += elapsedMs > this.slowMs ? Math.min(step * 0.95, elapsedMs - this.slowMs) : -step * 0.05;
  }
}

/** What is told of an upstream. */
export function upstreamStatistics(upstream: UpstreamState): UpstreamStatistics {
  const { asked, answered, failed, unanswered, errors, discarded, probes } = upstream.counters;
  return {
    label: upstream.settings.label,
    asked,
    answered,
    failed,
    timeouts: unanswered,
    errors,
    discarded,
    probes,
    up: !upstream.down,
    smoothedMs: upstream.smoothedMs,
    rttBuckets: [...upstream.roundTrips],
    rttSum: upstream.roundTripSumMs,
  };
}

function bucketOf(elapsedMs: number): number {
  for (let i = 0; i < ROUND_TRIP_BOUNDS_MS.length; i++) if (elapsedMs <= (ROUND_TRIP_BOUNDS_MS[i] as number)) return i;
  return ROUND_TRIP_BOUNDS_MS.length;
}
