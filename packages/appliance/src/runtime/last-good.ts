import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../system/libc.ts';
import { type ParsedFile, removeStaleTemporaries, writeFileAtomicSync } from './atomic-file.ts';

/** Mode of a copy that nobody else may read: there are keys in some of them. */
const PRIVATE = 0o600;
/** Mode of a copy that other daemons, which are other users, go by as well. */
export const SHARED_COPY = 0o644;
/** Whoever knows a copy's name gets at it, if its mode lets him. */
const FOLDER_MODE = 0o711;

/** What {@link LastGood.read} found. */
export interface Reading<T> {
  /** What is to go on with; undefined when there is no file, or nothing of it can be used and nothing was good before. */
  readonly value: T | undefined;
  /** The value is all that is wanted: there is a file (or a good one before it), and nothing of it was passed over. */
  readonly complete: boolean;
  /** There is no file. */
  readonly absent: boolean;
  /** What makes the file unusable, one line; undefined when it is used. */
  readonly error: Error | undefined;
  /** One line each: what was passed over. */
  readonly warnings: readonly string[];
}

/**
 * A file that a person writes, and its last content that was good in every respect. When the file cannot be read, or
 * something in it has to be passed over, what was good before goes on, also in a process that starts later: a copy is kept.
 * Without anything good before, as much of the file as makes sense is used.
 */
export class LastGood<T> {
  readonly #file: string;
  readonly #copy: string;
  readonly #parse: (text: string, file: string) => ParsedFile<T>;
  readonly #mode: number;
  #good: { readonly text: string; readonly value: T } | undefined;
  /** What {@link LastGood.keep} is to write. */
  #fresh: string | undefined;

  /**
   * @param folder where the copy is kept; it is made when there is something to keep
   * @param parse throws what is to be told
   * @param mode of the copy: nobody else can read it, or {@link SHARED_COPY}
   */
  constructor(
    file: string,
    folder: string,
    parse: (text: string, file: string) => ParsedFile<T>,
    mode: number = PRIVATE,
  ) {
    this.#file = file;
    this.#copy = join(folder, basename(file));
    this.#parse = parse;
    this.#mode = mode;
    const text = readText(this.#copy);
    const value = text === undefined ? undefined : this.#parseCopy(text);
    if (text !== undefined && value !== undefined) this.#good = { text, value };
  }

  /** What was good before the last {@link LastGood.keep}; undefined when nothing was. */
  get kept(): T | undefined {
    const text = readText(this.#copy);
    return text === undefined ? undefined : this.#parseCopy(text);
  }

  /** What was good last, in this process or before it; undefined when nothing was. */
  get good(): T | undefined {
    return this.#good?.value;
  }

  /** Reads the file. Never throws. */
  read(): Reading<T> {
    let warnings: readonly string[] = [];
    let error: Error | undefined;
    try {
      const text = readFileSync(this.#file, 'utf8');
      const parsed = this.#parse(text, this.#file);
      warnings = parsed.warnings;
      if (!parsed.damaged) {
        this.#good = { text, value: parsed.value };
        this.#fresh = text;
        return { value: parsed.value, complete: true, absent: false, error, warnings };
      }
      if (this.#good === undefined) return { value: parsed.value, complete: false, absent: false, error, warnings };
      error = new Error(`${this.#file}: not used as long as something in it is wrong, the last good one goes on`);
    } catch (cause) {
      if (errorCode(cause) === 'ENOENT') {
        return { value: undefined, complete: false, absent: true, error, warnings };
      }
      const end = this.#good === undefined ? '' : '; the last good one goes on';
      const { message } = cause as Error;
      // Node does not say which file it is that turned out to be a folder.
      const place = message.includes(this.#file) ? '' : `${this.#file}: `;
      error = new Error(`${place}${message}${end}`, { cause });
    }
    return { value: this.#good?.value, complete: this.#good !== undefined, absent: false, error, warnings };
  }

  /**
   * Keeps a copy of what was read last, when it was good and another one than before.
   *
   * @throws Node's system error
   */
  keep(): void {
    const text = this.#fresh;
    this.#fresh = undefined;
    if (text === undefined || (text === readText(this.#copy) && modeOf(this.#copy) === this.#mode)) return;
    const folder = dirname(this.#copy);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, FOLDER_MODE);
    removeStaleTemporaries(this.#copy);
    writeFileAtomicSync(this.#copy, text, this.#mode);
  }

  #parseCopy(text: string): T | undefined {
    try {
      const { value, damaged } = this.#parse(text, this.#copy);
      return damaged ? undefined : value;
    } catch {
      // Of another version, or broken with the disk: then nothing was good before.
      return undefined;
    }
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function modeOf(file: string): number {
  return statSync(file).mode & 0o777;
}
