import { DecodeError } from '@router7/wire';
import type { DurableTable } from './durable-table.ts';
import { Journal } from './journal.ts';
import type { JournalTableCounters, JournalTableOptions } from './journal-table-options.ts';
import { EditedError } from './table-file.ts';
import type { TableMemory, TableRecords } from './table-records.ts';

/** Changes within this many milliseconds share a snapshot, and there is at most one snapshot in this time. */
const GATHER = 50;
const BETWEEN_SNAPSHOTS = 1000;
/**
 * The next snapshot waits so many times as long as the text of the last one took to make, which is a third or half of all
 * that it costs: at most 0.5 % of the time is spent on them, unless that took a second. The journal grows meanwhile.
 */
const REST_FACTOR = 600;
const LONGEST_REST = 20_000;
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

/**
 * Leases in memory and on disk, of either version of DHCP: one JSON file, rewritten at most once a second, behind a journal
 * that has every change since. After {@link JournalTable.sync} a kill or a power cut at any instant loses nothing.
 */
export class JournalTable<L, K> implements DurableTable {
  readonly counters: JournalTableCounters = {
    syncs: 0,
    failedSyncs: 0,
    snapshots: 0,
    failedSnapshots: 0,
  };
  readonly #options: JournalTableOptions<L, K>;
  readonly #memory: TableMemory<L, K>;
  readonly #records: TableRecords<L, K>;
  readonly #journal: Journal;
  /**
   * The times of modification of all files that may be what an earlier run has left. A file with another one was edited
   * between that run's end and this one's beginning, and what was replayed may have undone the edit. Empty when nothing was
   * replayed.
   */
  readonly stamps: ReadonlySet<number>;
  #stamp = 0;
  /** The edit that was seen last: an editor may not have finished. */
  #seenEdit: string | undefined;
  /** What makes wall-clock times of monotonic ones. */
  #offset: number;
  /** Keys in the group that is being gathered, and those whose group was lost and has to be written again. */
  #group: K[] = [];
  readonly #lost = new Set<K>();
  /** How long a sync takes lately, in milliseconds. */
  #syncTime = 0;
  readonly #clockWatch: NodeJS.Timeout;
  #dirty = false;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> | undefined;
  #notBefore = 0;
  #retry = RETRY;
  #lastError = -Infinity;
  #snapshotsBegun = 0;
  #closed = false;

  /**
   * Reads the file and the journal into the memory.
   *
   * @throws Node's system error when the folder cannot be made or read
   */
  constructor(options: JournalTableOptions<L, K>) {
    const { folder, log, clock } = options;
    this.#options = options;
    this.#memory = options.memory;
    this.#records = options.records;
    this.#journal = Journal.open({ folder, name: 'leases', log });
    this.#offset = clock.wall() - clock.now();
    this.stamps = this.#load();
    this.#clockWatch = setInterval(() => this.#followClock(), CLOCK_INTERVAL).unref();
  }

  /** What makes wall-clock times of monotonic ones, as of now. */
  get offset(): number {
    this.#followClock();
    return this.#offset;
  }

  /** Snapshots that have been begun: each drops what was on disk before it and is not in the memory. */
  get snapshotsBegun(): number {
    return this.#snapshotsBegun;
  }

  put(lease: L): void {
    this.#memory.put(lease);
    this.record(lease);
  }

  /** Writes down a lease that was changed in place, or that is to be in the memory soon. */
  record(lease: L): void {
    if (this.#group.length === 0) this.#followClock();
    this.#journal.append(this.#records.put(lease, this.#offset));
    this.#changed(this.#records.keyOf(lease));
  }

  delete(key: K): void {
    this.#memory.delete(key);
    // For what follows in the group.
    if (this.#group.length === 0) this.#followClock();
    this.#journal.append(this.#records.delete(key));
    this.#changed(key);
  }

  /** Whether anything is not on disk. */
  get hasPending(): boolean {
    return this.#journal.hasPending || this.#lost.size > 0 || this.#journal.isBusy;
  }

  sync(): void | Promise<void> {
    if (!this.hasPending) return;
    this.#appendLost();
    const group = this.#group;
    this.#group = [];
    const started = performance.now();
    // A thread of libuv's costs more than a good disk takes, even with other work to do meanwhile.
    if (this.#syncTime < PATIENCE && this.#saving === undefined && !this.#journal.isBusy) {
      try {
        this.#journal.syncNow();
      } catch (error) {
        this.#syncFailed(group, error);
        throw error;
      }
      this.#synced(started);
      return;
    }
    const failed = (error: unknown): never => {
      this.#syncFailed(group, error);
      throw error;
    };
    return this.#journal.sync().then(() => this.#synced(started), failed);
  }

  /** Has the file written soon though no lease has changed. */
  touch(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    this.#schedule();
  }

  /** Writes the file for the last time, and closes the journal. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#clockWatch);
    await this.#saving;
    this.#options.file.adoptEdits?.();
    this.#dirty = true;
    await this.#save();
    await this.#journal.close();
  }

  #load(): ReadonlySet<number> {
    const { clock, log, file } = this.#options;
    const memory = this.#memory;
    const wall = clock.wall();
    for (const lease of file.read(wall, this.#offset)) memory.put(lease);
    const stamps = new Set<number>();
    let replayed = 0;
    for (const bytes of this.#journal.replay()) {
      try {
        const record = this.#records.decode(bytes);
        if (record.kind === 'snapshot') {
          stamps.add(record.stamp);
          continue;
        }
        replayed++;
        if (record.kind === 'delete') memory.delete(record.key);
        else memory.put(this.#records.atNow(record.lease, wall, this.#offset));
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        log.error('journal record unusable, passed over', { file: file.path, error });
      }
    }
    if (replayed > 0) this.touch();
    log.info('leases read', { leases: memory.size, fromJournal: replayed });
    return replayed > 0 ? stamps : new Set();
  }

  #changed(key: K): void {
    // Else what the memory has would be written behind what was written ahead.
    if (this.#lost.size > 0) this.#lost.delete(key);
    this.#group.push(key);
    this.touch();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#saving !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => void this.#save(), Math.max(GATHER, this.#notBefore - performance.now()));
  }

  /** The records of a group that could not be written are gone from the journal: what they told is written again. */
  #appendLost(): void {
    if (this.#lost.size > 0 && this.#group.length === 0) this.#followClock();
    for (const key of this.#lost) {
      const lease = this.#memory.get(key);
      this.#journal.append(lease === undefined ? this.#records.delete(key) : this.#records.put(lease, this.#offset));
      this.#group.push(key);
    }
    this.#lost.clear();
  }

  #synced(started: number): void {
    this.counters.syncs++;
    this.#syncTime += (performance.now() - started - this.#syncTime) / 8;
  }

  #syncFailed(group: readonly K[], error: unknown): void {
    this.counters.failedSyncs++;
    for (const key of group) this.#lost.add(key);
    // A write that had to wait for another one has taken with it what came meanwhile.
    for (const key of this.#group) this.#lost.add(key);
    // May have been among it; without it the file would pass for one that a person has written.
    if (this.#stamp > 0 && !this.#closed) this.#appendStamp();
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
    if (Math.abs(offset - this.#offset) > JUMP) this.touch();
    this.#offset = offset;
  }

  /** Writes the file and drops the journal that is in it. */
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
    this.#snapshotsBegun++;
    const { file } = this.#options;
    let busy = 0;
    try {
      await this.#journal.checkpoint(async () => {
        this.#dirty = false;
        this.#stamp = Math.max(Math.trunc(this.#options.clock.wall()), this.#stamp + 1);
        this.#appendStamp();
        busy = await file.write(this.#memory.values(), this.#offset, this.#stamp);
      });
      this.counters.snapshots++;
      this.#retry = RETRY;
      this.#notBefore = performance.now() + Math.min(Math.max(BETWEEN_SNAPSHOTS, REST_FACTOR * busy), LONGEST_REST);
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

  /** Goes to disk with, if not before, the first record of something that the file will not have. */
  #appendStamp(): void {
    const record = this.#records.snapshot?.(this.#stamp);
    if (record !== undefined) this.#journal.append(record);
  }

  /** Has an edit taken over once the editor has finished writing; the file is written after that. */
  #awaitEdit(edit: string): void {
    this.#dirty = true;
    this.#notBefore = performance.now() + SETTLE;
    if (edit !== this.#seenEdit) this.#seenEdit = edit;
    else if (this.#options.onEdited === undefined) this.#options.file.adoptEdits?.();
    else this.#options.onEdited();
  }
}
