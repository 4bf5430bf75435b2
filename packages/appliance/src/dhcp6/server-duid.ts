import { readFileSync } from 'node:fs';
import { encodeDuid, MAX_DUID_LENGTH } from '@router7/dhcp6';
import type { MacAddress } from '@router7/wire';
import { writeFileAtomicSync } from '../runtime/atomic-file.ts';
import { errorCode } from '../system/libc.ts';

const ETHERNET = 1;
const LEAST = 3;

/**
 * The server's DUID, kept in a file: its clients go by it (RFC 9915 section 11: "The DUID [...] SHOULD NOT change over
 * time"). One that is there is used verbatim; without one it is made of a hardware address (DUID-LL).
 *
 * @throws Node's system error
 */
export function serverDuid(file: string, hardwareAddress: MacAddress): Uint8Array {
  try {
    const octets = readFileSync(file);
    if (octets.length >= LEAST && octets.length <= MAX_DUID_LENGTH) return new Uint8Array(octets);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const duid = encodeDuid({ kind: 'linkLayer', hardwareType: ETHERNET, linkLayerAddress: hardwareAddress.toBytes() });
  writeFileAtomicSync(file, duid, 0o644);
  return duid;
}
