import { closeSync, constants, fdatasync, fdatasyncSync, openSync, readSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { AsyncWriter } from '../system/async-writer.ts';
import { Arena, Errno, SystemError } from '../system/libc.ts';
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
  readonly #asyncWriter: AsyncWriter | undefined;
  /** The octets from {@link #start} on: first those that are durable already. */
  #bytes: AlignedBytes = alignedBytes(16 * BLOCK);
  /** Where in the file the buffer begins, a multiple of a block. */
  #start = 0;

  /**
   * Takes over a segment that was just laid down.
   *
   * @param fd open for reading and writing; closed by {@link SegmentWriter.close} or here
   * @param asyncWriter for {@link SegmentWriter.begin}; absent where there is none
   */
  constructor(fd: number, path: string, size: number, asyncWriter?: AsyncWriter) {
    const direct = size % BLOCK === 0 ? openDirect(path) : undefined;
    this.#direct = direct !== undefined;
    this.#asyncWriter = direct === undefined ? undefined : asyncWriter;
    this.#fd = direct ?? fd;
    if (direct === undefined) return;
    readSync(fd, this.#bytes.octets, 0, SEGMENT_HEADER, 0);
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
    while (done < length) done += writeSync(this.#fd, this.#bytes.octets, done, length - done, this.#start + done);
  }

  /** {@link SegmentWriter.writeSync} in a thread. One at a time. */
  async write(piece: Uint8Array, offset: number): Promise<void> {
    const bytes = this.#direct ? undefined : piece;
    const length = this.#direct ? this.#lay(piece, offset) : piece.length;
    const start = this.#direct ? this.#start : offset;
    for (let done = 0; done < length; ) {
      const from = bytes ?? this.#bytes.octets;
      done += (await writeAsync(this.#fd, from, done, length - done, start + done)).bytesWritten;
    }
    if (!this.#direct) await fdatasyncAsync(this.#fd);
  }

  /**
   * {@link SegmentWriter.writeSync} while the caller goes on, and without a thread. One at a time.
   *
   * @param done hears whether and why it has failed, see {@link AsyncWriter}
   * @returns false when that is not possible: then nothing was written
   */
  begin(piece: Uint8Array, offset: number, done: (error?: SystemError) => void): boolean {
    const writer = this.#asyncWriter;
    if (writer === undefined) return false;
    const length = this.#lay(piece, offset);
    const { octets, address } = this.#bytes;
    const start = this.#start;
    const from = (at: number): boolean =>
      writer.write(this.#fd, octets, address + at, length - at, start + at, (result) => {
        if (result <= 0) done(new SystemError('io_submit', result < 0 ? -result : Errno.EIO));
        else if (at + result === length) done();
        // A short one: what comes behind tells why, or is written, too.
        else if (!from(at + result)) done(new SystemError('io_submit', Errno.EIO));
      });
    return from(0);
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
    if (length > before.octets.length) this.#bytes = alignedBytes(2 * length);
    const { octets } = this.#bytes;
    before.octets.copy(octets, 0, start - this.#start, start - this.#start + kept);
    octets.set(piece, kept);
    octets.fill(0, kept + piece.length, length);
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

/** Octets at an address that is a multiple of a block. */
interface AlignedBytes {
  readonly octets: Buffer;
  readonly address: number;
}

function alignedBytes(size: number): AlignedBytes {
  const { u8, address } = new Arena(size + BLOCK);
  const skipped = (BLOCK - (address % BLOCK)) % BLOCK;
  return { octets: Buffer.from(u8.buffer, skipped, size), address: address + skipped };
}
