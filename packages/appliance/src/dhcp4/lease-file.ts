import { statSync, utimesSync } from 'node:fs';
import type { Lease, LeaseTable } from '@router7/dhcp4';
import { readOrSetAside, removeStaleTemporaries } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { writeSnapshot } from '../runtime/snapshot.ts';
import { EditedError, type TableFile } from '../runtime/table-file.ts';
import { identityOf, WrittenFile } from '../runtime/written-file.ts';
import { type Dhcp4dLease, parseDhcp4dLeases } from '../state/dhcp4d-leases.ts';
import type { Clock } from '../system/clock.ts';
import { type LeaseEdits, leaseEdits } from './lease-edits.ts';
import { entryOf, leaseOf } from './lease-entry.ts';
import { LeaseText } from './lease-text.ts';

/** Leases that become text before clients get their turn. */
const SLICE = 1000;

/** leases.json: written by dhcp4d, and by people while it runs (row D4S-05). */
export class LeaseFile implements TableFile<Lease> {
  readonly path: string;
  readonly adoptEdits: () => void;
  /** The address whose `num` is 0: the server's own plus one. */
  firstAddress = 0;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #file: WrittenFile;
  readonly #text = new LeaseText();
  /** The entries that it had when it was read or written, to find out what a person changes. */
  #written: () => Iterable<Dhcp4dLease> = () => [];
  /** Its time of modification when it was read; undefined when there was none. */
  #readStamp: number | undefined;

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
   * What a person has changed between the server's end, by a kill or a power cut, and its start. Replayed over the edited
   * file, the journal has undone what the person changed about leases of the last second. What the person took out is not
   * among it: leases of the last second may be missing in the file for another reason.
   *
   * @param stamps the times of modification of all files that may be the server's own
   * @param table what file and journal make
   * @returns undefined when nobody has edited the file
   */
  editsWhileDown(stamps: ReadonlySet<number>, table: LeaseTable, offset: number): LeaseEdits | undefined {
    if (stamps.size === 0 || this.#readStamp === undefined || stamps.has(this.#readStamp)) return undefined;
    const wall = this.#clock.wall();
    const replayed = [...table.values()].map((lease) => entryOf(lease, this.firstAddress, offset));
    return leaseEdits(replayed, [...this.#written()], false, table, { now: wall - offset, wall });
  }

  /**
   * Replaces the file. Rejects when somebody else has written it.
   *
   * @param stamp the new file's time of modification, whole milliseconds since 1970
   * @returns milliseconds of processor time; rejects with {@link EditedError} or Node's system error
   */
  async write(leases: Iterable<Lease>, offset: number, stamp: number): Promise<number> {
    const first = this.firstAddress;
    const refuseEdited = (): void => {
      const { edit } = this.#file;
      if (edit !== undefined) throw new EditedError('leases.json', edit);
    };
    refuseEdited();
    // Leases are replaced, never changed: a list of them is a picture of one instant.
    const all = [...leases].sort((a, b) => a.address.value - b.address.value);
    let own: string | undefined;
    const format = (slice: readonly Lease[]): Uint8Array => this.#text.format(slice, first, offset);
    const confirm = (temporary: string): void => {
      refuseEdited();
      utimesSync(temporary, stamp / 1000, stamp / 1000);
      own = identityOf(temporary);
    };
    const busy = await writeSnapshot(this.path, all, format, confirm, SLICE);
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
    this.#readStamp = stampOf(this.path);
    const entries = readOrSetAside(this.path, parse, this.#log, this.#clock.wall);
    if (entries === undefined) return undefined;
    this.#written = () => entries;
    return { entries, isWhole };
  }
}

/** A file's time of modification. What the server sets is whole milliseconds; a person hardly hits the same one. */
function stampOf(path: string): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && Math.round(stat.mtimeMs);
}
