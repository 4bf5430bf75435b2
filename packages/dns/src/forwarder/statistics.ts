/** What a forwarder has done since its start. A plain object: it can be posted to another thread. */
export interface ForwarderStatistics {
  /** Queries by transport. */
  readonly queries: { udp: number; tcp: number };
  readonly answers: AnswerCounters;
  /** Responses by rcode; the last count is for all above 22. */
  readonly rcodes: number[];
  /** Popular answers that were asked for again before they expired. */
  prefetches: number;
  /** Queries that waited for the answer to another one's question. */
  joined: number;
  /** Answers that were kept from clients because of private addresses. */
  rebinds: number;
  /** Questions in flight now. */
  pending: number;
  readonly upstreams: UpstreamStatistics[];
}

/** Responses by where they came from. */
export interface AnswerCounters {
  /** The router's own zones. */
  local: number;
  cached: number;
  /** Expired answers, because nobody gave a new one in time. */
  stale: number;
  /** An upstream's. */
  forwarded: number;
  /** Names on block lists, and public names with private addresses. */
  blocked: number;
  /** SERVFAIL of the forwarder's own, and errors of upstreams. */
  failed: number;
  /** Queries that are malformed, or are for none: FORMERR, BADVERS, NOTIMP, REFUSED. */
  refused: number;
  /** Clients that ask too much: a short response, or none. */
  limited: number;
  /** What is no query. */
  dropped: number;
}

/** One upstream's part. */
export interface UpstreamStatistics {
  readonly label: string;
  readonly asked: number;
  readonly answered: number;
  /** The transport failed. */
  readonly failed: number;
  /** Nothing came in time. */
  readonly timeouts: number;
  /** Answers that were no help: SERVFAIL, REFUSED, malformed ones. */
  readonly errors: number;
  /** Messages that were no answer to what was asked. */
  readonly discarded: number;
  /** Questions among `asked` that only were to find out how fast it is. */
  readonly probes: number;
  readonly up: boolean;
  /** Smoothed round-trip time, milliseconds; 0 before the first answer. */
  readonly smoothedMs: number;
  /** Answers that took at most 1, 2, 4 ... 2048 ms, each counted once, and those that took longer. */
  readonly rttBuckets: readonly number[];
  /** Milliseconds of all answers together. */
  readonly rttSum: number;
}

/** How many rcodes are told apart. */
const RCODES = 24;

/** Nothing yet. */
export function emptyStatistics(): ForwarderStatistics {
  return {
    queries: { udp: 0, tcp: 0 },
    answers: {
      local: 0,
      cached: 0,
      stale: 0,
      forwarded: 0,
      blocked: 0,
      failed: 0,
      refused: 0,
      limited: 0,
      dropped: 0,
    },
    rcodes: new Array<number>(RCODES).fill(0),
    prefetches: 0,
    joined: 0,
    rebinds: 0,
    pending: 0,
    upstreams: [],
  };
}

/** Counts a response. */
export function countRcode(statistics: ForwarderStatistics, rcode: number): void {
  statistics.rcodes[Math.min(rcode, RCODES - 1)]!++;
}
