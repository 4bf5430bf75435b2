import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFileAtomicSync } from '../runtime/atomic-file.ts';
import { errorCode } from '../system/libc.ts';

const LENGTH = 16;

/**
 * What the addresses of new clients follow from, besides who they are: made once, and kept in a file, so that a client is
 * led to the same address whenever it comes.
 *
 * @throws Node's system error
 */
export function serverSecret(file: string): Uint8Array {
  try {
    const octets = readFileSync(file);
    if (octets.length === LENGTH) return new Uint8Array(octets);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const secret = new Uint8Array(randomBytes(LENGTH));
  writeFileAtomicSync(file, secret, 0o600);
  return secret;
}
