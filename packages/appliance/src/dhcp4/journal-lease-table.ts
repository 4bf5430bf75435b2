import { join } from 'node:path';
import { type Lease, type LeaseTable, MemoryLeaseTable } from '@router7/dhcp4';
import type { DurableTable } from '../runtime/durable-table.ts';
import { JournalTable } from '../runtime/journal-table.ts';
import type { JournalTableCounters } from '../runtime/journal-table-options.ts';
import type { Log } from '../runtime/log.ts';
import type { TableMemory } from '../runtime/table-records.ts';
import type { Clock } from '../system/clock.ts';
import { Foresight } from './foresight.ts';
import { JournalRecords } from './journal-record.ts';
import type { LeaseEdits } from './lease-edits.ts';
import { LeaseFile } from './lease-file.ts';

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

/**
 * Leases in memory and on disk (row D4S-05): router7's leases.json, rewritten at most once a second, behind a journal that
 * has every change since. After {@link JournalLeaseTable.sync} a kill or a power cut at any instant loses nothing.
 */
export class JournalLeaseTable implements LeaseTable, DurableTable {
  readonly #log: Log;
  readonly #file: LeaseFile;
  readonly #memory: MemoryLeaseTable = new MemoryLeaseTable();
  readonly #table: JournalTable<Lease, number>;
  readonly #foresight: Foresight = new Foresight();

  private constructor(options: JournalLeaseTableOptions) {
    const { clock, log } = options;
    this.#log = log;
    this.#file = new LeaseFile(join(options.folder, 'leases.json'), log, clock, () => this.adoptEdits());
    this.#table = new JournalTable({
      ...options,
      memory: byAddress(this.#memory),
      records: new JournalRecords(),
      file: this.#file,
    });
    const edits = this.#file.editsWhileDown(this.#table.stamps, this.#memory, this.#table.offset);
    if (edits !== undefined) this.#adopt(edits);
  }

  /**
   * Reads leases.json and the journal. A file that cannot be parsed is set aside.
   *
   * @throws Node's system error when the folder cannot be made or read
   */
  static open(options: JournalLeaseTableOptions): JournalLeaseTable {
    return new JournalLeaseTable(options);
  }

  /** What the table has done since it was opened. */
  get counters(): Readonly<JournalTableCounters> {
    return this.#table.counters;
  }

  /** The address whose `num` is 0 in leases.json: the server's own plus one. */
  get firstAddress(): number {
    return this.#file.firstAddress;
  }

  set firstAddress(address: number) {
    this.#file.firstAddress = address;
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
    if (lease.state === 'offered') {
      this.#memory.put(lease);
      return;
    }
    if (this.#foresight.hasWritten && this.#isWritten(lease)) {
      this.#memory.put(lease);
      this.#table.touch();
      return;
    }
    this.#foresight.changed();
    this.#table.put(lease);
  }

  delete(address: number): void {
    this.#foresight.changed();
    this.#table.delete(address);
  }

  foresee(lease: Lease, expiresAt: number, now: number): void {
    this.#foresight.offered(lease, expiresAt, now);
  }

  get isSafe(): boolean {
    return !this.#table.hasPending;
  }

  sync(): void | Promise<void> {
    const ahead = this.#foresight.begin(this.#current, this.#table.snapshotsBegun);
    // Before: what the records' times are made with.
    const offset = ahead.length > 0 ? this.#table.offset : 0;
    for (const { lease } of ahead) this.#table.record(lease);
    let isQuick = false;
    try {
      const pending = this.#table.sync();
      isQuick = pending === undefined;
      if (isQuick && ahead.length > 0) this.#foresight.wrote(ahead, offset, this.#table.snapshotsBegun);
      return pending;
    } finally {
      this.#foresight.end(isQuick);
    }
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
    const edits = this.#file.readEdits(this.#memory, this.#table.offset);
    this.#table.touch();
    if (edits !== undefined) this.#adopt(edits);
  }

  /** Writes leases.json for the last time, and closes the journal. Never rejects. */
  close(): Promise<void> {
    return this.#table.close();
  }

  readonly #current = (address: number): Lease | undefined => this.#memory.byAddress(address);

  /** Whether the disk has a lease already. */
  #isWritten(lease: Lease): boolean {
    const { offset, snapshotsBegun } = this.#table;
    return this.#foresight.covers(lease, this.#memory.byAddress(lease.address.value), offset, snapshotsBegun);
  }

  #adopt(edits: LeaseEdits): void {
    const log = this.#log;
    const file = this.#file.path;
    for (const { address } of edits.forget) this.delete(address.value);
    for (const lease of edits.put) this.put(lease);
    for (const { address, clientKey } of edits.kept) {
      log.warn('edit not taken over, a device has this address', { file, address, client: clientKey });
    }
    log.info('edits taken over', { file, changed: edits.put.length, forgotten: edits.forget.length });
  }
}

function byAddress(memory: MemoryLeaseTable): TableMemory<Lease, number> {
  return {
    get size() {
      return memory.size;
    },
    get: (address) => memory.byAddress(address),
    put: (lease) => memory.put(lease),
    delete: (address) => memory.delete(address),
    values: () => memory.values(),
  };
}
