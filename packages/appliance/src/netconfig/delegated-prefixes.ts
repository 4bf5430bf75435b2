import { readFileSync } from 'node:fs';
import type { Ipv6Prefix } from '@router7/wire';
import { parseDhcp6Lease, readGoPrefix } from '../state/dhcp6-lease.ts';
import { errorCode } from '../system/libc.ts';

/**
 * Reads what dhcp6 has been delegated for the home. Its end is not looked at: prefixes stay until there are others or the
 * client takes the file away.
 *
 * @returns none when there is no lease
 * @throws StateError
 */
export function readDelegatedPrefixes(file: string): readonly Ipv6Prefix[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return parseDhcp6Lease(text, file).value.prefixes.map(readGoPrefix);
}
