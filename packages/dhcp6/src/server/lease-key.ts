import { mix, RecentTexts } from '@router7/wire';
import type { Lease } from './lease-table.ts';

const KIND: { readonly [K in Lease['kind']]: string } = { address: 'a', prefix: 'p' };

/**
 * Octets as a text with a character each: keys are made for every datagram, and hexadecimal digits would take twice the
 * room and time.
 */
export function octetKey(octets: Uint8Array): string {
  return String.fromCharCode.apply(undefined, octets as unknown as number[]);
}

/**
 * The key of an identity association: the IAID "uniquely identifies the IA and MUST be chosen to be unique among the IAIDs
 * for that IA type on the client" (RFC 9915 section 12).
 *
 * @param client {@link octetKey} of the client's DUID
 */
export function leaseKey(client: string, kind: Lease['kind'], iaid: number): string {
  return String.fromCharCode(iaid >>> 24, (iaid >>> 16) & 0xff, (iaid >>> 8) & 0xff, iaid & 0xff) + KIND[kind] + client;
}

const recent = new RecentTexts();

/** {@link leaseKey} of a client's DUID: the same text each time, as long as there are not too many clients. */
export function leaseKeyOf(duid: Uint8Array, kind: Lease['kind'], iaid: number): string {
  let hash = mix(iaid, KIND[kind].charCodeAt(0));
  for (let i = 0; i < duid.length; i++) hash = mix(hash, duid[i] as number);
  const known = recent.get(hash);
  if (known !== undefined && isKeyOf(known, duid, kind, iaid)) return known;
  const key = leaseKey(octetKey(duid), kind, iaid);
  recent.set(hash, key);
  return key;
}

function isKeyOf(key: string, duid: Uint8Array, kind: Lease['kind'], iaid: number): boolean {
  if (key.length !== 5 + duid.length || key.charCodeAt(4) !== KIND[kind].charCodeAt(0)) return false;
  for (let i = 0; i < 4; i++) if (key.charCodeAt(i) !== ((iaid >>> (24 - 8 * i)) & 0xff)) return false;
  for (let i = 0; i < duid.length; i++) if (key.charCodeAt(5 + i) !== duid[i]) return false;
  return true;
}

/** The key of an address in quarantine, which is no client's: no octet is such a character. */
export function quarantineKey(link: string, host: number): string {
  return `\u0100${host.toString(16)}%${link}`;
}
