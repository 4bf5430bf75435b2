import { closeSync, constants, fstatSync, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { Errno, lastErrno, mkfifo, SystemError } from './libc.ts';

const { O_RDWR, O_NONBLOCK } = constants;

/** What a pipe holds; one read brings no more. */
const READ_SIZE = 64 * 1024;
/** Octets that one writer gets read in an interval, in milliseconds: more costs it its own time and memory, not the reader's. */
const BUDGET = 1 << 20;
const INTERVAL = 100;
/** One for all: what is read is taken at once. */
const readBuffer = Buffer.allocUnsafeSlow(READ_SIZE);

/**
 * A named pipe that outlives the process that reads it (fifo(7)). Both sides open it for reading and writing: so writers
 * are never without a reader, whose absence would be a signal or an error for them, and what they write meanwhile waits
 * for the next one.
 */
export class Fifo {
  readonly #path: string;
  readonly #socket: Socket;
  #intervalEnds = 0;
  #taken = 0;
  #rest: NodeJS.Timeout | undefined;

  /**
   * Makes it when it is not there, and reads.
   *
   * @param take gets octets that are good until it returns
   * @throws SystemError, or Node's system error: `ENOENT` (no such folder), `EACCES`
   */
  constructor(path: string, take: (octets: Uint8Array) => void) {
    this.#path = path;
    make(path);
    let fd = openSync(path, O_RDWR | O_NONBLOCK);
    if (!fstatSync(fd).isFIFO()) {
      closeSync(fd);
      unlinkSync(path);
      make(path);
      fd = openSync(path, O_RDWR | O_NONBLOCK);
    }
    const callback = (length: number, buffer: Uint8Array): boolean => {
      take(buffer.subarray(0, length));
      return this.#goesOn(length);
    };
    this.#socket = new Socket({ fd, readable: true, writable: false, onread: { buffer: readBuffer, callback } });
    // A pipe of which we are a writer ourselves has no errors of its own.
    this.#socket.on('error', () => undefined);
  }

  /**
   * Opens it for a process to write to. Whoever opens it does so for themselves: whether reads and writes block belongs to
   * what was opened, not to the descriptor.
   *
   * @returns a descriptor, for the caller to close. @throws Node's system error
   */
  openForWriter(): number {
    return openSync(this.#path, O_RDWR);
  }

  /** Reads no longer; the pipe stays. */
  close(): void {
    clearTimeout(this.#rest);
    this.#socket.destroy();
  }

  /** Whether to read on at once; otherwise it goes on by itself. */
  #goesOn(length: number): boolean {
    const now = performance.now();
    if (now >= this.#intervalEnds) {
      this.#intervalEnds = now + INTERVAL;
      this.#taken = 0;
    }
    this.#taken += length;
    if (this.#taken < BUDGET) return true;
    this.#rest = setTimeout(() => this.#socket.resume(), this.#intervalEnds - now);
    return false;
  }
}

function make(path: string): void {
  if (mkfifo(path, 0o600) === 0) return;
  const errno = lastErrno();
  if (errno !== Errno.EEXIST) throw new SystemError('mkfifo', errno, path);
}
