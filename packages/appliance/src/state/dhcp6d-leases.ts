import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { z } from 'zod';
import { goTimeSchema } from './go-time-schema.ts';
import { listOf, type Parsed, parseState, textOf } from './state-file.ts';

/** Where it is kept. */
export const DHCP6D_LEASES_FILE = '/perm/dhcp6d/leases.json';

/** One lease of /perm/dhcp6d/leases.json. dhcp6d reads it when it starts; what others write there while it runs is lost. */
export interface Dhcp6dLease {
  readonly interface: string;
  /** What the client was last told that it has, for people and other programs. */
  readonly addresses?: readonly string[] | undefined;
  readonly prefixes?: readonly string[] | undefined;
  /** The host part, or the number of the first /64: the same in each of `networks`. */
  readonly num: number;
  /** Of the prefixes; absent for addresses. */
  readonly length?: number | undefined;
  /** The prefixes of the link, or delegations, that the lease is in. */
  readonly networks: readonly string[];
  /** The client's DUID in lower-case hexadecimal; '' for an address in quarantine. */
  readonly duid: string;
  readonly iaid: number;
  /** Where the client, or its relay agent, is: the next hop of its prefixes. */
  readonly peer: string;
  readonly expiry: string;
  readonly last_reply: string;
  /** In hexadecimal; absent for clients that do not accept Reconfigure. */
  readonly reconfigure_key?: string | undefined;
  /** Absent means bound. */
  readonly state?: 'bound' | 'released' | 'declined' | undefined;
}

const octets = (least: number, most: number): z.ZodType<string> =>
  z.string().regex(new RegExp(`^(?:[0-9a-f]{2}){${least},${most}}$`), { error: 'octets in lower-case hexadecimal' });

const schema: z.ZodType<Dhcp6dLease[]> = listOf(
  z.strictObject({
    interface: z.string(),
    addresses: z.array(z.string()).optional(),
    prefixes: z.array(z.string()).optional(),
    num: z.number().int().min(0).max(0xff_ffff),
    length: z.number().int().min(1).max(64).optional(),
    networks: z.array(textOf('an IPv6 prefix', Ipv6Prefix.parse)).max(64),
    duid: octets(0, 130),
    iaid: z.number().int().min(0).max(0xffff_ffff),
    peer: textOf('an IPv6 address', Ipv6Address.parse),
    expiry: goTimeSchema,
    last_reply: goTimeSchema,
    reconfigure_key: octets(16, 16).optional(),
    state: z.enum(['bound', 'released', 'declined']).optional(),
  }),
);

/** Reads the text of leases.json. A lease that is not valid is passed over with a warning. @throws StateError */
export function parseDhcp6dLeases(text: string, file: string = DHCP6D_LEASES_FILE): Parsed<Dhcp6dLease[]> {
  return parseState(schema, text, file);
}

/** The text of leases.json. */
export function formatDhcp6dLeases(leases: readonly Dhcp6dLease[]): string {
  return JSON.stringify(leases, null, '\t');
}
