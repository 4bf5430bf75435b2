import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { creditPool, readPool, stirPool } from '../system/entropy.ts';
import { errorCode } from '../system/libc.ts';

/** What one start leaves to the next, so that it need not wait for randomness (RD-01). */
export const RANDOM_SEED_FILE = '/perm/random.seed';
/** Octets of it, as many as gokrazy's. */
const SIZE = 512;

/** The kernel's randomness; tests put another one in its place. */
export interface RandomPool {
  stir(octets: Uint8Array): void;
  credit(octets: Uint8Array): void;
  read(length: number): Uint8Array;
}

const kernelPool: RandomPool = { stir: stirPool, credit: creditPool, read: readPool };

/**
 * Gives the seed of the last time to the kernel, and keeps another one for the next. Never throws.
 *
 * The kernel counts it as random only when the next seed is safely on the disk: after a power cut the same one would come
 * again otherwise, and two starts would have the same keys. A seed of another length is stirred in, and counts nothing.
 */
export function useRandomSeed(log: Log, file: string = RANDOM_SEED_FILE, pool: RandomPool = kernelPool): void {
  let seed: Uint8Array = new Uint8Array();
  try {
    seed = readFileSync(file);
    pool.stir(seed);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') log.warn('random seed unusable', { file, error });
  }
  if (!keepRandomSeed(log, file, pool, seed) || seed.length !== SIZE) return;
  try {
    pool.credit(seed);
  } catch (error) {
    log.warn('random seed not counted', { error });
  }
}

/**
 * Writes a seed for the next start. Never throws.
 *
 * @param before the seed of this start, as long as the kernel may know nothing better
 * @returns whether it is on the disk
 */
export function keepRandomSeed(
  log: Log,
  file: string = RANDOM_SEED_FILE,
  pool: RandomPool = kernelPool,
  before: Uint8Array = new Uint8Array(),
): boolean {
  try {
    // Not what the pool itself will give to anybody, and not what it was.
    const hash = createHash('shake256', { outputLength: SIZE });
    writeFileAtomicSync(file, hash.update(before).update(pool.read(SIZE)).digest(), 0o600);
    return true;
  } catch (error) {
    log.warn('no random seed kept', { file, error });
    return false;
  }
}
