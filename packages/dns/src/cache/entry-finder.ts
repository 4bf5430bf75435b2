import { HEADER_LENGTH } from '../header.ts';
import { hashName } from '../scan/name-hash.ts';
import type { QueryView } from '../scan/query-view.ts';
import { EntryBit, entryKey, KeyKind, Word } from './entry.ts';
import type { Storage } from './storage.ts';

/** Flavours of one question fall far from each other in the index. */
const FLAVOUR_FACTOR = 0x9e37_79b1;

/** Finds the entries of questions, and knows which of them still count. */
export class EntryFinder {
  readonly #storage: Storage;
  readonly #seed: number;
  /** Moves when a policy changes. */
  policyGeneration: number = 0;
  /** Moves when failures are forgotten. */
  failureGeneration: number = 0;
  /** Moves when a name of the router's own changes. */
  localGeneration: number = 0;

  constructor(storage: Storage, seed: number) {
    this.#storage = storage;
    this.#seed = seed;
  }

  /** The entry of a question itself, of kind `type` or `failure`; 0 without one. */
  find(query: QueryView, kind: number, flavour: number): number {
    return this.#storage.index.find(
      flavouredHash(query.hash, flavour),
      questionWord(query, kind),
      entryKey(query.nameLength, kind, flavour),
      query.bytes,
      query.start + HEADER_LENGTH,
    );
  }

  /** The entry of a name that does not exist, of whatever type; 0 without one. `at` and `end` enclose the name. */
  findName(bytes: Uint8Array, at: number, end: number, class_: number, flavour: number): number {
    const hash = flavouredHash(hashName(bytes, at, end, 0, class_, this.#seed), flavour);
    return this.#storage.index.find(hash, class_, entryKey(end - at, KeyKind.name, flavour), bytes, at);
  }

  /** The same, of QNAME. */
  findQname(query: QueryView, flavour: number): number {
    const at = query.start + HEADER_LENGTH;
    return this.findName(query.bytes, at, at + query.nameLength, query.class, flavour);
  }

  /** The hash that an entry of this kind has. */
  hashOf(query: QueryView, kind: number, flavour: number): number {
    if (kind !== KeyKind.name) return flavouredHash(query.hash, flavour);
    const at = query.start + HEADER_LENGTH;
    return flavouredHash(hashName(query.bytes, at, at + query.nameLength, 0, query.class, this.#seed), flavour);
  }

  /** Seconds until an entry expires; 0 and less when it has. */
  secondsLeft(entry: number, seconds: number): number {
    const { words } = this.#storage;
    const at = entry >> 2;
    const age = (seconds - (words[at + Word.storedAt] as number)) | 0;
    return (words[at + Word.lifetime] as number) - Math.max(0, age);
  }

  /** Whether what an answer was stored under still holds. */
  isCurrent(entry: number): boolean {
    const { words } = this.#storage;
    const at = entry >> 2;
    const local = ((words[at + Word.state] as number) & EntryBit.local) !== 0;
    return words[at + Word.generation] === (local ? this.localGeneration : this.policyGeneration);
  }

  /** The entry of a failure that still holds back its question; 0 without one. */
  findFailure(query: QueryView, flavour: number, seconds: number): number {
    const failure = this.find(query, KeyKind.failure, flavour);
    if (failure === 0 || this.#storage.words[(failure >> 2) + Word.generation] !== this.failureGeneration) return 0;
    return this.secondsLeft(failure, seconds) > 0 ? failure : 0;
  }

  /** How long the next failure of a question is remembered, when the first one is for `first` seconds. */
  nextFailureLifetime(query: QueryView, flavour: number, seconds: number, first: number): number {
    const { words } = this.#storage;
    const before = this.find(query, KeyKind.failure, flavour);
    if (before === 0 || words[(before >> 2) + Word.generation] !== this.failureGeneration) return first;
    const last = words[(before >> 2) + Word.lifetime] as number;
    // RFC 9520 section 3.2 wants longer times with each failure; after as much time again it is a first one.
    return this.secondsLeft(before, seconds) > -last ? 2 * last : first;
  }

  /**
   * Of the two entries that may know an expired answer the one that knew it last; 0 when that is too long ago.
   * The router's own answers do not serve when they have expired.
   */
  latest(query: QueryView, flavour: number, seconds: number, staleSeconds: number): number {
    const entry = this.find(query, KeyKind.type, flavour);
    return this.latestOf(entry, this.findQname(query, flavour), seconds, staleSeconds);
  }

  /** The same, of the entry of the question and that of the name; either may be 0. */
  latestOf(entry: number, named: number, seconds: number, staleSeconds: number): number {
    let latest = entry;
    if (latest !== 0 && ((this.#storage.words[(latest >> 2) + Word.state] as number) & EntryBit.local) !== 0)
      latest = 0;
    if (latest === 0 || (named !== 0 && this.secondsLeft(named, seconds) > this.secondsLeft(latest, seconds))) {
      latest = named;
    }
    return latest !== 0 && this.secondsLeft(latest, seconds) > -staleSeconds ? latest : 0;
  }

  /** The hash of an entry that has these words, and its name at this offset. */
  hashOfStored(octets: Uint8Array, nameAt: number, key: number, question: number): number {
    const end = nameAt + (key >>> 16);
    return flavouredHash(hashName(octets, nameAt, end, question >>> 16, question & 0xffff, this.#seed), key & 0xff);
  }
}

/** {@link Word.question} of a kind of entry. */
export function questionWord(query: QueryView, kind: number): number {
  return kind === KeyKind.name ? query.class : (query.type << 16) | query.class;
}

function flavouredHash(hash: number, flavour: number): number {
  return (hash ^ Math.imul(flavour, FLAVOUR_FACTOR)) | 0;
}
