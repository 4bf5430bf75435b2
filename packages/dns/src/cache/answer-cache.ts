import { HEADER_LENGTH } from '../header.ts';
import { sameOctetsIgnoringCase } from '../scan/name.ts';
import type { QueryView } from '../scan/query-view.ts';
import type { ResponseView } from '../scan/response-view.ts';
import { AnswerWriter } from './answer-writer.ts';
import { CacheState } from './cache-state.ts';
import { Draft } from './draft.ts';
import { EntryBit, entrySeconds, KeyKind, Word } from './entry.ts';
import { EntryFinder, questionWord } from './entry-finder.ts';
import { keptEntries } from './kept-entries.ts';
import { type CacheLimits, type CacheOptions, DEFAULT_CACHE_LIMITS } from './limits.ts';
import { draftLocal } from './local-draft.ts';
import type { LocalRecords } from './local-records.ts';
import { draftResponse } from './response-draft.ts';
import { restoreSnapshot } from './restore-snapshot.ts';
import { snapshotOf } from './snapshot.ts';
import type { CacheStatistics } from './statistics.ts';
import { Storage } from './storage.ts';
import { EntryPlace, storeDraft } from './store-draft.ts';

/** An answer that was found so often since it was stored is popular. */
const POPULAR = 2 * EntryBit.oneHit;

/** A popular answer is worth refreshing in this last part of its life. */
const LAST_PART = 10;

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

  readonly #storage: Storage;
  readonly #finder: EntryFinder;
  readonly #limits: CacheLimits;
  readonly #writer: AnswerWriter;
  readonly #draft: Draft = new Draft();
  readonly #place: EntryPlace = new EntryPlace();
  #stored = 0;
  #refused = 0;

  /** @throws RangeError when `maximumBytes` is less than 65,536 or not under 2 GiB */
  constructor(options: CacheOptions) {
    if (!(options.maximumBytes >= 65_536 && options.maximumBytes < 0x8000_0000)) {
      throw new RangeError(`a cache of ${options.maximumBytes} octets`);
    }
    this.#storage = new Storage(options.maximumBytes);
    this.#finder = new EntryFinder(this.#storage, options.seed);
    this.#limits = { ...DEFAULT_CACHE_LIMITS, ...options.limits };
    this.#writer = new AnswerWriter(this.#storage, this.#limits.staleTtlSeconds);
  }

  /** Local answers that were stored with another number are gone. */
  get localGeneration(): number {
    return this.#finder.localGeneration;
  }

  set localGeneration(generation: number) {
    this.#finder.localGeneration = generation | 0;
  }

  /**
   * Finds what is known of a question, and sets `found`, `worthRefreshing` and `extendedError`.
   *
   * @returns the entry to `write`; 0 for `none` and for `failed`
   */
  lookup(query: QueryView, flavour: number, now: number): number {
    const seconds = entrySeconds(now);
    this.worthRefreshing = false;
    const entry = this.#finder.find(query, KeyKind.type, flavour);
    return entry !== 0 && this.#takeFresh(entry, seconds) ? entry : this.#lookupOther(entry, query, flavour, seconds);
  }

  /**
   * The answer of the closest name above QNAME that does not exist (RFC 8020 section 2), when it is fresh.
   *
   * @returns the entry to `write`, or 0
   */
  nxdomainAbove(query: QueryView, flavour: number, now: number): number {
    const { bytes } = query;
    const seconds = entrySeconds(now);
    let at = query.start + HEADER_LENGTH;
    const end = at + query.nameLength;
    this.worthRefreshing = false;
    for (;;) {
      at += (bytes[at] as number) + 1;
      // Never the root: there is something underneath it, whatever anybody says.
      if (at >= end - 1) return 0;
      const entry = this.#finder.findName(bytes, at, end, query.class, flavour);
      if (entry === 0) continue;
      const isCut = ((this.#storage.words[(entry >> 2) + Word.state] as number) & EntryBit.cut) !== 0;
      if (isCut && this.#takeFresh(entry, seconds)) return entry;
    }
  }

  /**
   * Makes the query its response in place: header, and the records behind the question, without OPT. TTLs are counted
   * down, and are 30 in what has expired. When not all fits, the additional section stays away; when the rest does not
   * fit either, there are no records and TC is set.
   *
   * @param limit largest offset in `query.bytes` that the response may end at
   * @returns the offset behind the response
   */
  write(entry: number, query: QueryView, limit: number, now: number): number {
    return this.#writer.write(entry, query, limit, entrySeconds(now));
  }

  /**
   * Stores the response to a question, whose QNAME it has in whatever spelling, by RFC 2181 and RFC 2308.
   *
   * @param query the question; `bytes` is only read
   * @returns the entry; 0 when such an answer is not stored
   */
  store(query: QueryView, flavour: number, response: ResponseView, now: number): number {
    const draft = this.#draft;
    if (!isResponseTo(response, query) || !draftResponse(draft, response, this.#limits)) return this.#refuse();
    // What was known of the name in the other way is no longer so, nor is it unknown.
    if (draft.kind === KeyKind.name) this.#remove(this.#finder.find(query, KeyKind.type, flavour));
    else this.#remove(this.#finder.findQname(query, flavour));
    this.#remove(this.#finder.find(query, KeyKind.failure, flavour));
    return this.#store(query, flavour, this.#finder.policyGeneration, entrySeconds(now));
  }

  /** Stores an answer of the router's own until its TTL ends or {@link localGeneration} changes. @returns the entry, or 0 */
  storeLocal(query: QueryView, flavour: number, answer: LocalRecords, now: number): number {
    if (!draftLocal(this.#draft, answer)) return this.#refuse();
    return this.#store(query, flavour, this.#finder.localGeneration, entrySeconds(now));
  }

  /**
   * Remembers that nobody answered a question (RFC 9520), next to an answer that has expired.
   *
   * @param extendedError info code that says why (RFC 8914), -1 for none
   */
  storeFailure(query: QueryView, flavour: number, extendedError: number, now: number): void {
    const seconds = entrySeconds(now);
    const limits = this.#limits;
    let lifetime = this.#finder.nextFailureLifetime(query, flavour, seconds, limits.minimumFailureSeconds);
    // RFC 8767 section 5: attempts to refresh are made "no more frequently than every 30 seconds".
    const stale = this.#finder.latest(query, flavour, seconds, limits.staleSeconds);
    if (stale !== 0) lifetime = Math.max(lifetime, limits.staleRecheckSeconds);
    // RFC 9520 section 3.2: "resolution failures MUST NOT be cached for longer than 5 minutes."
    this.#draft.setFailure(Math.min(lifetime, limits.maximumFailureSeconds), extendedError);
    this.#store(query, flavour, this.#finder.failureGeneration, seconds);
  }

  /** Whoever failed may answer now (the uplink is back): no question is held back any longer. */
  forgetFailures(): void {
    this.#finder.failureGeneration = (this.#finder.failureGeneration + 1) | 0;
  }

  /** A policy has changed: all answers are `unchecked` from now on. */
  invalidate(): void {
    this.#finder.policyGeneration = (this.#finder.policyGeneration + 1) | 0;
  }

  /** An `unchecked` answer may be given under the policy of now. */
  approve(entry: number): void {
    this.#storage.words[(entry >> 2) + Word.generation] = this.#finder.policyGeneration;
  }

  /** Other servers are asked from now on: what those of before said has expired, and serves when nobody answers. */
  expire(now: number): void {
    const seconds = entrySeconds(now);
    const { words } = this.#storage;
    for (const entry of keptEntries(this.#storage)) {
      const at = entry >> 2;
      const left = this.#finder.secondsLeft(entry, seconds);
      if (left > 0) words[at + Word.lifetime] = (words[at + Word.lifetime] as number) - left;
    }
  }

  /** Forgets everything. */
  flush(): void {
    this.#storage.clear();
  }

  /**
   * All answers from upstream, to be kept in a file.
   *
   * @param wallNow wall time in milliseconds
   * @returns pieces that are to be written one behind the other; nothing may be stored before the last one is taken
   */
  snapshot(now: number, wallNow: number): Generator<Uint8Array, void> {
    return snapshotOf(this.#storage, entrySeconds(now), wallNow);
  }

  /**
   * Takes in what `snapshot` gave; the answers are `unchecked`. What is corrupt, of another version or from the future is
   * not taken in at all.
   *
   * @returns how many answers were taken in
   */
  restore(bytes: Uint8Array, now: number, wallNow: number): number {
    return restoreSnapshot(bytes, this.#storage, this.#finder, this.#limits, entrySeconds(now), wallNow);
  }

  /** Of now, and counted since the start. */
  get statistics(): CacheStatistics {
    const { index, octets, evicted } = this.#storage;
    return {
      entries: index.entries,
      bytes: index.bytes,
      capacityBytes: octets.length,
      stored: this.#stored,
      evicted,
      refused: this.#refused,
    };
  }

  /** Anything but a fresh answer to the very question. @param asked the entry of that, 0 without one */
  #lookupOther(asked: number, query: QueryView, flavour: number, seconds: number): number {
    const finder = this.#finder;
    const named = finder.findQname(query, flavour);
    if (named !== 0 && this.#takeFresh(named, seconds)) return named;
    const entry = finder.latestOf(asked, named, seconds, this.#limits.staleSeconds);
    const failure = finder.findFailure(query, flavour, seconds);
    const { words } = this.#storage;
    this.extendedError = failure === 0 ? -1 : (words[(failure >> 2) + Word.extendedError] as number);
    if (entry === 0) {
      this.found = failure === 0 ? CacheState.none : CacheState.failed;
      return 0;
    }
    const state = words[(entry >> 2) + Word.state] as number;
    if ((state & EntryBit.uses) !== EntryBit.uses) words[(entry >> 2) + Word.state] = state + EntryBit.oneUse;
    if (!finder.isCurrent(entry)) this.found = CacheState.unchecked;
    else this.found = failure === 0 ? CacheState.stale : CacheState.staleAfterFailure;
    return entry;
  }

  /** @returns false when the entry is not fresh; otherwise it is counted as found */
  #takeFresh(entry: number, seconds: number): boolean {
    const left = this.#finder.secondsLeft(entry, seconds);
    if (left <= 0 || !this.#finder.isCurrent(entry)) return false;
    const { words } = this.#storage;
    const at = entry >> 2;
    const before = words[at + Word.state] as number;
    let state = before;
    if ((state & EntryBit.uses) !== EntryBit.uses) state += EntryBit.oneUse;
    if ((state & EntryBit.hits) !== EntryBit.hits) state += EntryBit.oneHit;
    if (left * LAST_PART <= (words[at + Word.lifetime] as number)) {
      if ((state & (EntryBit.told | EntryBit.local)) === 0 && (state & EntryBit.hits) > POPULAR) {
        state |= EntryBit.told;
        this.worthRefreshing = true;
      }
    }
    if (state !== before) words[at + Word.state] = state;
    this.found = CacheState.fresh;
    this.extendedError = words[at + Word.extendedError] as number;
    return true;
  }

  #store(query: QueryView, flavour: number, generation: number, seconds: number): number {
    const place = this.#place;
    place.bytes = query.bytes;
    place.nameAt = query.start + HEADER_LENGTH;
    place.nameLength = query.nameLength;
    place.question = questionWord(query, this.#draft.kind);
    place.flavour = flavour;
    place.hash = this.#finder.hashOf(query, this.#draft.kind, flavour);
    place.generation = generation;
    place.seconds = seconds;
    place.staleSeconds = this.#limits.staleSeconds;
    const entry = storeDraft(this.#storage, this.#draft, place);
    if (entry === 0) return this.#refuse();
    this.#stored++;
    return entry;
  }

  #remove(entry: number): void {
    if (entry !== 0) this.#storage.index.remove(entry);
  }

  #refuse(): number {
    this.#refused++;
    return 0;
  }
}

/** Whether a response is to this question and its records follow it at the same place. */
function isResponseTo(response: ResponseView, query: QueryView): boolean {
  const a = response.start + HEADER_LENGTH;
  const b = query.start + HEADER_LENGTH;
  return (
    response.questions === 1 &&
    response.type === query.type &&
    response.class === query.class &&
    response.nameLength === query.nameLength &&
    sameOctetsIgnoringCase(response.bytes, a, query.bytes, b, query.nameLength)
  );
}
