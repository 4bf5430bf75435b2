/** What a cache tells of itself. */
export interface CacheStatistics {
  /** Answers and failures that are kept, expired ones among them. */
  readonly entries: number;
  /** Octets that they take. */
  readonly bytes: number;
  /** Octets of the whole cache, whatever is in it: never over the configured maximum. */
  readonly capacityBytes: number;
  /** Answers that were stored since the start, replacements among them. */
  readonly stored: number;
  /** Entries that had to go for others since the start. */
  readonly evicted: number;
  /** Answers that were not stored because they may not be, or are too large. */
  readonly refused: number;
}
