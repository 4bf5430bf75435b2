import type { Lease, LeaseTable } from '@router7/dhcp4';
import { readOrSetAside, removeStaleTemporaries } from '../runtime/atomic-file.ts';
import { EditedError, type TableFile } from '../runtime/journal-table.ts';
import type { Log } from '../runtime/log.ts';
import { writeSnapshot } from '../runtime/snapshot.ts';
import { identityOf, WrittenFile } from '../runtime/written-file.ts';
import { type Dhcp4dLease, formatDhcp4dLeases, parseDhcp4dLeases } from '../state/dhcp4d-leases.ts';
import type { Clock } from '../system/clock.ts';
import { type LeaseEdits, leaseEdits } from './lease-edits.ts';
import { entryOf, leaseOf } from './lease-entry.ts';

/** leases.json: written by dhcp4d, and by people while it runs (row D4S-05). */
export class LeaseFile implements TableFile<Lease> {
  readonly path: string;
  readonly adoptEdits: () => void;
  /** The address whose `num` is 0: the server's own plus one. */
  firstAddress = 0;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #file: WrittenFile;
  /** The entries that it had when it was read or written, to find out what a person changes. */
  #written: () => Iterable<Dhcp4dLease> = () => [];

  /** @param adoptEdits has what a person has changed taken over into the table */
  constructor(path: string, log: Log, clock: Clock, adoptEdits: () => void) {
    this.path = path;
    this.adoptEdits = adoptEdits;
    this.#log = log;
    this.#clock = clock;
    this.#file = new WrittenFile(path);
    removeStaleTemporaries(path);
  }

  /** Whether somebody else has written it since. */
  get isEdited(): boolean {
    return this.#file.edit !== undefined;
  }

  /** Its leases, none when there is no file. One that cannot be parsed is set aside. */
  read(wall: number, offset: number): readonly Lease[] {
    const leases = (this.#read()?.entries ?? []).map((entry) => leaseOf(entry, wall, offset));
    // Of two for one client the later one stays: that is to be what a person has written.
    const isStatic = ({ expiresAt }: Lease): boolean => expiresAt === Infinity;
    return [...leases.filter((lease) => !isStatic(lease)), ...leases.filter(isStatic)];
  }

  /** What a person has changed. Undefined when nothing could be read; the file is set aside then. */
  readEdits(table: LeaseTable, offset: number): LeaseEdits | undefined {
    const written = this.#written();
    const edited = this.#read();
    if (edited === undefined) return undefined;
    const wall = this.#clock.wall();
    return leaseEdits(written, edited.entries, edited.isWhole, table, { now: wall - offset, wall });
  }

  /**
   * Replaces the file. Rejects when somebody else has written it.
   *
   * @returns milliseconds of processor time; rejects with {@link EditedError} or Node's system error
   */
  async write(leases: Iterable<Lease>, offset: number): Promise<number> {
    const first = this.firstAddress;
    const refuseEdited = (): void => {
      const { edit } = this.#file;
      if (edit !== undefined) throw new EditedError('leases.json', edit);
    };
    refuseEdited();
    // Leases are replaced, never changed: a list of them is a picture of one instant.
    const all = [...leases].sort((a, b) => a.address.value - b.address.value);
    let own: string | undefined;
    const format = (slice: readonly Lease[]): string =>
      formatDhcp4dLeases(slice.map((lease) => entryOf(lease, first, offset)));
    const busy = await writeSnapshot(this.path, all, format, (temporary) => {
      refuseEdited();
      own = identityOf(temporary);
    });
    // Not the file that is there now: an editor may have replaced it since.
    this.#file.noteOwn(own);
    this.#written = () => all.map((lease) => entryOf(lease, first, offset));
    return busy;
  }

  #read(): { readonly entries: readonly Dhcp4dLease[]; readonly isWhole: boolean } | undefined {
    let isWhole = true;
    const parse = (text: string, file: string): ReturnType<typeof parseDhcp4dLeases> => {
      const parsed = parseDhcp4dLeases(text, file);
      isWhole = !parsed.damaged;
      return parsed;
    };
    this.#file.note();
    const entries = readOrSetAside(this.path, parse, this.#log, this.#clock.wall);
    if (entries === undefined) return undefined;
    this.#written = () => entries;
    return { entries, isWhole };
  }
}
