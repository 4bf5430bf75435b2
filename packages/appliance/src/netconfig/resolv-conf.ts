import { linkSync, lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Ipv4Address } from '@router7/wire';

/**
 * Makes the router ask its own name server: writes `nameserver <address>` where nothing or only a symbolic link is.
 * A file that somebody else wrote stays. Whoever reads meanwhile sees the old or the whole new file.
 *
 * @returns whether it was written
 */
export function writeResolvConf(path: string, nameServer: Ipv4Address): boolean {
  const present = lstatSync(path, { throwIfNoEntry: false });
  if (present !== undefined && !present.isSymbolicLink()) return false;
  const temporary = `${path}.${process.pid}`;
  // Everyone may write to /tmp: a link under this name would have root write somewhere else.
  rmSync(temporary, { force: true });
  writeFileSync(temporary, `nameserver ${nameServer}\n`, { mode: 0o644, flag: 'wx' });
  try {
    if (present === undefined) {
      // Unlike rename, link fails when another process has written the file in between.
      linkSync(temporary, path);
      rmSync(temporary);
    } else {
      renameSync(temporary, path);
    }
    return true;
  } catch (error) {
    rmSync(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
