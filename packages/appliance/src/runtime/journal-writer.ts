import { closeSync, constants, fdatasync, fdatasyncSync, openSync, readSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { Arena } from '../system/libc.ts';
import { SEGMENT_HEADER, writeAll } from './journal-segment.ts';

const writeAsync = promisify(write);
const fdatasyncAsync = promisify(fdatasync);

/** What a disk moves at least, and where memory for that has to begin. */
const BLOCK = 4096;

/**
 * Appends to a segment, each write durable when it returns.
 *
 * It goes past the page cache (O_DIRECT and O_DSYNC, open(2)): one system call instead of two, and about half of the
 * processor time. The block that ends the segment so far is written again with what comes behind. File systems without
 * direct access, and segments that are not made of whole blocks, are written to and synced as usual.
 */
export class SegmentWriter {
  readonly #fd: number;
  readonly #direct: boolean;
  /** The octets from {@link #start} on: first those that are durable already. */
  #bytes: Buffer = alignedBuffer(16 * BLOCK);
  /** Where in the file the buffer begins, a multiple of a block. */
  #start = 0;

  /**
   * Takes over a segment that was just laid down.
   *
   * @param fd open for reading and writing; closed by {@link SegmentWriter.close} or here
   */
  constructor(fd: number, path: string, size: number) {
    const direct = size % BLOCK === 0 ? openDirect(path) : undefined;
    this.#direct = direct !== undefined;
    this.#fd = direct ?? fd;
    if (direct === undefined) return;
    readSync(fd, this.#bytes, 0, SEGMENT_HEADER, 0);
    closeSync(fd);
  }

  /** Writes behind what is durable. @throws Node's system error: then the segment must not be written to any more */
  writeSync(piece: Uint8Array, offset: number): void {
    if (!this.#direct) {
      writeAll(this.#fd, piece, offset);
      fdatasyncSync(this.#fd);
      return;
    }
    const length = this.#lay(piece, offset);
    let done = 0;
    while (done < length) done += writeSync(this.#fd, this.#bytes, done, length - done, this.#start + done);
  }

  /** {@link SegmentWriter.writeSync} in a thread. One at a time. */
  async write(piece: Uint8Array, offset: number): Promise<void> {
    const bytes = this.#direct ? undefined : piece;
    const length = this.#direct ? this.#lay(piece, offset) : piece.length;
    const start = this.#direct ? this.#start : offset;
    for (let done = 0; done < length; ) {
      const from = bytes ?? this.#bytes;
      done += (await writeAsync(this.#fd, from, done, length - done, start + done)).bytesWritten;
    }
    if (!this.#direct) await fdatasyncAsync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Puts a piece behind the durable octets of its first block. @returns octets to write, whole blocks */
  #lay(piece: Uint8Array, offset: number): number {
    const start = offset - (offset % BLOCK);
    const kept = offset - start;
    const length = Math.ceil((kept + piece.length) / BLOCK) * BLOCK;
    const before = this.#bytes;
    if (length > before.length) this.#bytes = alignedBuffer(2 * length);
    before.copy(this.#bytes, 0, start - this.#start, start - this.#start + kept);
    this.#bytes.set(piece, kept);
    this.#bytes.fill(0, kept + piece.length, length);
    this.#start = start;
    return length;
  }
}

function openDirect(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_DIRECT | constants.O_DSYNC);
  } catch {
    return undefined;
  }
}

function alignedBuffer(size: number): Buffer {
  const { u8, address } = new Arena(size + BLOCK);
  return Buffer.from(u8.buffer, (BLOCK - (address % BLOCK)) % BLOCK, size);
}
