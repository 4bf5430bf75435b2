/** How long answers are kept; all in whole seconds. */
export interface CacheLimits {
  /** Shorter times to live of positive answers are taken as this long. */
  readonly minimumTtlSeconds: number;
  /** Longer times to live are taken as this long: RFC 8767 section 4 wants a cap, of 7 days or less. */
  readonly maximumTtlSeconds: number;
  /** The same for names and types that do not exist: RFC 2308 section 5 finds 1 to 3 hours to work well. */
  readonly maximumNegativeTtlSeconds: number;
  /** How long an answer that has expired is kept for times when nobody answers: RFC 8767 section 5 suggests 1 to 3 days. */
  readonly staleSeconds: number;
  /** The time to live that is told of an expired answer: RFC 8767 section 4 recommends 30. */
  readonly staleTtlSeconds: number;
  /** With an expired answer at hand, how long nobody is asked again after a failure: RFC 8767 section 5 recommends 30. */
  readonly staleRecheckSeconds: number;
  /** How long a failure is remembered at first, doubled each time that it goes on: RFC 9520 section 3.2, at least 1. */
  readonly minimumFailureSeconds: number;
  /** How long it is remembered at most: RFC 9520 section 3.2, at most 5 minutes. */
  readonly maximumFailureSeconds: number;
}

/** The limits of a home's router. */
export const DEFAULT_CACHE_LIMITS: CacheLimits = {
  minimumTtlSeconds: 0,
  maximumTtlSeconds: 86_400,
  maximumNegativeTtlSeconds: 3_600,
  staleSeconds: 259_200,
  staleTtlSeconds: 30,
  staleRecheckSeconds: 30,
  minimumFailureSeconds: 5,
  maximumFailureSeconds: 300,
};

/** What a cache is made with. */
export interface CacheOptions {
  /** Octets that all of it may take: what is stored, the index and what was evicted of late. At least 65,536. */
  readonly maximumBytes: number;
  /** The seed that the hashes of questions are made with: 32 random bits. */
  readonly seed: number;
  /** Those of {@link DEFAULT_CACHE_LIMITS} when absent. */
  readonly limits?: Partial<CacheLimits>;
}
