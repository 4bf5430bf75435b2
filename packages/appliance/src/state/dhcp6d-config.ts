import { fromHex, Ipv6Address } from '@router7/wire';
import { z } from 'zod';
import { interfaceName } from './interfaces.ts';
import { listOf, type Parsed, parseState, textOf } from './state-file.ts';

/** Where it is kept. Nobody needs to write it. */
export const DHCP6D_CONFIG_FILE = '/perm/dhcp6d.json';

/** The lower 64 bits of an address, below `::100:0`, that a client always has. */
export interface Dhcp6dReservation {
  /** In hexadecimal; with `%` and an IAID in hexadecimal behind it, for that association only. */
  readonly duid: string;
  /** Such as `::42`. */
  readonly addr: string;
}

/** Settings of the server on one link. */
export interface Dhcp6dInterface {
  /** Give addresses to those that ask; hosts make their own otherwise. Default false. */
  readonly addresses?: boolean | undefined;
  /** Give prefixes to routers that ask. Default true. */
  readonly prefixes?: boolean | undefined;
  /** First and last address to give, by their lower 64 bits. Default `::1000` and `::ffff`. */
  readonly first?: string | undefined;
  readonly last?: string | undefined;
  /** Default: the router itself. */
  readonly dns?: readonly string[] | undefined;
  /** Default: what dhcp4d says, `lan`. */
  readonly search?: readonly string[] | undefined;
  /** Default: what the provider has told. */
  readonly ntp?: readonly string[] | undefined;
  /** How long clients of parameters only may go by what they were told. */
  readonly information_refresh_seconds?: number | undefined;
  /** Other options by number, in hexadecimal: `"144"` for encrypted DNS (RFC 9463), among others. */
  readonly options?: Readonly<Record<string, string>> | undefined;
  readonly reservations?: readonly Dhcp6dReservation[] | undefined;
}

/** /perm/dhcp6d.json. */
export interface Dhcp6dConfig {
  readonly interfaces: Readonly<Record<string, Dhcp6dInterface>>;
  /** 255 ends a client's wait for other servers. Default 0 (RFC 9915 section 18.3.9). */
  readonly preference?: number | undefined;
  /** Two messages instead of four for clients that ask for it. Default true. */
  readonly rapid_commit?: boolean | undefined;
  /** Tell clients that accept it to come when their prefix is gone. Default true. */
  readonly reconfigure?: boolean | undefined;
  /** The shortest prefix that a router gets on its wish. Default 60. */
  readonly shortest_prefix_length?: number | undefined;
  /** The most addresses, and prefixes, of one host or relay agent; a quarter of what there is at most. Default 1024. */
  readonly leases_per_neighbour?: number | undefined;
}

const SLOTS = 2n ** 24n;
const hostPart = textOf('the lower 64 bits of an address, from ::2 to ::ff:ffff', (text) => {
  const { value } = Ipv6Address.parse(text);
  if (value < 2n || value >= SLOTS) throw new RangeError(text);
});
const addresses = z.array(textOf('an IPv6 address', Ipv6Address.parse)).max(16).optional();
const domain = z.string().regex(/^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/i, { error: 'a domain name' });
const duid = textOf('a DUID in hexadecimal, with or without %IAID', (text) => {
  if (!/^(?:[0-9a-f]{2}){3,130}(?:%[0-9a-f]{1,8})?$/i.test(text)) throw new RangeError(text);
});

// What belongs to the protocol.
const RESERVED: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 19, 20, 25, 26, 37, 67]);
const code = z
  .string()
  .refine((key) => /^[1-9]\d{0,4}$/.test(key) && Number(key) < 65_536 && !RESERVED.has(Number(key)), {
    error: 'the number of an option that may be set',
  });

const schema: z.ZodType<Dhcp6dConfig> = z.strictObject({
  interfaces: z
    .record(
      interfaceName,
      z.strictObject({
        addresses: z.boolean().optional(),
        prefixes: z.boolean().optional(),
        first: hostPart.optional(),
        last: hostPart.optional(),
        dns: addresses,
        search: z.array(domain).max(16).optional(),
        ntp: addresses,
        information_refresh_seconds: z.number().int().min(600).max(0xffff_ffff).optional(),
        options: z
          .record(code, z.string().regex(/^(?:[0-9a-f]{2}){0,1024}$/i, { error: 'octets in hexadecimal' }))
          .optional(),
        reservations: listOf(z.strictObject({ duid, addr: hostPart })).optional(),
      }),
    )
    .default({}),
  preference: z.number().int().min(0).max(255).optional(),
  rapid_commit: z.boolean().optional(),
  reconfigure: z.boolean().optional(),
  shortest_prefix_length: z.number().int().min(32).max(64).optional(),
  leases_per_neighbour: z.number().int().min(8).max(65_536).optional(),
});

/** Reads the text of dhcp6d.json. A key or reservation that is not valid is passed over with a warning. @throws StateError */
export function parseDhcp6dConfig(text: string, file: string = DHCP6D_CONFIG_FILE): Parsed<Dhcp6dConfig> {
  return parseState(schema, text, file, true);
}

/** The DUID of a reservation, and the IAID if it is for that one only. */
export function readReservedDuid(text: string): { readonly duid: Uint8Array; readonly iaid: number | undefined } {
  const [octets = '', iaid] = text.toLowerCase().split('%');
  return { duid: fromHex(octets), iaid: iaid === undefined ? undefined : Number.parseInt(iaid, 16) };
}
