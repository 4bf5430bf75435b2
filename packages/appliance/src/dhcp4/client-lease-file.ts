import { mkdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientLease, RememberedLease } from '@router7/dhcp4';
import { removeFileSync, removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { DHCP4_LEASE_FILE, formatDhcp4Lease } from '../state/dhcp4-lease.ts';
import type { Clock } from '../system/clock.ts';
import { errorCode } from '../system/libc.ts';
import { leaseRecord } from './lease-record.ts';

/** Under the state folder: the last DHCPACK's octets; its modification time is when it came. */
export const ACK_FILE = 'wire/ack';

const WRITE_RETRY_MS = 10_000;
/** How often the clocks are compared, and from when on they differ. */
const CLOCK_INTERVAL_MS = 5000;
const CLOCK_TOLERANCE_MS = 2000;

/** What the files tell of. */
interface Written {
  readonly lease: ClientLease;
  readonly ack: Uint8Array;
  /** When the DHCPACK came, monotonic milliseconds. */
  readonly at: number;
  /** Wall clock minus monotonic time, as the files have it. */
  readonly offset: number;
}

/**
 * wire/lease.json and wire/ack: what the client has been given, for netconfigd and others, and for the next run.
 *
 * Their times are of the wall clock. When that is set, as after a start without one, they are written anew: otherwise a
 * lease would be over long ago for whoever reads it, and for this client after a restart.
 */
export class ClientLeaseFile {
  readonly #leaseFile: string;
  readonly #ackFile: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #changed: () => void;
  readonly #watch: NodeJS.Timeout;
  #written: Written | undefined;
  #retry: NodeJS.Timeout | undefined;

  /** @param changed the files are others, or gone */
  constructor(stateDirectory: string, clock: Clock, log: Log, changed: () => void) {
    this.#leaseFile = join(stateDirectory, DHCP4_LEASE_FILE);
    this.#ackFile = join(stateDirectory, ACK_FILE);
    this.#clock = clock;
    this.#log = log;
    this.#changed = changed;
    removeStaleTemporaries(this.#leaseFile);
    removeStaleTemporaries(this.#ackFile);
    this.#watch = setInterval(() => this.followClock(), CLOCK_INTERVAL_MS);
    this.#watch.unref();
  }

  /** What is there from before. */
  remembered(): RememberedLease | undefined {
    try {
      const ack = readFileSync(this.#ackFile);
      return { ack, ageMs: this.#clock.wall() - statSync(this.#ackFile).mtimeMs };
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.#log.warn('cannot read file', { file: this.#ackFile, error });
      return undefined;
    }
  }

  /** Writes both files for a DHCPACK that has just come. A full disk is tried again until it has room. */
  write(lease: ClientLease, ack: Uint8Array): void {
    this.#write(lease, ack.slice(), this.#clock.now());
  }

  /** Writes the files again when the wall clock has been set since. */
  followClock(): void {
    if (this.#written === undefined) return;
    const { lease, ack, at, offset } = this.#written;
    const by = this.#clock.wall() - this.#clock.now() - offset;
    if (Math.abs(by) < CLOCK_TOLERANCE_MS) return;
    this.#log.info('the clock has been set, lease written anew', { bySeconds: Math.round(by / 1000) });
    this.#write(lease, ack, at);
  }

  /** Removes both files. */
  forget(): void {
    // The lease first: when this is cut short, the ACK alone makes the next run ask for the address again and hear again
    // that it is lost. The lease alone would go on being applied.
    this.#remove([this.#leaseFile, this.#ackFile]);
  }

  /** Removes what the next run would ask for; the lease stays in use. */
  forgetAck(): void {
    this.#remove([this.#ackFile]);
  }

  close(): void {
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
  }

  #remove(files: readonly string[]): void {
    clearTimeout(this.#retry);
    this.#written = undefined;
    for (const file of files) {
      try {
        removeFileSync(file);
      } catch (error) {
        this.#log.error('cannot remove file', { file, error });
      }
    }
    this.#changed();
  }

  /** Writes both files, the lease last: it is what others read. */
  #write(lease: ClientLease, ack: Uint8Array, at: number): void {
    clearTimeout(this.#retry);
    const offset = this.#clock.wall() - this.#clock.now();
    this.#written = { lease, ack, at, offset };
    try {
      mkdirSync(join(this.#leaseFile, '..'), { recursive: true });
      writeFileAtomicSync(this.#ackFile, ack);
      // When there was no room for a while, the lease is older than its file.
      const cameAt = (at + offset) / 1000;
      utimesSync(this.#ackFile, cameAt, cameAt);
      writeFileAtomicSync(this.#leaseFile, formatDhcp4Lease(leaseRecord(lease, this.#clock)));
    } catch (error) {
      this.#log.error('cannot write lease, trying again', { file: this.#leaseFile, error });
      this.#retry = setTimeout(() => this.#write(lease, ack, at), WRITE_RETRY_MS);
      return;
    }
    this.#changed();
  }
}
