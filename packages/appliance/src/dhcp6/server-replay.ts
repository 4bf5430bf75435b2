import { readFileSync } from 'node:fs';
import { writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import type { Clock } from '../system/clock.ts';
import { errorCode } from '../system/libc.ts';

/** So many values are taken from the file at a time: it is written rarely, and never holds up more than one exchange. */
const BLOCK = 1_000_000n;

/**
 * The replay detection value of DHCPv6 authentication (RFC 9915 section 20.3): each one is larger than all before, those of
 * earlier runs among them, whatever the clock says; routers often boot in 1970.
 *
 * The file has a number that is above all values that were handed out. It is written before the first of a block is.
 */
export class ServerReplay {
  readonly #file: string;
  readonly #log: Log;
  #last: bigint;
  #end: bigint;

  /** @param clock where there is no file yet: earlier versions went by the time in microseconds */
  constructor(file: string, clock: Clock, log: Log) {
    this.#file = file;
    this.#log = log;
    const now = BigInt(Math.max(Math.floor(clock.wall() * 1000), 0));
    const kept = this.#read();
    this.#last = kept > now ? kept : now;
    this.#end = this.#last;
  }

  /** A value that is larger than all before. */
  next(): bigint {
    this.#last++;
    if (this.#last > this.#end) this.#reserve();
    return this.#last;
  }

  #read(): bigint {
    try {
      const text = readFileSync(this.#file, 'latin1').trim();
      if (/^\d{1,18}$/.test(text)) return BigInt(text);
      this.#log.error('no replay detection value', { file: this.#file });
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.#log.error('file unreadable', { file: this.#file, error });
    }
    return 0n;
  }

  #reserve(): void {
    this.#end = this.#last + BLOCK;
    try {
      writeFileAtomicSync(this.#file, Buffer.from(`${this.#end}\n`), 0o644);
    } catch (error) {
      this.#log.error('the replay detection value cannot be kept', { file: this.#file, error });
    }
  }
}
