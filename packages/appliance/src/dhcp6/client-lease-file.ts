import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ClientConfiguration, RememberedLeases } from '@router7/dhcp6';
import { readOrSetAside, removeFileSync, removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { formatDhcp6Lease, parseDhcp6Lease } from '../state/dhcp6-lease.ts';
import type { Clock } from '../system/clock.ts';
import { leaseRecord, rememberedLeases } from './lease-record.ts';

const WRITE_RETRY_MS = 10_000;
/** How often the clocks are compared, and from when on they differ. */
const CLOCK_INTERVAL_MS = 5000;
const CLOCK_TOLERANCE_MS = 2000;

/**
 * wire/lease.json: what the client has been given, for netconfigd, radvd, dhcp6d and the next run.
 *
 * Its times are of the wall clock. When that is set, as after a start without one, they are written anew: otherwise a
 * prefix would seem to have ended, or never to end, until the next Renew.
 */
export class ClientLeaseFile {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #changed: () => void;
  readonly #watch: NodeJS.Timeout;
  #configuration: ClientConfiguration | undefined;
  /** Wall clock minus monotonic time, as the file has it. */
  #offset = 0;
  #retry: NodeJS.Timeout | undefined;

  /** @param changed the file is another one, or gone */
  constructor(file: string, clock: Clock, log: Log, changed: () => void) {
    this.#file = file;
    this.#clock = clock;
    this.#log = log;
    this.#changed = changed;
    removeStaleTemporaries(file);
    this.#watch = setInterval(() => this.followClock(), CLOCK_INTERVAL_MS);
    this.#watch.unref();
  }

  /** What is there from before. A file that cannot be read is set aside. */
  remembered(): RememberedLeases | undefined {
    const lease = readOrSetAside(this.#file, parseDhcp6Lease, this.#log, this.#clock.wall);
    return lease === undefined ? undefined : rememberedLeases(lease, this.#clock);
  }

  /** Writes the file. A full disk is tried again until it has room. */
  write(configuration: ClientConfiguration): void {
    clearTimeout(this.#retry);
    this.#configuration = configuration;
    this.#offset = this.#clock.wall() - this.#clock.now();
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileAtomicSync(this.#file, formatDhcp6Lease(leaseRecord(configuration, this.#clock)));
    } catch (error) {
      this.#log.error('cannot write lease, trying again', { file: this.#file, error });
      this.#retry = setTimeout(() => this.write(configuration), WRITE_RETRY_MS);
      return;
    }
    this.#changed();
  }

  /** Writes the file again when the wall clock has been set since. */
  followClock(): void {
    const configuration = this.#configuration;
    const offset = this.#clock.wall() - this.#clock.now();
    if (configuration === undefined || Math.abs(offset - this.#offset) < CLOCK_TOLERANCE_MS) return;
    this.#log.info('the clock has been set, lease written anew', {
      bySeconds: Math.round((offset - this.#offset) / 1000),
    });
    this.write(configuration);
  }

  /** Removes the file. */
  forget(): void {
    clearTimeout(this.#retry);
    this.#configuration = undefined;
    try {
      removeFileSync(this.#file);
    } catch (error) {
      this.#log.error('cannot remove file', { file: this.#file, error });
    }
    this.#changed();
  }

  close(): void {
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
  }
}
