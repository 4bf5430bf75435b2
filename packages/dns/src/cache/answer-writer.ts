import { HeaderFlag } from '../header.ts';
import type { QueryView } from '../scan/query-view.ts';
import { EntryBit, RCODE_SHIFT, ttlTableAt, Word } from './entry.ts';
import { shiftPointers } from './pointer-shift.ts';
import type { Storage } from './storage.ts';

/** Bits of a query that its response repeats: RD (RFC 1035 section 4.1.1) and CD (RFC 4035 section 3.2.2). */
const REPEATED = HeaderFlag.recursionDesired | HeaderFlag.checkingDisabled;

/** Copies of more octets than this are left to the engine's own, which costs more to begin with. */
const COPIED_BY_WORDS = 512;

/** Writes what is stored into queries. */
export class AnswerWriter {
  readonly #storage: Storage;
  readonly #staleTtl: number;
  /** Where was written last, and a view of it: it is the same buffer nearly always. */
  #target: Uint8Array = new Uint8Array(0);
  #targetView: DataView = new DataView(new ArrayBuffer(0));

  /** @param staleTtl the TTL of what has expired, seconds */
  constructor(storage: Storage, staleTtl: number) {
    this.#storage = storage;
    this.#staleTtl = staleTtl;
  }

  /** See `AnswerCache.write`. */
  write(entry: number, query: QueryView, limit: number, seconds: number): number {
    const { words } = this.#storage;
    const at = entry >> 2;
    const { bytes, questionEnd } = query;
    const state = words[at + Word.state] as number;
    const counts = words[at + Word.counts] as number;
    const lengths = words[at + Word.lengths] as number;
    let records = (words[at + Word.moreCounts] as number) & 0xffff;
    let additionals = (words[at + Word.moreCounts] as number) >>> 16;
    let length = lengths & 0xffff;
    let flags =
      HeaderFlag.response |
      HeaderFlag.recursionAvailable |
      (query.flags & REPEATED) |
      ((state & EntryBit.rcode) >>> RCODE_SHIFT);
    if ((state & EntryBit.authoritative) !== 0) flags |= HeaderFlag.authoritative;
    // RFC 6840 section 5.8: AD is for when "the request contained either a set DO bit or a set AD bit".
    if ((state & EntryBit.authenticData) !== 0 && (query.dnssecOk || (query.flags & HeaderFlag.authenticData) !== 0)) {
      flags |= HeaderFlag.authenticData;
    }
    if (questionEnd + length > limit) {
      // RFC 2181 section 9: TC is for what is required and does not fit, not for additional information.
      length = lengths >>> 16;
      records -= additionals;
      additionals = 0;
      if (questionEnd + length > limit) {
        writeHeader(query, flags | HeaderFlag.truncated, 0, 0);
        return questionEnd;
      }
    }
    writeHeader(query, flags, counts, additionals);
    const nameLength = (words[at + Word.key] as number) >>> 16;
    const ttlsAt = ttlTableAt(entry, nameLength);
    const recordsAt = ttlsAt + 2 * ((words[at + Word.moreCounts] as number) & 0xffff);
    this.#copy(bytes, questionEnd, recordsAt, length);
    const age = (seconds - (words[at + Word.storedAt] as number)) | 0;
    if (age < (words[at + Word.lifetime] as number)) {
      this.#writeTtls(bytes, questionEnd, ttlsAt, records, recordsAt, Math.max(0, age));
    } else {
      this.#writeStaleTtls(bytes, questionEnd, ttlsAt, records);
    }
    const end = questionEnd + length;
    if (nameLength !== query.nameLength) shiftPointers(bytes, questionEnd, end, query.nameLength - nameLength);
    return end;
  }

  /** Copies octets of the storage, by words as far as they go. */
  #copy(target: Uint8Array, at: number, from: number, length: number): void {
    const { view, octets } = this.#storage;
    if (length > COPIED_BY_WORDS) {
      target.set(octets.subarray(from, from + length), at);
      return;
    }
    if (this.#target !== target) {
      this.#target = target;
      this.#targetView = new DataView(target.buffer, target.byteOffset, target.byteLength);
    }
    const targetView = this.#targetView;
    const whole = length & ~3;
    let i = 0;
    for (; i < whole; i += 4) targetView.setInt32(at + i, view.getInt32(from + i));
    for (; i < length; i++) target[at + i] = octets[from + i] as number;
  }

  /** RFC 2181 section 8: a TTL is "a maximum time to live"; it is less by the time that the answer was here. */
  #writeTtls(target: Uint8Array, at: number, table: number, records: number, from: number, age: number): void {
    const { halves, view } = this.#storage;
    const first = table >> 1;
    for (let i = 0; i < records; i++) {
      const offset = halves[first + i] as number;
      writeWord(target, at + offset, Math.max(0, view.getInt32(from + offset) - age));
    }
  }

  /**
   * RFC 8767 section 4: "a recursive resolver MUST set the TTL of each expired record in the message to a value greater than
   * 0, with a RECOMMENDED value of 30 seconds."
   */
  #writeStaleTtls(target: Uint8Array, at: number, table: number, records: number): void {
    const { halves } = this.#storage;
    const first = table >> 1;
    for (let i = 0; i < records; i++) writeWord(target, at + (halves[first + i] as number), this.#staleTtl);
  }
}

function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** All of the header but the id. */
function writeHeader(query: QueryView, flags: number, counts: number, additionals: number): void {
  const { bytes, start } = query;
  bytes[start + 2] = flags >>> 8;
  bytes[start + 3] = flags;
  bytes[start + 4] = 0;
  bytes[start + 5] = 1;
  bytes[start + 6] = counts >>> 24;
  bytes[start + 7] = counts >>> 16;
  bytes[start + 8] = counts >>> 8;
  bytes[start + 9] = counts;
  bytes[start + 10] = additionals >>> 8;
  bytes[start + 11] = additionals;
}
