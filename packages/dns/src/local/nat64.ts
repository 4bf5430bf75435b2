import { RecordType } from '../record-type.ts';
import { nameOctets } from '../scan/name.ts';
import type { LocalPrefix, LocalRecord } from './local-data.ts';
import { reverseName } from './reverse-name.ts';

/** The name by which hosts find out about a NAT64 (RFC 7050), and its addresses. */
const NAME = 'ipv4only.arpa';
const ADDRESSES: readonly Uint8Array[] = [Uint8Array.of(192, 0, 0, 170), Uint8Array.of(192, 0, 0, 171)];
const LENGTHS: readonly number[] = [32, 40, 48, 56, 64, 96];
const TTL_SECONDS = 3600;

/**
 * The records of `ipv4only.arpa` on a network with NAT64 (RFC 8880 section 7.1): its two IPv4 addresses as they always are,
 * and the same in each of the prefixes. Empty without a prefix of a length that there can be.
 */
export function nat64Records(prefixes: readonly LocalPrefix[]): readonly LocalRecord[] {
  const usable = prefixes.filter(({ network, length }) => network.length === 16 && LENGTHS.includes(length));
  if (usable.length === 0) return [];
  const record = (name: string, type: number, data: Uint8Array): LocalRecord => {
    return { name, type, data, ttlSeconds: TTL_SECONDS };
  };
  return ADDRESSES.flatMap((address) => [
    record(NAME, RecordType.a, address),
    ...usable.map((prefix) => record(NAME, RecordType.aaaa, embedded(prefix, address))),
    record(reverseName(address), RecordType.ptr, nameOctets(NAME)),
  ]);
}

/** An IPv4 address in a prefix. Bits 64 to 71 stay 0 (RFC 6052 section 2.2). */
function embedded({ network, length }: LocalPrefix, address: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(network.subarray(0, length / 8));
  let at = length / 8;
  for (const octet of address) {
    if (at === 8) at++;
    bytes[at++] = octet;
  }
  return bytes;
}
