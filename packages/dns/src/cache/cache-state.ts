/** What a look-up found. */
export const CacheState = {
  /** Nothing. */
  none: 0,
  /** An answer that may be given. */
  fresh: 1,
  /** An answer that has expired, to be given when nobody answers in time (RFC 8767 section 5). */
  stale: 2,
  /** An answer that has expired, and asking again failed a moment ago: to be given at once (RFC 8767 section 5). */
  staleAfterFailure: 3,
  /** No answer, and asking failed a moment ago: SERVFAIL at once (RFC 9520 section 3.2). */
  failed: 4,
  /**
   * An answer that was stored before the last `invalidate()`: whoever may ask for it is to be decided anew. When it may be
   * given, `approve(entry)` and look it up again.
   */
  unchecked: 5,
} as const;
