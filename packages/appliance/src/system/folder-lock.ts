import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { flock, lastErrno, SystemError } from './libc.ts';

const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const LOCK_NAME = '.lock';
const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Claims a folder for this process until it ends, however it ends (flock(2)).
 *
 * @throws SystemError `EAGAIN` when another process has it; Node's system error when the folder cannot be opened
 */
export function lockFolder(folder: string): void {
  // Not closed when it is ours: closing would give the lock back.
  const fd = openLock(folder);
  if (flock(fd, LOCK_EX | LOCK_NB) === 0) return;
  const errno = lastErrno();
  closeSync(fd);
  throw new SystemError('flock', errno, folder);
}

/**
 * Whoever can open something can lock it, and folders are read by others: so it is a file that they cannot open. Where there
 * is no room for one, the folder itself is better than nothing.
 */
function openLock(folder: string): number {
  try {
    return openSync(join(folder, LOCK_NAME), O_RDONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch {
    return openSync(folder, O_RDONLY);
  }
}
