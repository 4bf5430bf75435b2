/** How an {@link NtpEngine} works. Times in milliseconds. */
export interface NtpConfig {
  /** Before the first question, at random up to this: not all routers of a street ask at once after a power cut (NT-01). */
  readonly startJitterMs: number;
  /** How long an answer is waited for. */
  readonly answerMs: number;
  /** Between questions as long as the time is not known; the last one holds from then on. */
  readonly retriesMs: readonly number[];
  /** How long more than half of all names have to agree, known or not, before fewer do. */
  readonly patienceMs: number;
  /** log2 of the seconds between two questions once the time is known: from, and up to. */
  readonly minimumPoll: number;
  readonly maximumPoll: number;
  /** Servers that are asked, when there are as many. */
  readonly servers: number;
  /** Servers further from a reference clock are not asked for the time (MAXDIST). */
  readonly maximumDistanceMs: number;
  /** Offsets from here on are corrected in one step (STEPT). */
  readonly stepMs: number;
  /** So many rounds in a row have to tell of such an offset, when the time was known already. */
  readonly stepRounds: number;
  /** It is later than this, whatever a server says: milliseconds since 1970. */
  readonly notBefore: number;
  /** When the clock was right last, milliseconds since 1970: it takes three servers to go back before it. */
  readonly savedTime: number;
}

/** 2026, in which this was written: for a machine that does not tell when its image was made. */
const WRITTEN = 1_767_225_600_000;

/** The values of RFC 5905 where it has some. */
export const defaultNtpConfig: NtpConfig = {
  startJitterMs: 250,
  answerMs: 2000,
  // As the burst at the start (section 13) begins, and slower each time.
  retriesMs: [2000, 4000, 8000, 16_000, 32_000, 64_000],
  patienceMs: 15_000,
  minimumPoll: 6,
  maximumPoll: 10,
  // RFC 8633 section 3.2: "at least four" so that one can lie and another one be away.
  servers: 4,
  // 1 s in figure 27, less than a slow line needs when something is being downloaded.
  maximumDistanceMs: 1500,
  stepMs: 128,
  stepRounds: 4,
  notBefore: WRITTEN,
  savedTime: 0,
};
