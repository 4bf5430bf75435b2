import type { Ipv6Prefix } from '@router7/wire';
import { type GoPrefix, goPrefixSchema, readGoPrefix } from './dhcp6-lease.ts';
import { listOf, type Parsed, parseState } from './state-file.ts';

/** Where it is kept: prefixes that radvd advertises on lan0 besides the delegated ones. */
export const RADVD_PREFIXES_FILE = '/perm/radvd/prefixes.json';

const schema = listOf<GoPrefix>(goPrefixSchema);

/** Reads the text of prefixes.json, a list of Go's `net.IPNet`. One that is not valid is passed over. @throws StateError */
export function parseRadvdPrefixes(text: string, file: string = RADVD_PREFIXES_FILE): Parsed<readonly Ipv6Prefix[]> {
  const { value, ...rest } = parseState(schema, text, file);
  return { ...rest, value: value.map(readGoPrefix) };
}
