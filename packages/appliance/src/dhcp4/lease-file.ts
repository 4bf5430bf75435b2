import type { Lease, LeaseTable } from '@router7/dhcp4';
import { readOrSetAside, removeStaleTemporaries } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { identityOf, WrittenFile } from '../runtime/written-file.ts';
import { type Dhcp4dLease, parseDhcp4dLeases } from '../state/dhcp4d-leases.ts';
import type { Clock } from '../system/clock.ts';
import { type LeaseEdits, leaseEdits } from './lease-edits.ts';
import { entryOf } from './lease-entry.ts';
import { writeLeases } from './lease-snapshot.ts';

/** leases.json was written by somebody else, and was left alone. */
export class EditedError extends Error {
  /** What tells this version of the file from others. */
  readonly edit: string;

  constructor(edit: string) {
    super('leases.json was edited');
    this.edit = edit;
  }
}

/** leases.json: written by dhcp4d, and by people while it runs (row D4S-05). */
export class LeaseFile {
  readonly path: string;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #file: WrittenFile;
  /** The entries that it had when it was read or written, to find out what a person changes. */
  #written: () => Iterable<Dhcp4dLease> = () => [];

  constructor(path: string, log: Log, clock: Clock) {
    this.path = path;
    this.#log = log;
    this.#clock = clock;
    this.#file = new WrittenFile(path);
    removeStaleTemporaries(path);
  }

  /** Whether somebody else has written it since. */
  get isEdited(): boolean {
    return this.#file.edit !== undefined;
  }

  /** Its entries, none when there is no file. One that cannot be parsed is set aside. */
  read(): readonly Dhcp4dLease[] {
    return this.#read()?.entries ?? [];
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
   * Replaces the file. Other parameters as of `writeLeases`.
   *
   * @returns milliseconds of processor time; rejects with {@link EditedError} or Node's system error
   */
  async write(leases: Iterable<Lease>, first: number, offset: number): Promise<number> {
    const refuseEdited = (): void => {
      const { edit } = this.#file;
      if (edit !== undefined) throw new EditedError(edit);
    };
    refuseEdited();
    // Leases are replaced, never changed: a list of them is a picture of one instant.
    const all = [...leases].sort((a, b) => a.address.value - b.address.value);
    let own: string | undefined;
    const busy = await writeLeases(this.path, all, first, offset, (temporary) => {
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
