/**
 * How an entry lies in the cache's memory: words of 32 bits in the machine's order, then octets.
 *
 * ```
 *  0  octets of the entry, a multiple of 8
 *  1  state: see EntryBit
 *  2  next entry of the same bucket, 0 at the end
 *  3  hash
 *  4  type of the question (upper half), class
 *  5  octets of the name (upper half), kind of key (8 bits), flavour (8 bits)
 *  6  when it was stored, seconds of the monotonic clock modulo 2^32
 *  7  how long it is fresh, seconds
 *  8  generation of the policy, of the local zone or of failures that it was stored under
 *  9  records in the answer section (upper half), in the authority section
 * 10  records in the additional section (upper half), records in all
 * 11  octets of the records without the additional section (upper half), octets of all records
 * 12  info code of an Extended DNS Error, -1 for none
 * 13  the name, lower-cased
 *     offsets of the TTLs, counted from the first record: 16 bits each, at an even offset
 *     the records, as they follow a question, with the TTLs that they had when they were stored
 * ```
 *
 * An entry is named by its offset in octets. What is nobody's any more keeps words 0 and 1 until its place is used again.
 */
export const Word = {
  size: 0,
  state: 1,
  next: 2,
  hash: 3,
  question: 4,
  key: 5,
  storedAt: 6,
  lifetime: 7,
  generation: 8,
  counts: 9,
  moreCounts: 10,
  lengths: 11,
  extendedError: 12,
} as const;

/** Octets in front of the name. */
export const ENTRY_HEADER = 52;

/** The most octets that an entry can need: a name, 512 times to live, and a message's worth of records. */
export const MAX_ENTRY = 67_584;

/** What an entry answers: bits 8 to 15 of {@link Word.key}. */
export const KeyKind = {
  /** One type of a name. */
  type: 0,
  /** All types of a name: it does not exist (RFC 2308 section 5: found by QNAME and QCLASS alone). Its type is 0. */
  name: 1,
  /** One type of a name: nobody answered. */
  failure: 2,
} as const;

/** Bits of {@link Word.state}; 0 is nobody's. */
export const EntryBit = {
  /** Somebody's. */
  live: 0x1,
  /** In the main ring. */
  main: 0x2,
  /** Times that it was found since it came to its place, 0 to 3: whether it is worth keeping. */
  uses: 0xc,
  oneUse: 0x4,
  /** Times that it was found since it was stored, 0 to 3: whether it is worth refreshing. */
  hits: 0x30,
  oneHit: 0x10,
  /** It was told that it is worth refreshing. */
  told: 0x40,
  /** The router's own answer. */
  local: 0x80,
  /** AD. */
  authenticData: 0x100,
  /** AA. */
  authoritative: 0x200,
  /** Nothing is below its name either, and its records can be told of names below (RFC 8020). */
  cut: 0x400,
  /** The response code: bits 12 to 15. */
  rcode: 0xf000,
} as const;

/** Bits of {@link EntryBit.rcode} are a response code this far to the left. */
export const RCODE_SHIFT = 12;

/** {@link Word.key} of a question. */
export function entryKey(nameLength: number, kind: number, flavour: number): number {
  return (nameLength << 16) | (kind << 8) | flavour;
}

/** Offset of the times to live of an entry with a name of `nameLength` octets. */
export function ttlTableAt(entry: number, nameLength: number): number {
  return entry + ((ENTRY_HEADER + nameLength + 1) & ~1);
}

/** Octets of an entry, a multiple of 8. */
export function entrySize(nameLength: number, records: number, recordOctets: number): number {
  return (((ENTRY_HEADER + nameLength + 1) & ~1) + 2 * records + recordOctets + 7) & ~7;
}

/** Monotonic milliseconds as entries count time. */
export function entrySeconds(now: number): number {
  return (now / 1000) | 0;
}
