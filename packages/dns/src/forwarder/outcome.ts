/** What a client that waited is to be told. */
export const Outcome = {
  /** The answer that has come in. */
  answer: 0,
  /** The answer, octet for octet, to a query that went on as it was. */
  untouched: 1,
  /** What has expired. */
  stale: 2,
  /** An error. */
  failure: 3,
  /** That there is no such record, since what there is has a private address. */
  rebind: 4,
} as const;
