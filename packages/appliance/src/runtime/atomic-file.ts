import {
  closeSync,
  copyFileSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../system/libc.ts';
import type { Log } from './log.ts';

/** What {@link readOrReport} and {@link readOrSetAside} need to know of what a parser found. */
export interface ParsedFile<T> {
  readonly value: T;
  /** One line each, with the file's name. */
  readonly warnings: readonly string[];
  /** Something of the file is not in `value`. */
  readonly damaged: boolean;
}

let counter = 0;

/** A hidden name in the same folder (rename(2) works within one file system only), with a form that can be found again. */
function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.tmp-${process.pid}-${counter++}`);
}

/**
 * Replaces a file: whoever reads it, now or after a power cut at any instant, finds the old content or the new one, whole.
 * When it throws, the old file is there as it was and no temporary one is left.
 *
 * @param mode permissions, whatever the umask is
 * @throws Node's system error: `ENOSPC`, `EIO`, `EROFS`, `ENOENT` (no such folder)
 */
export function writeFileAtomicSync(path: string, data: string | Uint8Array, mode: number = 0o644): void {
  const temporary = temporaryName(path);
  try {
    const fd = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(fd, data);
      fchmodSync(fd, mode);
      // Before the rename: a file system may write names before contents, and a power cut would leave an empty file.
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  syncFolder(dirname(path));
}

/** Writes under way by path: a later call must not be overtaken by an earlier one. */
const underway = new Map<string, Promise<void>>();

/**
 * {@link writeFileAtomicSync} without blocking. Several calls for one path are carried out one after the other.
 *
 * @param data whole, or in pieces that are asked for one by one as they are written
 * @param confirm called with the new file's path right before it replaces the old one; when it throws, that one stays
 */
export function writeFileAtomic(
  path: string,
  data: string | Uint8Array | AsyncIterable<Uint8Array>,
  mode: number = 0o644,
  confirm: (temporary: string) => void = () => {},
): Promise<void> {
  const before = underway.get(path) ?? Promise.resolve();
  const write = before.catch(() => {}).then(() => replace(path, data, mode, confirm));
  underway.set(path, write);
  const forget = (): void => {
    if (underway.get(path) === write) underway.delete(path);
  };
  write.then(forget, forget);
  return write;
}

async function replace(
  path: string,
  data: string | Uint8Array | AsyncIterable<Uint8Array>,
  mode: number,
  confirm: (temporary: string) => void,
): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(data);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    confirm(temporary);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Removes what a process that was killed while writing `path` has left. Each file has one writer, which calls this when
 * it starts.
 */
export function removeStaleTemporaries(path: string): void {
  const start = `.${basename(path)}.tmp-`;
  let names: string[];
  try {
    names = readdirSync(dirname(path));
  } catch {
    return; // no folder, nothing left in it
  }
  for (const name of names) {
    if (name.startsWith(start) && /^\d+-\d+$/.test(name.slice(start.length))) removeQuietly(join(dirname(path), name));
  }
}

/** Removes a file for good. @returns whether there was one */
export function removeFileSync(path: string): boolean {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  syncFolder(dirname(path));
  return true;
}

/**
 * Reads a file that a daemon writes itself. One that cannot be parsed is renamed to `<path>.corrupt-<time>` and said so in
 * the log, never fatal; one of which something was passed over is copied there, for the next write would lose it.
 *
 * @returns undefined when there is no usable file
 */
export function readOrSetAside<T>(
  path: string,
  parse: (text: string, file: string) => ParsedFile<T>,
  log: Log,
  wall: () => number = Date.now,
): T | undefined {
  const text = readText(path, log);
  if (text === undefined) return undefined;
  const aside = `${path}.corrupt-${new Date(wall()).toISOString().replace(/[-:]/g, '')}`;
  try {
    const { value, warnings, damaged } = parse(text, path);
    for (const warning of warnings) log.warn(warning);
    if (damaged) {
      keep(() => copyFileSync(path, aside), log);
      log.warn('state file partly unusable, copied', { file: path, copy: aside });
    }
    return value;
  } catch (error) {
    keep(() => renameSync(path, aside), log);
    log.error('state file unusable, set aside', { file: path, aside, error });
    return undefined;
  }
}

/**
 * Reads a file that a person writes. What is wrong with it is told in the log; it stays where it is, to be corrected.
 *
 * @returns undefined when there is no usable file
 */
export function readOrReport<T>(
  path: string,
  parse: (text: string, file: string) => ParsedFile<T>,
  log: Log,
): T | undefined {
  const text = readText(path, log);
  if (text === undefined) return undefined;
  try {
    const { value, warnings } = parse(text, path);
    for (const warning of warnings) log.warn(warning);
    return value;
  } catch (error) {
    log.error('configuration unusable', { error });
    return undefined;
  }
}

function readText(path: string, log: Log): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') log.error('file unreadable', { file: path, error });
    return undefined;
  }
}

function keep(action: () => void, log: Log): void {
  try {
    action();
  } catch (error) {
    log.error('could not keep the file', { error });
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // it was never made, or is renamed already
  }
}

/** Makes the folder's entries durable: the rename itself may be lost otherwise. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
