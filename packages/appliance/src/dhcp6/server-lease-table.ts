import { join } from 'node:path';
import { type Lease, type LeaseTable, MemoryLeaseTable } from '@router7/dhcp6';
import { readOrSetAside, removeStaleTemporaries } from '../runtime/atomic-file.ts';
import type { DurableTable } from '../runtime/durable-table.ts';
import { JournalTable } from '../runtime/journal-table.ts';
import type { JournalTableCounters } from '../runtime/journal-table-options.ts';
import type { Log } from '../runtime/log.ts';
import { writeSnapshot } from '../runtime/snapshot.ts';
import type { TableFile } from '../runtime/table-file.ts';
import { parseDhcp6dLeases } from '../state/dhcp6d-leases.ts';
import type { Clock } from '../system/clock.ts';
import { leaseOf } from './server-lease-entry.ts';
import { LeaseRecords } from './server-lease-records.ts';
import { LeaseText } from './server-lease-text.ts';

/** Leases that become text before clients get their turn. */
const SLICE = 500;

/** How {@link JournalLeaseTable.open} opens. */
export interface JournalLeaseTableOptions {
  /** Holds leases.json and the journal; made when it is not there. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** leases.json has been written anew. */
  readonly onSaved?: () => void;
}

/**
 * Leases in memory and on disk (row D6S-05): leases.json, rewritten at most once a second, behind a journal that has every
 * change since. After {@link JournalLeaseTable.sync} a kill or a power cut at any instant loses nothing.
 */
export class JournalLeaseTable implements LeaseTable, DurableTable {
  readonly #memory: MemoryLeaseTable = new MemoryLeaseTable();
  readonly #table: JournalTable<Lease, string>;

  private constructor(options: JournalLeaseTableOptions) {
    this.#table = new JournalTable({
      ...options,
      memory: this.#memory,
      records: new LeaseRecords(),
      file: leaseFile(join(options.folder, 'leases.json'), options),
    });
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

  get size(): number {
    return this.#memory.size;
  }

  get(key: string): Lease | undefined {
    return this.#memory.get(key);
  }

  values(): IterableIterator<Lease> {
    return this.#memory.values();
  }

  put(lease: Lease): void {
    this.#table.put(lease);
  }

  prolong(lease: Lease, expiresAt: number, lastReplyAt: number): void {
    this.#memory.prolong(lease, expiresAt, lastReplyAt);
    this.#table.record(lease);
  }

  delete(key: string): void {
    this.#table.delete(key);
  }

  sync(): void | Promise<void> {
    return this.#table.sync();
  }

  /** Writes leases.json for the last time, and closes the journal. Never rejects. */
  close(): Promise<void> {
    return this.#table.close();
  }
}

function leaseFile(path: string, { log, clock }: JournalLeaseTableOptions): TableFile<Lease> {
  removeStaleTemporaries(path);
  const text = new LeaseText();
  return {
    path,
    read: (wall, offset) =>
      (readOrSetAside(path, parseDhcp6dLeases, log, clock.wall) ?? []).map((entry) => leaseOf(entry, wall, offset)),
    // A lease that is prolonged meanwhile is in the journal, too.
    write: (leases, offset) =>
      writeSnapshot(path, [...leases].sort(byPlace), (slice) => text.format(slice, offset), undefined, SLICE),
  };
}

function byPlace(a: Lease, b: Lease): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.link !== b.link) return a.link < b.link ? -1 : 1;
  return a.slot - b.slot;
}
