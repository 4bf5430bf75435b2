import { nameLengthAt } from '../scan/name.ts';
import { crc32 } from './crc32.ts';
import { ENTRY_HEADER, EntryBit, entrySize, KeyKind, ttlTableAt, Word } from './entry.ts';
import type { EntryFinder } from './entry-finder.ts';
import type { CacheLimits } from './limits.ts';
import { SNAPSHOT_HEADER, SNAPSHOT_MAGIC, SNAPSHOT_TRAILER } from './snapshot.ts';
import type { Storage } from './storage.ts';

/** See `AnswerCache.restore`. */
export function restoreSnapshot(
  bytes: Uint8Array,
  storage: Storage,
  finder: EntryFinder,
  limits: CacheLimits,
  seconds: number,
  wallNow: number,
): number {
  const from = bytesOf(bytes);
  if (from === undefined) return 0;
  const elapsed = Math.floor((wallNow - from.wallTime) / 1000);
  // A clock that was set back does not tell how old anything is.
  if (!(elapsed >= 0 && elapsed < limits.maximumTtlSeconds + limits.staleSeconds)) return 0;
  let restored = 0;
  for (let entry = 0; entry < from.octets.length; entry += from.words[(entry >> 2) + Word.size] as number) {
    const age = (from.words[(entry >> 2) + Word.storedAt] as number) + elapsed;
    const past = age - (from.words[(entry >> 2) + Word.lifetime] as number) >= limits.staleSeconds;
    if (!past && takeEntry(from, entry, storage, finder, limits, seconds - age, seconds)) restored++;
  }
  return restored;
}

interface Entries {
  readonly octets: Uint8Array;
  readonly words: Int32Array;
  readonly halves: Uint16Array;
  readonly wallTime: number;
}

/** Undefined when anything is not as `snapshotOf` writes it. */
function bytesOf(bytes: Uint8Array): Entries | undefined {
  const length = bytes.length - SNAPSHOT_HEADER - SNAPSHOT_TRAILER;
  if (length < 0 || length % 8 !== 0) return undefined;
  const { buffer } = bytes.slice();
  const words = new Int32Array(buffer);
  if (words[0] !== SNAPSHOT_MAGIC || words[1] !== length) return undefined;
  const sumAt = bytes.length - SNAPSHOT_TRAILER;
  if (crc32(bytes.subarray(0, sumAt)) !== (words[sumAt >> 2] as number) >>> 0) return undefined;
  const entries: Entries = {
    octets: new Uint8Array(buffer, SNAPSHOT_HEADER, length),
    words: new Int32Array(buffer, SNAPSHOT_HEADER, length >> 2),
    halves: new Uint16Array(buffer, SNAPSHOT_HEADER, length >> 1),
    wallTime: new Float64Array(buffer, 8, 1)[0] as number,
  };
  for (let entry = 0; entry < length; entry += entries.words[(entry >> 2) + Word.size] as number) {
    if (!isEntry(entries, entry)) return undefined;
  }
  return entries;
}

/** Whether nothing in an entry points out of it. */
function isEntry(from: Entries, entry: number): boolean {
  const { words, halves, octets } = from;
  const at = entry >> 2;
  const size = words[at + Word.size] as number;
  if (octets.length - entry < ENTRY_HEADER || size % 8 !== 0 || size > octets.length - entry) return false;
  const [key, counts] = [words[at + Word.key] as number, words[at + Word.counts] as number];
  const [more, lengths] = [words[at + Word.moreCounts] as number, words[at + Word.lengths] as number];
  const [nameLength, kind] = [key >>> 16, (key >>> 8) & 0xff];
  const [records, length] = [more & 0xffff, lengths & 0xffff];
  if (kind !== KeyKind.type && kind !== KeyKind.name) return false;
  if (size < entrySize(nameLength, records, length) || lengths >>> 16 > length) return false;
  if ((counts >>> 16) + (counts & 0xffff) + (more >>> 16) !== records) return false;
  if (nameLengthAt(octets, entry + ENTRY_HEADER, entry + ENTRY_HEADER + nameLength) !== nameLength) return false;
  const ttls = ttlTableAt(entry, nameLength) >> 1;
  for (let i = 0; i < records; i++) if ((halves[ttls + i] as number) + 4 > length) return false;
  return (words[at + Word.lifetime] as number) >= 0 && (words[at + Word.storedAt] as number) >= 0;
}

function takeEntry(
  from: Entries,
  entry: number,
  storage: Storage,
  finder: EntryFinder,
  limits: CacheLimits,
  storedAt: number,
  seconds: number,
): boolean {
  const source = entry >> 2;
  const size = from.words[source + Word.size] as number;
  const key = from.words[source + Word.key] as number;
  const question = from.words[source + Word.question] as number;
  const state = from.words[source + Word.state] as number;
  const nameAt = entry + ENTRY_HEADER;
  const hash = finder.hashOfStored(from.octets, nameAt, key, question);
  if (size > storage.largest || storage.index.find(hash, question, key, from.octets, nameAt) !== 0) return false;
  const known = (state & EntryBit.main) !== 0;
  const place = storage.allocate(size, hash, known, seconds, limits.staleSeconds);
  const at = place >> 2;
  const ring = (storage.words[at + Word.state] as number) & EntryBit.main;
  storage.octets.set(from.octets.subarray(entry, entry + size), place);
  storage.words[at + Word.state] = (state & ~(EntryBit.main | EntryBit.local)) | EntryBit.live | ring;
  storage.words[at + Word.hash] = hash;
  storage.words[at + Word.storedAt] = storedAt | 0;
  // Policies may have changed while nobody looked.
  storage.words[at + Word.generation] = (finder.policyGeneration - 1) | 0;
  storage.index.add(place);
  return true;
}
