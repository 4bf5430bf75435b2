import { crc32 } from './crc32.ts';
import { JournalError } from './journal-error.ts';
import { JournalFiles } from './journal-files.ts';
import { createSegment, RECORD_HEADER, readSegment, SEGMENT_HEADER, segmentMask } from './journal-segment.ts';
import { SegmentWriter } from './journal-writer.ts';
import type { Log } from './log.ts';

/** How {@link Journal.open} opens. */
export interface JournalOptions {
  /** Made when it is not there. */
  readonly folder: string;
  /** Files are called `<name>.<number>.journal`. */
  readonly name: string;
  /** Octets of a file; 4 MiB when absent. */
  readonly segmentSize?: number;
  readonly log: Log;
}

/** Checkpoints may fail so often in a row before they make do with the segment that there is. */
const FAILURES = 4;

/**
 * An append-only journal of records of any kind, with group commit: what was appended since the last `sync` becomes
 * durable with one write.
 *
 * A record counts only when `sync` has succeeded after it was appended; then no kill and no power cut loses it. When
 * `sync` fails, the records of that group are forgotten (some may be found again by a replay) and the journal goes on.
 *
 * Life of a user: {@link Journal.open}; {@link Journal.replay} over the state of the last checkpoint; then appends and
 * syncs, and now and then a {@link Journal.checkpoint}, which writes the state and drops what is in it. Because records
 * may be replayed over a state that has them already, each must tell a result ("this lease is so"), not a change.
 */
export class Journal {
  readonly #options: Required<JournalOptions>;
  readonly #files: JournalFiles;
  #sequence: number;
  #mask = 0;
  #writer: SegmentWriter | undefined;
  /** Behind the last durable record of the current segment. */
  #offset = 0;
  #pending: Buffer = Buffer.allocUnsafe(16_384);
  #pendingLength = 0;
  /** The buffer that is not being filled. */
  #other: Buffer = Buffer.allocUnsafe(16_384);
  #underway: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #closed = false;
  /** Checkpoints in a row that came to nothing. */
  #failures = 0;

  private constructor(options: Required<JournalOptions>) {
    this.#options = options;
    this.#files = new JournalFiles(options.folder, options.name);
    this.#sequence = this.#files.old.at(-1) ?? 0;
  }

  /** Finds what earlier runs have left. Nothing is written before the first `sync`. @throws Node's system error */
  static open(options: JournalOptions): Journal {
    return new Journal({ segmentSize: 4 << 20, ...options });
  }

  /** All durable records of earlier runs since the last checkpoint, oldest first. Each is a view to be copied. */
  *replay(): Generator<Uint8Array> {
    for (const sequence of this.#files.old) {
      const file = this.#files.path(sequence);
      try {
        yield* readSegment(file, sequence);
      } catch (error) {
        // A bad sector must not keep the router from starting.
        this.#options.log.error('journal unreadable', { file, error });
      }
    }
  }

  /**
   * Adds a record to the group that the next `sync` makes durable. It is copied.
   *
   * @throws JournalError `too-long`, `closed`
   */
  append(record: Uint8Array): void {
    if (this.#closed) throw new JournalError('closed', 'the journal is closed');
    const length = RECORD_HEADER + record.length;
    if (record.length === 0 || length + RECORD_HEADER + SEGMENT_HEADER > this.#options.segmentSize) {
      throw new JournalError('too-long', `a record of ${record.length} octets does not fit`);
    }
    // Room for the end mark behind it.
    const needed = this.#pendingLength + length + RECORD_HEADER;
    if (needed > this.#pending.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#pending.length));
      this.#pending.copy(larger, 0, 0, this.#pendingLength);
      this.#pending = larger;
    }
    this.#pending.writeUInt32LE(record.length, this.#pendingLength);
    this.#pending.writeUInt32LE(crc32(record), this.#pendingLength + 4);
    this.#pending.set(record, this.#pendingLength + RECORD_HEADER);
    this.#pendingLength += length;
  }

  /** Whether anything waits for a `sync`. */
  get hasPending(): boolean {
    return this.#pendingLength > 0;
  }

  /** Whether a `sync` is under way. */
  get isBusy(): boolean {
    return this.#underway !== undefined;
  }

  /**
   * Makes durable what has been appended, in a thread of libuv's. Callers at the same time share one write.
   *
   * @returns rejects with Node's system error (`ENOSPC`, `EIO`): then none of the group's records counts
   */
  sync(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#pendingLength === 0) return this.#underway ?? Promise.resolve();
    if (this.#underway === undefined) return this.#start();
    this.#next = this.#underway.then(
      () => {
        this.#next = undefined;
        return this.#start();
      },
      (error: unknown) => {
        // Whoever calls counts on what was appended before, too, and that is lost. The group waits for another `sync`.
        this.#next = undefined;
        throw error;
      },
    );
    return this.#next;
  }

  /**
   * {@link Journal.sync} on the spot: less processor time and less delay, but the event loop waits for the disk.
   *
   * @throws JournalError `busy` while a `sync()` is under way; Node's system error: then none of the group counts
   */
  syncNow(): void {
    if (this.#underway !== undefined) throw new JournalError('busy', 'a sync is under way');
    const group = this.#takeGroup();
    for (let from = 0; from < group.length; ) {
      const piece = this.#nextPiece(group, from);
      try {
        (this.#writer as SegmentWriter).writeSync(piece, this.#offset);
      } catch (error) {
        this.#retire();
        throw error;
      }
      from += this.#advance(piece);
    }
  }

  /**
   * Starts a new segment, has the caller write its state, and then drops all records before. When `save` fails
   * nothing is dropped.
   *
   * @param save writes, durably, a state that has everything in it that was appended up to its call
   * @returns rejects with what `save` throws, or Node's system error
   */
  async checkpoint(save: () => void | Promise<void>): Promise<void> {
    while (this.#underway !== undefined) await this.#underway.catch(() => {});
    // While no state can be written nothing is dropped: a new segment each time would fill the disk.
    const hasRoom = this.#writer !== undefined && this.#offset < this.#options.segmentSize / 2;
    if (this.#failures < FAILURES || !hasRoom) this.#rotate();
    const upTo = this.#sequence;
    this.#failures++;
    await save();
    this.#failures = 0;
    this.#files.drop(upTo);
  }

  /** Closes the file. What was not synced is lost. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    while (this.#underway !== undefined) await this.#underway.catch(() => {});
    this.#writer?.close();
    this.#writer = undefined;
  }

  #start(): Promise<void> {
    const run = this.#commit(this.#takeGroup()).finally(() => {
      this.#underway = undefined;
    });
    this.#underway = run;
    return run;
  }

  async #commit(group: Buffer): Promise<void> {
    for (let from = 0; from < group.length; ) {
      const piece = this.#nextPiece(group, from);
      try {
        await (this.#writer as SegmentWriter).write(piece, this.#offset);
      } catch (error) {
        this.#retire();
        throw error;
      }
      from += this.#advance(piece);
    }
  }

  /** The group to be written; appends go to the other buffer from here on. */
  #takeGroup(): Buffer {
    const group = this.#pending.subarray(0, this.#pendingLength);
    [this.#pending, this.#other] = [this.#other, this.#pending];
    this.#pendingLength = 0;
    return group;
  }

  /** As many records as the current segment, or else a new one, has room for, with an end mark behind them. */
  #nextPiece(group: Buffer, from: number): Buffer {
    const fit = (): number => {
      const room = this.#writer === undefined ? 0 : this.#options.segmentSize - this.#offset - RECORD_HEADER;
      let end = from;
      while (end < group.length) {
        const next = end + RECORD_HEADER + group.readUInt32LE(end);
        if (next - from > room) break;
        end = next;
      }
      return end;
    };
    let end = fit();
    if (end === from) {
      this.#rotate();
      end = fit();
    }
    const piece = Buffer.alloc(end - from + RECORD_HEADER);
    group.copy(piece, 0, from, end);
    for (let at = 0; at < end - from; at += RECORD_HEADER + piece.readUInt32LE(at)) {
      piece.writeUInt32LE((piece.readUInt32LE(at + 4) ^ this.#mask) >>> 0, at + 4);
    }
    return piece;
  }

  /** The piece is durable. The next one overwrites its end mark. */
  #advance(piece: Buffer): number {
    const length = piece.length - RECORD_HEADER;
    this.#offset += length;
    return length;
  }

  #rotate(): void {
    const sequence = this.#sequence + 1;
    const path = this.#files.path(sequence);
    const { segmentSize } = this.#options;
    const fd = createSegment(path, sequence, segmentSize, this.#files.takeSpare());
    const writer = new SegmentWriter(fd, path, segmentSize);
    this.#retire();
    this.#writer = writer;
    this.#sequence = sequence;
    this.#mask = segmentMask(sequence);
    this.#offset = SEGMENT_HEADER;
  }

  /**
   * Writes no more to the current segment. After an error that is a must: the kernel drops pages that it could not write
   * and tells so once only, so a later success says nothing about what lies before.
   */
  #retire(): void {
    if (this.#writer === undefined) return;
    this.#writer.close();
    this.#writer = undefined;
    this.#files.old.push(this.#sequence);
  }
}
