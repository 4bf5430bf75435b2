import { DecodeError } from '@router7/wire';
import type { Clock } from '../system/clock.ts';
import { Journal } from './journal.ts';
import type { Log } from './log.ts';

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

/** The leases of a {@link JournalTable} while the process runs, by the key that its records have. */
export interface TableMemory<L, K> {
  readonly size: number;
  get(key: K): L | undefined;
  put(lease: L): void;
  delete(key: K): void;
  values(): IterableIterator<L>;
}

/** A change of the table, as it is read back. Times are wall-clock milliseconds. */
export type TableRecord<L, K> =
  | { readonly kind: 'put'; readonly lease: L }
  | { readonly kind: 'delete'; readonly key: K }
  | { readonly kind: 'snapshot'; readonly stamp: number };

/** What the journal has for each change. */
export interface TableRecords<L, K> {
  keyOf(lease: L): K;
  /** The record of a lease, a view that is valid until the next call. @param offset makes wall-clock times of its times */
  put(lease: L, offset: number): Uint8Array;
  /** The record of a key that nobody has any more, a view that is valid until the next call. */
  delete(key: K): Uint8Array;
  /** The record of a file that is about to be written, see {@link JournalTable.stamps}; absent when nobody asks for it. */
  snapshot?(stamp: number): Uint8Array;
  /** Reads a record. @throws DecodeError */
  decode(record: Uint8Array): TableRecord<L, K>;
  /** The lease of the table for one that was read: with monotonic times, and no more time than it was given. */
  atNow(lease: L, wall: number, offset: number): L;
}

/** The file that has the whole table, for people and for other programs. */
export interface TableFile<L> {
  readonly path: string;
  /** What it has, in the order in which it is to be put into the table. */
  read(wall: number, offset: number): Iterable<L>;
  /**
   * Replaces it.
   *
   * @param stamp what its time of modification is to be, whole milliseconds since 1970
   * @returns milliseconds of processor time; rejects with {@link EditedError} or Node's system error
   */
  write(leases: Iterable<L>, offset: number, stamp: number): Promise<number>;
  /** Takes over what a person has changed in it; absent when such changes are overwritten. */
  adoptEdits?(): void;
}

/** The file was written by somebody else, and was left alone. */
export class EditedError extends Error {
  /** What tells this version of the file from others. */
  readonly edit: string;

  constructor(file: string, edit: string) {
    super(`${file} was edited`);
    this.edit = edit;
  }
}

/** Makes what an engine has put into its lease table safe from a power cut. */
export interface DurableTable {
  /**
   * Returns, or resolves, once everything is on disk, and at once when nothing has changed.
   *
   * @throws or rejects when it is not: then no reply that promises something may leave
   */
  sync(): void | Promise<void>;
}

/** How {@link JournalTable} is made. */
export interface JournalTableOptions<L, K> {
  /** Holds the file and the journal; made when it is not there. */
  readonly folder: string;
  readonly memory: TableMemory<L, K>;
  readonly records: TableRecords<L, K>;
  readonly file: TableFile<L>;
  readonly clock: Clock;
  readonly log: Log;
  /** The file has been written anew. */
  readonly onSaved?: (() => void) | undefined;
  /** Somebody else has edited the file: whoever has an engine on the table stops it and has the edits taken over. */
  readonly onEdited?: (() => void) | undefined;
}

/** What a table has done since it was opened. */
export interface JournalTableCounters {
  syncs: number;
  failedSyncs: number;
  snapshots: number;
  failedSnapshots: number;
}

/**
 * Leases in memory and on disk, of either version of DHCP: one JSON file, rewritten at most once a second, behind a journal
 * that has every change since. After {@link JournalTable.sync} a kill or a power cut at any instant loses nothing.
 */
export class JournalTable<L, K> implements DurableTable {
  readonly counters: JournalTableCounters = { syncs: 0, failedSyncs: 0, snapshots: 0, failedSnapshots: 0 };
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

  put(lease: L): void {
    this.#memory.put(lease);
    this.record(lease);
  }

  /** Writes down a lease of the memory that was changed in place. */
  record(lease: L): void {
    if (this.#group.length === 0) this.#followClock();
    this.#journal.append(this.#records.put(lease, this.#offset));
    this.#changed(this.#records.keyOf(lease));
  }

  delete(key: K): void {
    this.#memory.delete(key);
    this.#journal.append(this.#records.delete(key));
    this.#changed(key);
  }

  sync(): void | Promise<void> {
    if (!this.#journal.hasPending && this.#lost.size === 0 && !this.#journal.isBusy) return;
    this.#appendLost();
    const group = this.#group;
    this.#group = [];
    const started = performance.now();
    // A thread of libuv's costs more than the disk itself takes when that is a good one, even with other work to do
    // meanwhile.
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
    return this.#journal.sync().then(
      () => this.#synced(started),
      (error: unknown) => {
        this.#syncFailed(group, error);
        throw error;
      },
    );
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
    this.#group.push(key);
    this.touch();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#saving !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => void this.#save(), Math.max(GATHER, this.#notBefore - performance.now()));
  }

  /** The records of a group that could not be written are gone from the journal: what they told is written again. */
  #appendLost(): void {
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
    const { file } = this.#options;
    let busy = 0;
    try {
      await this.#journal.checkpoint(async () => {
        this.#dirty = false;
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
    this.#stamp = Math.max(Math.trunc(this.#options.clock.wall()), this.#stamp + 1);
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
