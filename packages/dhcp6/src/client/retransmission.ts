/** The exchanges that a client begins, by the name of their message. */
export type ExchangeName =
  | 'solicit'
  | 'request'
  | 'confirm'
  | 'renew'
  | 'rebind'
  | 'informationRequest'
  | 'release'
  | 'decline';

/** When a message is sent again, and for how long (RFC 9915 section 15). Milliseconds; 0 is no limit. */
export interface ExchangeTiming {
  /** The first message waits for a random time up to this. */
  readonly maxDelayMs: number;
  /** IRT: initial retransmission time. */
  readonly initialMs: number;
  /** MRT: maximum retransmission time. */
  readonly maximumMs: number;
  /** MRC: maximum retransmission count, the first message included. */
  readonly maximumCount: number;
  /** MRD: maximum retransmission duration. Renew and Rebind have the times of their leases instead. */
  readonly maximumDurationMs: number;
}

/** Timers of every exchange. */
export type ExchangeTimings = { readonly [N in ExchangeName]: ExchangeTiming };

/** Section 7.6: "transmission and retransmission parameters". */
export const TRANSMISSION_PARAMETERS: ExchangeTimings = {
  solicit: timing(1000, 1000, 3_600_000, 0, 0),
  request: timing(0, 1000, 30_000, 10, 0),
  confirm: timing(1000, 1000, 4000, 0, 10_000),
  renew: timing(0, 10_000, 600_000, 0, 0),
  rebind: timing(0, 10_000, 600_000, 0, 0),
  informationRequest: timing(1000, 1000, 3_600_000, 0, 0),
  release: timing(0, 1000, 0, 4, 0),
  decline: timing(0, 1000, 0, 4, 0),
};

/** Section 15: RAND is "a random number chosen with a uniform distribution between -0.1 and +0.1". */
const SPREAD = 0.1;

/**
 * RT of the first message: "RT for the first message transmission is based on IRT: RT = IRT + RAND*IRT".
 *
 * @param longer section 18.2.1 of Solicit: "the first RT MUST be selected to be strictly greater than IRT by choosing RAND
 *   to be strictly greater than 0"
 * @returns milliseconds
 */
export function firstTimeout({ initialMs, maximumMs }: ExchangeTiming, longer: boolean, random: () => number): number {
  const rand = longer ? SPREAD * (1 - random()) : spread(random);
  return bounded(initialMs + rand * initialMs, maximumMs, random);
}

/**
 * RT of each further message: "RT = 2*RTprev + RAND*RTprev".
 *
 * @param previous RTprev in milliseconds
 * @returns milliseconds
 */
export function nextTimeout({ maximumMs }: ExchangeTiming, previous: number, random: () => number): number {
  return bounded(2 * previous + spread(random) * previous, maximumMs, random);
}

/** "MRT specifies an upper bound on the value of RT (disregarding the randomization [...]): if (RT > MRT) RT = MRT + RAND*MRT" */
function bounded(timeout: number, maximumMs: number, random: () => number): number {
  const bound = maximumMs > 0 && timeout > maximumMs ? maximumMs + spread(random) * maximumMs : timeout;
  return Math.max(bound, LEAST_TIMEOUT_MS);
}

function spread(random: () => number): number {
  return SPREAD * (2 * random() - 1);
}

/** No settings, however odd, make the client send without a pause. */
const LEAST_TIMEOUT_MS = 100;

/**
 * How long to wait after the n-th time in a row that a server took back what it had advertised, in milliseconds. RFC 9915
 * leaves it to the client, but for its rate (section 14.1): 0, 1, 2, 4, ... s, up to SOL_MAX_RT.
 */
export function refusalDelay(maximumMs: number, refusals: number): number {
  if (refusals <= 1) return 0;
  return Math.min(1000 * 2 ** Math.min(refusals - 2, 30), Math.max(maximumMs, 1000));
}

/** How long to wait before an IA that was not given is asked for again, beside those that were: 10, 20, 40, ... s. */
export function missingDelay(maximumMs: number, refusals: number): number {
  return Math.min(10_000 * 2 ** Math.min(Math.max(refusals - 1, 0), 30), Math.max(maximumMs, 10_000));
}

function timing(
  maxDelayMs: number,
  initialMs: number,
  maximumMs: number,
  maximumCount: number,
  maximumDurationMs: number,
): ExchangeTiming {
  return { maxDelayMs, initialMs, maximumMs, maximumCount, maximumDurationMs };
}
