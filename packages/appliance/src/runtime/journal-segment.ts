import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncFolder } from './atomic-file.ts';

/*
 * A segment is a file of a fixed size, written once with zeros so that appending needs neither free space nor a change of
 * metadata:
 *
 *   0  magic "r7jrnl1\n" (8)   8  sequence number (4)   12  CRC-32 of the first 12 octets (4)
 *  16  records: length (4), CRC-32 of the payload XOR the segment's mask (4), payload
 *  ..  a record of length 0 ends the segment
 *
 * Numbers are little-endian. The mask makes the records of an earlier life of a recycled file invalid in this one.
 */
const MAGIC = Buffer.from('r7jrnl1\n', 'latin1');
/** Octets before the first record. */
export const SEGMENT_HEADER = 16;
/** Octets before a record's payload. */
export const RECORD_HEADER = 8;

/** What the checksums of a segment are XORed with: different for different sequence numbers. */
export function segmentMask(sequence: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(sequence);
  return crc32(bytes);
}

/** Lays down a segment of `size` octets, from a file that is not needed any more when there is one. Durable on return. */
export function createSegment(path: string, sequence: number, size: number, recycled: string | undefined): number {
  // Until the new header is on disk the file has a name that its old header contradicts, so nothing in it counts.
  if (recycled !== undefined) renameSync(recycled, path);
  const fd = openSync(path, recycled === undefined ? 'w+' : 'r+', 0o600);
  try {
    if (fstatSync(fd).size !== size) writeAll(fd, Buffer.alloc(size), 0);
    // The content before the header that vouches for it.
    fsyncSync(fd);
    writeAll(fd, segmentHeader(sequence), 0);
    fdatasyncSync(fd);
    syncFolder(dirname(path));
    return fd;
  } catch (error) {
    closeSync(fd);
    // What a full disk has left half made would only keep it full.
    unlinkSync(path);
    throw error;
  }
}

function segmentHeader(sequence: number): Uint8Array {
  // With the end of an empty segment behind it.
  const header = Buffer.alloc(SEGMENT_HEADER + RECORD_HEADER);
  MAGIC.copy(header);
  header.writeUInt32LE(sequence, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
  return header;
}

/** Writes all octets at a position. @throws Node's system error */
export function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}

/**
 * The records of a segment in order, up to the first that is not whole: that one was being written when the power went,
 * and nobody was told that it is safe. A file that is no segment, or not the one with this number, has none.
 */
export function* readSegment(path: string, sequence: number): Generator<Uint8Array> {
  const bytes = readFileSync(path);
  if (bytes.length < SEGMENT_HEADER || !bytes.subarray(0, 8).equals(MAGIC)) return;
  if (bytes.readUInt32LE(12) !== crc32(bytes.subarray(0, 12)) || bytes.readUInt32LE(8) !== sequence) return;
  const mask = segmentMask(sequence);
  let at = SEGMENT_HEADER;
  while (at + RECORD_HEADER <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    const end = at + RECORD_HEADER + length;
    if (length === 0 || end > bytes.length) return;
    const payload = bytes.subarray(at + RECORD_HEADER, end);
    if ((crc32(payload) ^ mask) >>> 0 !== bytes.readUInt32LE(at + 4)) return;
    yield payload;
    at = end;
  }
}
