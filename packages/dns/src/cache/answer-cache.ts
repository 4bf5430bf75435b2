import type { QueryView } from '../scan/query-view.ts';
import type { ResponseView } from '../scan/response-view.ts';
import { CacheState } from './cache-state.ts';
import type { CacheOptions } from './limits.ts';
import type { LocalRecords } from './local-records.ts';
import type { CacheStatistics } from './statistics.ts';

/**
 * Answers by question, as octets.
 *
 * An entry is a number that is good until the next call that stores. `now` is the monotonic clock in milliseconds.
 * `flavour` is one octet that tells apart who gets different answers to one question: bit 0 DO, bit 1 CD, bits 2 to 7
 * the group of clients.
 */
export class AnswerCache {
  /** What the last `lookup` found: one of {@link CacheState}. */
  found: number = CacheState.none;
  /** After `lookup`: the answer is popular and about to expire. Told once in the life of an answer. */
  worthRefreshing: boolean = false;
  /** The info code of an Extended DNS Error (RFC 8914) that belongs to what was found last; -1 for none. */
  extendedError: number = -1;
  /** Local answers that were stored with another number are gone. */
  localGeneration: number = 0;

  /** @throws RangeError when `maximumBytes` is less than 65,536 or over 2 GiB */
  constructor(options: CacheOptions) {
    if (!(options.maximumBytes >= 65_536 && options.maximumBytes < 0x8000_0000)) {
      throw new RangeError(`a cache of ${options.maximumBytes} octets`);
    }
  }

  /**
   * Finds what is known of a question, and sets `found`, `worthRefreshing` and `extendedError`.
   *
   * @returns the entry to `write`; 0 for `none` and for `failed`
   */
  lookup(_query: QueryView, _flavour: number, _now: number): number {
    this.found = CacheState.none;
    return 0;
  }

  /**
   * The answer of the closest name above QNAME that does not exist (RFC 8020 section 2), when it is fresh.
   *
   * @returns the entry to `write`, or 0
   */
  nxdomainAbove(_query: QueryView, _flavour: number, _now: number): number {
    return 0;
  }

  /**
   * Makes the query its response in place: header, and the records behind the question, without OPT. TTLs are counted
   * down, and are 30 in what has expired. When not all fits, the additional section stays away; when the rest does not
   * fit either, there are no records and TC is set.
   *
   * @param limit largest offset in `query.bytes` that the response may end at
   * @returns the offset behind the response
   */
  write(_entry: number, query: QueryView, _limit: number, _now: number): number {
    return query.questionEnd;
  }

  /**
   * Stores the response to a question, whose QNAME it has in whatever spelling, by RFC 2181 and RFC 2308.
   *
   * @param query the question; `bytes` is only read
   * @returns the entry; 0 when such an answer is not stored
   */
  store(_query: QueryView, _flavour: number, _response: ResponseView, _now: number): number {
    return 0;
  }

  /** Stores an answer of the router's own until its TTL ends or {@link localGeneration} changes. @returns the entry, or 0 */
  storeLocal(_query: QueryView, _flavour: number, _answer: LocalRecords, _now: number): number {
    return 0;
  }

  /**
   * Remembers that nobody answered a question (RFC 9520), next to an answer that has expired.
   *
   * @param extendedError info code that says why (RFC 8914), -1 for none
   */
  storeFailure(_query: QueryView, _flavour: number, _extendedError: number, _now: number): void {}

  /** Whoever failed may answer now (the uplink is back): no question is held back any longer. */
  forgetFailures(): void {}

  /** A policy has changed: all answers are `unchecked` from now on. */
  invalidate(): void {}

  /** An `unchecked` answer may be given under the policy of now. */
  approve(_entry: number): void {}

  /** Forgets everything. */
  flush(): void {}

  /**
   * All answers from upstream, to be kept in a file.
   *
   * @param wallNow wall time in milliseconds
   * @returns pieces that are to be written one behind the other; nothing may be stored before the last one is taken
   */
  *snapshot(_now: number, _wallNow: number): Generator<Uint8Array, void> {}

  /**
   * Takes in what `snapshot` gave. What is corrupt, of another version, or from the future, is not taken in at all.
   *
   * @returns how many answers there are now
   */
  restore(_bytes: Uint8Array, _now: number, _wallNow: number): number {
    return 0;
  }

  get statistics(): CacheStatistics {
    return { entries: 0, bytes: 0, capacityBytes: 0, stored: 0, evicted: 0, refused: 0 };
  }
}
