import { type FileHandle, open, stat } from 'node:fs/promises';
import { BlockFileReader, type BlockTable, BlockTableBuilder } from '@router7/dns';
import type { Log } from '../runtime/log.ts';
import type { DnsConfig } from '../state/dns-config.ts';
import { ALLOW_LIST, FIRST_FILE_LIST, NAMES_LIST } from './block-policies.ts';

/** Octets that are read at a time: a millisecond's work, for others are waiting. */
const PIECE = 65_536;

/** Builds the table of all lists of names. When one cannot be read, all go on as they were. */
export class BlockFiles {
  readonly #log: Log;
  /** What the last table was made of. */
  #key = '';
  /** What could not be read when it was last tried. */
  #failed = '';

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Reads the lists if they are others than at the last time. Never rejects.
   *
   * @returns a table of the caller's own, to be posted to another thread; undefined when there are no names at all
   */
  async load(config: DnsConfig): Promise<BlockTable | undefined | 'unchanged'> {
    const { lists, names, allow } = config.block;
    const key = JSON.stringify([config.block, await Promise.all(lists.map(({ file }) => stampOf(file)))]);
    if (key === this.#key || key === this.#failed) return 'unchanged';
    if (lists.length + names.length === 0) {
      this.#key = key;
      return undefined;
    }
    const builder = new BlockTableBuilder();
    push(builder, NAMES_LIST, false, names);
    push(builder, ALLOW_LIST, true, allow);
    for (const [index, list] of lists.entries()) {
      try {
        await this.#read(builder, FIRST_FILE_LIST + index, list);
      } catch (error) {
        const { name, file } = list;
        this.#failed = key;
        if (this.#key !== '') {
          this.#log.error('list of names unreadable, the lists go on as they were', { list: name, file, error });
          return 'unchanged';
        }
        this.#log.error('list of names unreadable, left out', { list: name, file, error });
      }
    }
    if (builder.leftOut > 0) this.#log.warn('too many names, some are left out', { names: builder.leftOut });
    this.#key = key;
    return builder.build();
  }

  async #read(
    builder: BlockTableBuilder,
    list: number,
    { name, file, allow }: DnsConfig['block']['lists'][number],
  ): Promise<void> {
    const reader = new BlockFileReader(builder, list, allow);
    const handle: FileHandle = await open(file);
    try {
      const piece = new Uint8Array(PIECE);
      for (;;) {
        const { bytesRead } = await handle.read(piece);
        if (bytesRead === 0) break;
        reader.push(piece.subarray(0, bytesRead));
      }
      reader.end();
    } finally {
      await handle.close();
    }
    this.#log.info('list of names read', { list: name, names: reader.names, passedOver: reader.skipped });
  }
}

/** Names of dns.json itself: each with all names below it, also one of one label. */
function push(builder: BlockTableBuilder, list: number, allow: boolean, names: readonly string[]): void {
  const reader = new BlockFileReader(builder, list, allow);
  reader.push(new TextEncoder().encode(names.map((name) => `||${name}^\n`).join('')));
}

/** What tells one version of a file from another. */
async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'none';
  }
}
