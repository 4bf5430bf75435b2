import { join } from 'node:path';
import { type Lease, type LeaseTable, MemoryLeaseTable } from '@router7/dhcp4';
import { Journal } from '../runtime/journal.ts';
import type { Log } from '../runtime/log.ts';
import type { Clock } from '../system/clock.ts';
import { JournalRecordWriter, replayJournal } from './journal-record.ts';
import { atNow, leaseOf } from './lease-entry.ts';
import { EditedError, LeaseFile } from './lease-file.ts';
import type { DurableTable } from './server-transport.ts';

/** Changes within this many milliseconds share a snapshot, and there is at most one snapshot in this time. */
const GATHER = 50;
const BETWEEN_SNAPSHOTS = 1000;
/** The next snapshot waits so many times as long as the last one took: at most 2 % of the time is spent on them. */
const REST_FACTOR = 50;
/** After a snapshot that failed, doubled each time up to the longest. */
const RETRY = 2000;
const LONGEST_RETRY = 60_000;
/** A disk that takes longer than this for a sync, in milliseconds, is not waited for: other clients get their turn. */
const PATIENCE = 4;
/** The clock was set when it differs by more from what it was, milliseconds: what is on disk is out of date then. */
const JUMP = 2000;
/** How often the clock is looked at when nothing else happens, milliseconds. */
const CLOCK_INTERVAL = 10_000;
const ERROR_INTERVAL = 60_000;
/** An edit is read when it has looked the same for so long, milliseconds. */
const SETTLE = 1000;

/** How {@link JournalLeaseTable.open} opens. */
export interface JournalLeaseTableOptions {
  /** Holds leases.json and the journal; made when it is not there. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** leases.json has been written anew. */
  readonly onSaved?: () => void;
  /** Somebody else has edited leases.json: whoever has an engine on the table stops it and calls `adoptEdits`. */
  readonly onEdited?: () => void;
}

/** What a table has done since it was opened. */
export interface JournalLeaseTableCounters {
  syncs: number;
  failedSyncs: number;
  snapshots: number;
  failedSnapshots: number;
}

/**
 * Leases in memory and on disk (row D4S-05): router7's leases.json, rewritten at most once a second, behind a journal that
 * has every change since. After {@link JournalLeaseTable.sync} a kill or a power cut at any instant loses nothing.
 */
export class JournalLeaseTable implements LeaseTable, DurableTable {
  readonly counters: JournalLeaseTableCounters = { syncs: 0, failedSyncs: 0, snapshots: 0, failedSnapshots: 0 };
  /** The address whose `num` is 0 in leases.json: the server's own plus one. */
  firstAddress = 0;
  readonly #options: JournalLeaseTableOptions;
  readonly #file: LeaseFile;
  /** The edit that was seen last: an editor may not have finished. */
  #seenEdit: string | undefined;
  readonly #journal: Journal;
  readonly #memory: MemoryLeaseTable = new MemoryLeaseTable();
  readonly #writer = new JournalRecordWriter();
  /** What makes wall-clock times of monotonic ones. */
  #offset: number;
  /** Addresses in the group that is being gathered, and those whose group was lost and has to be written again. */
  #group: number[] = [];
  readonly #lost = new Set<number>();
  /** How long a sync takes lately, in milliseconds. */
  #syncTime = 0;
  readonly #clockWatch: NodeJS.Timeout;
  #dirty = false;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> | undefined;
  #notBefore = 0;
  #retry = RETRY;
  #lastError = -Infinity;
  #closed = false;

  private constructor(options: JournalLeaseTableOptions, journal: Journal) {
    this.#options = options;
    this.#file = new LeaseFile(join(options.folder, 'leases.json'), options.log, options.clock);
    this.#journal = journal;
    this.#offset = options.clock.wall() - options.clock.now();
    this.#load();
    this.#clockWatch = setInterval(() => this.#followClock(), CLOCK_INTERVAL).unref();
  }

  /**
   * Reads leases.json and the journal. A file that cannot be parsed is set aside.
   *
   * @throws Node's system error when the folder cannot be made or read
   */
  static open(options: JournalLeaseTableOptions): JournalLeaseTable {
    const { folder, log } = options;
    return new JournalLeaseTable(options, Journal.open({ folder, name: 'leases', log }));
  }

  get size(): number {
    return this.#memory.size;
  }

  byAddress(address: number): Lease | undefined {
    return this.#memory.byAddress(address);
  }

  byClient(clientKey: string): Lease | undefined {
    return this.#memory.byClient(clientKey);
  }

  values(): IterableIterator<Lease> {
    return this.#memory.values();
  }

  put(lease: Lease): void {
    this.#memory.put(lease);
    if (lease.state === 'offered') return;
    if (this.#group.length === 0) this.#followClock();
    this.#journal.append(this.#writer.put(lease, this.#offset));
    this.#changed(lease.address.value);
  }

  delete(address: number): void {
    this.#memory.delete(address);
    this.#journal.append(this.#writer.delete(address));
    this.#changed(address);
  }

  sync(): void | Promise<void> {
    if (!this.#journal.hasPending && this.#lost.size === 0) return;
    this.#appendLost();
    const group = this.#group;
    this.#group = [];
    const started = performance.now();
    // A thread of libuv's costs more than the disk itself takes when that is a good one.
    if (this.#syncTime < PATIENCE && this.#saving === undefined) {
      try {
        this.#journal.syncNow();
      } catch (error) {
        this.#syncFailed(group, error);
        throw error;
      }
      this.#synced(started);
      return;
    }
    return this.#journal.sync().then(
      () => this.#synced(started),
      (error: unknown) => {
        this.#syncFailed(group, error);
        throw error;
      },
    );
  }

  /** Whether somebody else than this table has written leases.json. */
  get isEdited(): boolean {
    return this.#file.isEdited;
  }

  /**
   * Takes over what a person has changed in leases.json (row D4S-05), see `leaseEdits`. A file that cannot be parsed is set
   * aside. No engine may work on the table meanwhile.
   */
  adoptEdits(): void {
    if (!this.isEdited) return;
    const { log } = this.#options;
    const file = this.#file.path;
    this.#followClock();
    const edits = this.#file.readEdits(this.#memory, this.#offset);
    this.#changed(undefined);
    if (edits === undefined) return;
    for (const { address } of edits.forget) this.delete(address.value);
    for (const lease of edits.put) this.put(lease);
    for (const { address, clientKey } of edits.kept) {
      log.warn('edit not taken over, a device has this address', { file, address, client: clientKey });
    }
    log.info('edits taken over', { file, changed: edits.put.length, forgotten: edits.forget.length });
  }

  /** Writes leases.json for the last time, and closes the journal. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#clockWatch);
    await this.#saving;
    this.adoptEdits();
    this.#dirty = true;
    await this.#save();
    await this.#journal.close();
  }

  #load(): void {
    const { clock, log } = this.#options;
    const wall = clock.wall();
    const leases = this.#file.read().map((entry) => leaseOf(entry, wall, this.#offset));
    // Of two for one client the later one stays: that is to be what a person has written.
    for (const lease of leases) if (lease.expiresAt !== Infinity) this.#memory.put(lease);
    for (const lease of leases) if (lease.expiresAt === Infinity) this.#memory.put(lease);
    const replayed = replayJournal(this.#journal.replay(), this.#memory, {
      lease: (lease) => atNow(lease, wall, this.#offset),
      unusable: (error) => log.error('journal record unusable, passed over', { file: this.#file.path, error }),
    });
    if (replayed > 0) this.#changed(undefined);
    log.info('leases read', { leases: this.#memory.size, fromJournal: replayed });
  }

  #changed(address: number | undefined): void {
    if (address !== undefined) this.#group.push(address);
    if (this.#dirty) return;
    this.#dirty = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#saving !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => void this.#save(), Math.max(GATHER, this.#notBefore - performance.now()));
  }

  /** The records of a group that could not be written are gone from the journal: what they told is written again. */
  #appendLost(): void {
    for (const address of this.#lost) {
      const lease = this.#memory.byAddress(address);
      this.#journal.append(lease === undefined ? this.#writer.delete(address) : this.#writer.put(lease, this.#offset));
      this.#group.push(address);
    }
    this.#lost.clear();
  }

  #synced(started: number): void {
    this.counters.syncs++;
    this.#syncTime += (performance.now() - started - this.#syncTime) / 8;
  }

  #syncFailed(group: readonly number[], error: unknown): void {
    this.counters.failedSyncs++;
    for (const address of group) this.#lost.add(address);
    this.#report('leases cannot be written, no lease is acknowledged', error);
  }

  /** Once a minute: a disk that is full stays so for a while. */
  #report(message: string, error: unknown): void {
    const now = performance.now();
    if (now - this.#lastError < ERROR_INTERVAL) return;
    this.#lastError = now;
    this.#options.log.error(message, { folder: this.#options.folder, error });
  }

  /** NTP sets the clock of a router that has booted in 1970 when leases may have been given already. */
  #followClock(): void {
    const { clock } = this.#options;
    const offset = clock.wall() - clock.now();
    if (Math.abs(offset - this.#offset) > JUMP) this.#changed(undefined);
    this.#offset = offset;
  }

  /** Writes leases.json and drops the journal that is in it. */
  #save(): Promise<void> {
    this.#timer = undefined;
    const saving = this.#write().finally(() => {
      this.#saving = undefined;
      if (this.#dirty) this.#schedule();
    });
    this.#saving = saving;
    return saving;
  }

  async #write(): Promise<void> {
    this.#followClock();
    let busy = 0;
    try {
      await this.#journal.checkpoint(async () => {
        this.#dirty = false;
        busy = await this.#file.write(this.#memory.values(), this.firstAddress, this.#offset);
      });
      this.counters.snapshots++;
      this.#retry = RETRY;
      this.#notBefore = performance.now() + Math.max(BETWEEN_SNAPSHOTS, REST_FACTOR * busy);
    } catch (error) {
      if (error instanceof EditedError) return this.#awaitEdit(error.edit);
      this.counters.failedSnapshots++;
      this.#report('leases.json cannot be written', error);
      this.#dirty = true;
      this.#notBefore = performance.now() + this.#retry;
      this.#retry = Math.min(2 * this.#retry, LONGEST_RETRY);
      return;
    }
    this.#options.onSaved?.();
  }

  /** Has an edit taken over once the editor has finished writing; leases.json is written after that. */
  #awaitEdit(edit: string): void {
    this.#dirty = true;
    this.#notBefore = performance.now() + SETTLE;
    if (edit !== this.#seenEdit) this.#seenEdit = edit;
    else if (this.#options.onEdited === undefined) this.adoptEdits();
    else this.#options.onEdited();
  }
}
