import { createHash } from 'node:crypto';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { z } from 'zod';
import { type Parsed, parseState, textOf } from './state-file.ts';

/** Where netconfigd keeps it. */
export const SUBNETS_FILE = '/perm/netconfig/subnets.json';

/**
 * /perm/netconfig/subnets.json: which subnet of a prefix each link of the home has, so that a link keeps its prefix whatever
 * else comes and goes (RFC 9818 section 5.1). Written by netconfigd, read by radvd and dhcp6d too.
 */
export interface Subnets {
  /** Ids by the name of the interface; also of some that are not configured any more, and may come back. */
  readonly subnets: Readonly<Record<string, number>>;
  /** The unique local prefix that was made for this home; absent before there is one. */
  readonly ula?: string | undefined;
}

/** What holds without any file. */
export const NO_SUBNETS: Subnets = { subnets: {} };

/** The highest subnet id: there are 16 bits for it in a /48. */
export const MAX_SUBNET = 0xffff;

const ULA_BLOCK = Ipv6Prefix.parse('fd00::/8');

/** Reads a /48 in fd00::/8 (RFC 4193 section 3.1 with L = 1). @throws EncodeError or RangeError */
export function parseUla(text: string): Ipv6Prefix {
  const prefix = Ipv6Prefix.parse(text);
  if (prefix.length !== 48 || !ULA_BLOCK.contains(prefix.address) || !prefix.network.equals(prefix.address)) {
    throw new RangeError(text);
  }
  return prefix;
}

/** A number for a link. */
export const subnetSchema: z.ZodType<number> = z.number().int().min(0).max(MAX_SUBNET);

const schema: z.ZodType<Subnets> = z.object({
  subnets: z.record(z.string(), subnetSchema).default({}),
  ula: textOf('a prefix of 48 bits in fd00::/8', parseUla).optional(),
});

/** Reads the text of subnets.json. A value that is not valid is passed over with a warning. @throws StateError */
export function parseSubnets(text: string, file: string = SUBNETS_FILE): Parsed<Subnets> {
  return parseState(schema, text, file, true);
}

/** The text of subnets.json. */
export function formatSubnets({ subnets, ula }: Subnets): string {
  return `${JSON.stringify({ subnets, ula }, undefined, 2)}\n`;
}

/**
 * Makes a unique local prefix by RFC 4193 section 3.2.2: the 40 least significant bits of the SHA-1 digest over the time
 * and an identifier.
 *
 * @param now milliseconds since 1970
 * @param identifier eight octets that no other router has: an EUI-64, or "a suitably unique identifier, local to the node"
 */
export function generateUla(now: number, identifier: Uint8Array): Ipv6Prefix {
  // Step 1: the time in the 64-bit format of NTP, seconds since 1900 and their fraction.
  const octets = new Uint8Array(8 + identifier.length);
  const view = new DataView(octets.buffer);
  view.setUint32(0, Math.floor(now / 1000) + 2_208_988_800);
  view.setUint32(4, Math.floor((now - Math.floor(now / 1000) * 1000) * 4_294_967.296));
  // Steps 2 and 3: "Concatenate the time of day with the system-specific identifier".
  octets.set(identifier, 8);
  // Steps 4 to 6.
  const digest = createHash('sha1').update(octets).digest();
  const prefix = new Uint8Array(16);
  prefix[0] = 0xfd;
  prefix.set(digest.subarray(-5), 1);
  return new Ipv6Prefix(Ipv6Address.fromBytes(prefix), 48);
}
