import { linkSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Ipv4Address } from '@router7/wire';

/** What becomes of the file: it is made, put in the place of what is there, or left alone. */
type Intent = 'make' | 'replace' | 'leave';

/**
 * Makes the router ask its own name server: writes `nameserver <address>` where nothing, a symbolic link, or what we
 * wrote for an earlier address of the router is. A file that somebody else wrote stays. Whoever reads meanwhile sees the
 * old or the whole new file.
 *
 * @param earlier addresses that the router has had
 * @returns whether it was written
 */
export function writeResolvConf(path: string, nameServer: Ipv4Address, earlier: readonly Ipv4Address[] = []): boolean {
  const intent = resolvConfIntent(path, nameServer, earlier);
  if (intent === 'leave') return false;
  const temporary = `${path}.${process.pid}`;
  // Everyone may write to /tmp: a link under this name would have root write somewhere else.
  rmSync(temporary, { force: true });
  writeFileSync(temporary, contentFor(nameServer), { mode: 0o644, flag: 'wx' });
  try {
    if (intent === 'make') {
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

/** What {@link writeResolvConf} would do. */
export function resolvConfIntent(path: string, nameServer: Ipv4Address, earlier: readonly Ipv4Address[]): Intent {
  const present = lstatSync(path, { throwIfNoEntry: false });
  if (present === undefined) return 'make';
  if (present.isSymbolicLink()) return 'replace';
  if (!present.isFile() || present.size > 100) return 'leave';
  const text = readFileSync(path, 'utf8');
  if (text === contentFor(nameServer)) return 'leave';
  return earlier.some((address) => text === contentFor(address)) ? 'replace' : 'leave';
}

function contentFor(nameServer: Ipv4Address): string {
  return `nameserver ${nameServer}\n`;
}
