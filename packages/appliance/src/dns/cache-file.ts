import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeFileSync, removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { errorCode } from '../system/libc.ts';

/** Where the cache is kept while dnsd does not run. What is in it tells what this home has asked for. */
export const CACHE_FILE = '/perm/dnsd/cache';
const MODE = 0o600;

/** Reads what was kept; undefined when there is nothing. What is wrong with it the cache finds out itself. */
export function readCacheFile(log: Log, path: string = CACHE_FILE): Uint8Array | undefined {
  removeStaleTemporaries(path);
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') log.error('file unreadable', { file: path, error });
    return undefined;
  }
}

/** Keeps the pieces of a cache, or nothing when there are none. */
export function writeCacheFile(pieces: readonly Uint8Array[], log: Log, path: string = CACHE_FILE): void {
  try {
    if (pieces.length === 0) {
      removeFileSync(path);
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomicSync(path, Buffer.concat(pieces), MODE);
  } catch (error) {
    // A disk that is full costs the router some questions after the restart, no more.
    log.error('cache not kept', { file: path, error });
  }
}
