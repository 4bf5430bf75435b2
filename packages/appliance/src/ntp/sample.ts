import type { NtpPacket } from './packet.ts';
import { timeOf } from './timestamp.ts';

/** Frequency tolerance, PHI of RFC 5905 figure 27: milliseconds of error for each millisecond that passes. */
const PHI = 15e-6;
/** Least round trip that is believed, MINDISP of RFC 5905 figure 27, milliseconds. */
const MINDISP_MS = 5;
/** What this clock can tell apart, milliseconds. */
const PRECISION_MS = 0.001;
/** A server may count its own time for an answer so much too long, milliseconds: its clock may run wrong as well. */
const TOLERANCE_MS = 1;
/** How many samples are remembered of a server (NSTAGE of RFC 5905 figure 27). */
const NSTAGE = 8;

/** What one answer says about the clock. Times in milliseconds. */
export interface Sample {
  /** What the clock is behind the server's, theta. */
  readonly offsetMs: number;
  /** Round trip, delta. */
  readonly delayMs: number;
  /** Error of reading clocks, epsilon, when it was taken. */
  readonly dispersionMs: number;
  /** Monotonic time of the answer. */
  readonly at: number;
  /** Round trip and error between the server and its reference clock. */
  readonly rootDelayMs: number;
  readonly rootDispersionMs: number;
  readonly stratum: number;
}

/** When a question left and its answer came. */
export interface RoundTrip {
  /** Monotonic milliseconds. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** The wall clock when the answer came, milliseconds since 1970. */
  readonly wall: number;
}

/**
 * The on-wire protocol of RFC 5905 section 8: `theta = ((T2 - T1) + (T3 - T4)) / 2`, `delta = (T4 - T1) - (T3 - T2)`.
 *
 * @param near a time within 68 years of the true one, see `timeOf`
 * @returns undefined when the server claims to have needed longer than the whole took
 */
export function sampleOf(packet: NtpPacket, trip: RoundTrip, near: number): Sample | undefined {
  const receive = timeOf(packet.receiveTimestamp, near);
  const transmit = timeOf(packet.transmitTimestamp, near);
  const elapsed = trip.receivedAt - trip.sentAt;
  const sent = trip.wall - elapsed;
  const delay = elapsed - (transmit - receive);
  if (!(delay >= -TOLERANCE_MS)) return undefined;
  return {
    offsetMs: (receive - sent + (transmit - trip.wall)) / 2,
    delayMs: Math.max(delay, PRECISION_MS),
    // A server that claims an absurd precision only makes itself useless.
    dispersionMs: 1000 * 2 ** Math.min(packet.precision, 10) + PRECISION_MS + PHI * elapsed,
    at: trip.receivedAt,
    rootDelayMs: packet.rootDelaySeconds * 1000,
    rootDispersionMs: packet.rootDispersionSeconds * 1000,
    stratum: packet.stratum,
  };
}

/** How far the true offset can be from the sample's at a time, lambda of RFC 5905 section 11.2, milliseconds. */
export function rootDistance(sample: Sample, jitterMs: number, now: number): number {
  const aged = PHI * Math.max(now - sample.at, 0);
  const trip = Math.max(MINDISP_MS, sample.rootDelayMs + sample.delayMs);
  return trip / 2 + sample.rootDispersionMs + sample.dispersionMs + aged + jitterMs;
}

/** The last samples of one server: how much they differ, and whether one took unusually long. */
export class SampleHistory {
  readonly #samples: Sample[] = [];

  add(sample: Sample): void {
    this.#samples.push(sample);
    if (this.#samples.length > NSTAGE) this.#samples.shift();
  }

  /** The newest. */
  get last(): Sample | undefined {
    return this.#samples.at(-1);
  }

  /** Forgets all: the clock has been set, and they are of another time. */
  clear(): void {
    this.#samples.length = 0;
  }

  /** Mean of the differences between one sample and the next, milliseconds; 0 with less than two (section 10, psi). */
  get jitterMs(): number {
    const { length } = this.#samples;
    if (length < 2) return 0;
    let sum = 0;
    for (let i = 1; i < length; i++) {
      sum += ((this.#samples[i] as Sample).offsetMs - (this.#samples[i - 1] as Sample).offsetMs) ** 2;
    }
    return Math.sqrt(sum / (length - 1));
  }

  /**
   * Whether the newest came as fast as others: what waited in a queue one way is off by half of the wait. In place of
   * the clock filter of section 10, which takes the fastest of eight even when the clock has been corrected since.
   */
  get isFast(): boolean {
    const fastest = Math.min(...this.#samples.map(({ delayMs }) => delayMs));
    return (this.last?.delayMs ?? 0) <= 2 * fastest + 5;
  }
}
