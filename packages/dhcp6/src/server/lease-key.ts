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

/** The key of an address in quarantine, which is no client's: no octet is such a character. */
export function quarantineKey(link: string, host: number): string {
  return `\u0100${host.toString(16)}%${link}`;
}
