import { LOWER_CASE } from '../scan/name.ts';
import type { Draft } from './draft.ts';
import { ENTRY_HEADER, EntryBit, entryKey, entrySize, RCODE_SHIFT, ttlTableAt, Word } from './entry.ts';
import type { Storage } from './storage.ts';

/** What an entry is found by, and what it was stored under. One is filled again and again. */
export class EntryPlace {
  /** Where the name is, in any spelling. */
  bytes: Uint8Array = new Uint8Array(0);
  nameAt: number = 0;
  nameLength: number = 0;
  /** {@link Word.question} */
  question: number = 0;
  flavour: number = 0;
  hash: number = 0;
  generation: number = 0;
  /** The monotonic clock. */
  seconds: number = 0;
  /** How long what has expired is worth something. */
  staleSeconds: number = 0;
}

/** Stores what is drafted in place of what is there. @returns the entry, 0 when it is too large */
export function storeDraft(storage: Storage, draft: Draft, place: EntryPlace): number {
  const { words, index } = storage;
  const key = entryKey(place.nameLength, draft.kind, place.flavour);
  const size = entrySize(place.nameLength, draft.records, draft.octets);
  const before = index.find(place.hash, place.question, key, place.bytes, place.nameAt);
  let kept = before === 0 ? 0 : (words[(before >> 2) + Word.state] as number) & (EntryBit.main | EntryBit.uses);
  let entry = before;
  const room = before === 0 ? 0 : (words[(before >> 2) + Word.size] as number);
  // An answer of about the size of the last one takes its place; otherwise much could lie idle.
  const moves = before === 0 || size > room || size < room >> 1;
  if (moves) {
    if (before !== 0) index.remove(before);
    if (size > storage.largest) return 0;
    // It may well get the place of the one before.
    entry = storage.allocate(size, place.hash, (kept & EntryBit.main) !== 0, place.seconds, place.staleSeconds);
    kept = (kept & EntryBit.uses) | ((words[(entry >> 2) + Word.state] as number) & EntryBit.main);
  }
  const at = entry >> 2;
  words[at + Word.state] = EntryBit.live | kept | draft.bits | (draft.rcode << RCODE_SHIFT);
  words[at + Word.hash] = place.hash;
  words[at + Word.question] = place.question;
  words[at + Word.key] = key;
  words[at + Word.storedAt] = place.seconds;
  words[at + Word.lifetime] = draft.lifetime;
  words[at + Word.generation] = place.generation;
  words[at + Word.counts] = (draft.answers << 16) | draft.authorities;
  words[at + Word.moreCounts] = (draft.additionals << 16) | draft.records;
  words[at + Word.lengths] = (draft.required << 16) | draft.octets;
  words[at + Word.extendedError] = draft.extendedError;
  writeOctets(storage, entry, draft, place);
  if (moves) index.add(entry);
  return entry;
}

function writeOctets(storage: Storage, entry: number, draft: Draft, place: EntryPlace): void {
  const { octets, halves, view } = storage;
  const { bytes, nameAt, nameLength } = place;
  const stored = entry + ENTRY_HEADER;
  for (let i = 0; i < nameLength; i++) octets[stored + i] = LOWER_CASE[bytes[nameAt + i] as number] as number;
  const ttlsAt = ttlTableAt(entry, nameLength);
  const recordsAt = ttlsAt + 2 * draft.records;
  // Most answers are short, and a view of them would be garbage for each.
  for (let i = 0; i < draft.octets; i++) octets[recordsAt + i] = draft.bytes[draft.at + i] as number;
  for (let i = 0; i < draft.records; i++) {
    const offset = draft.ttlAt[i] as number;
    halves[(ttlsAt >> 1) + i] = offset;
    view.setUint32(recordsAt + offset, draft.ttl[i] as number);
  }
}
