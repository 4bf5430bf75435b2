import { closeSync, openSync } from 'node:fs';
import { flock, lastErrno, SystemError } from './libc.ts';

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Claims a folder for this process until it ends, however it ends (flock(2)).
 *
 * @throws SystemError `EAGAIN` when another process has it; Node's system error when the folder cannot be opened
 */
export function lockFolder(folder: string): void {
  // Not closed when it is ours: closing would give the lock back.
  const fd = openSync(folder, 'r');
  if (flock(fd, LOCK_EX | LOCK_NB) === 0) return;
  const errno = lastErrno();
  closeSync(fd);
  throw new SystemError('flock', errno, folder);
}
