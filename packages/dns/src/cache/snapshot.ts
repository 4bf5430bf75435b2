import { crc32 } from './crc32.ts';
import { MAX_ENTRY, Word } from './entry.ts';
import { keptEntries } from './kept-entries.ts';
import type { Storage } from './storage.ts';

/**
 * A snapshot, in the machine's order of octets, which the first word shows:
 *
 * ```
 *  0  "dr7" and the version
 *  4  octets of all entries
 *  8  wall time in milliseconds (64 bits, floating point)
 * 16  entries as they lie in memory (see Word), but for when it was stored: its age in seconds
 *     CRC-32 of everything before
 * ```
 *
 * The oldest entry of the main ring comes first, the newest one of the small ring last.
 */
export const SNAPSHOT_MAGIC = 0x0137_7264;

/** Octets in front of the entries. */
export const SNAPSHOT_HEADER = 16;

/** Octets behind them. */
export const SNAPSHOT_TRAILER = 4;

/** Octets of a piece, about. */
const PIECE = 65_536;

/** See `AnswerCache.snapshot`. */
export function* snapshotOf(storage: Storage, seconds: number, wallNow: number): Generator<Uint8Array, void> {
  const header = new ArrayBuffer(SNAPSHOT_HEADER);
  let size = 0;
  for (const entry of keptEntries(storage)) size += storage.words[(entry >> 2) + Word.size] as number;
  new Int32Array(header).set([SNAPSHOT_MAGIC, size]);
  new Float64Array(header)[1] = wallNow;
  let piece = new Uint8Array(header);
  let sum = crc32(piece);
  yield piece;
  let end = 0;
  piece = new Uint8Array(PIECE + MAX_ENTRY);
  for (const entry of keptEntries(storage)) {
    const at = entry >> 2;
    const length = storage.words[at + Word.size] as number;
    piece.set(storage.octets.subarray(entry, entry + length), end);
    const age = (seconds - (storage.words[at + Word.storedAt] as number)) | 0;
    new Int32Array(piece.buffer, end)[Word.storedAt] = Math.max(0, age);
    end += length;
    if (end < PIECE) continue;
    sum = crc32(piece.subarray(0, end), sum);
    yield piece.subarray(0, end);
    piece = new Uint8Array(PIECE + MAX_ENTRY);
    end = 0;
  }
  sum = crc32(piece.subarray(0, end), sum);
  new Uint32Array(piece.buffer, end)[0] = sum;
  yield piece.subarray(0, end + SNAPSHOT_TRAILER);
}
