import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Where the password of the web interface is looked for, first found. */
export const PASSWORD_FILES: readonly string[] = ['/perm/gokr-pw.txt', '/etc/gokr-pw.txt', '/gokr-pw.txt'];

const USER = 'gokrazy';

/** Whether a request comes from somebody who may change things. */
export type LoginVerdict =
  | 'granted'
  /** Wrong credentials: to be asked for, and counted. */
  | 'refused'
  /** No credentials: to be asked for. Every browser begins like that. */
  | 'none'
  /** There is no password, so nobody may. */
  | 'no-password';

/**
 * Checks HTTP Basic credentials (RFC 7617): user `gokrazy` and the password of the first file there is. The files are read
 * each time, for the password may be changed.
 *
 * @param authorization the header's value
 */
export function checkLogin(authorization: string | undefined, files: readonly string[] = PASSWORD_FILES): LoginVerdict {
  const password = readPassword(files);
  if (password === undefined) return 'no-password';
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return 'none';
  const given = digest(Buffer.from(encoded, 'base64'));
  // Digests, for they are equally long: how long a comparison takes tells nothing.
  return timingSafeEqual(given, digest(Buffer.from(`${USER}:${password}`))) ? 'granted' : 'refused';
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function readPassword(files: readonly string[]): string | undefined {
  for (const file of files) {
    try {
      const password = readFileSync(file, 'utf8').trim();
      if (password !== '') return password;
    } catch {
      // The next one.
    }
  }
  return undefined;
}
