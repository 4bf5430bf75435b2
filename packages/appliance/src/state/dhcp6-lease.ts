import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { z } from 'zod';
import { parseGoTime } from './go-time.ts';
import { goTimeSchema } from './go-time-schema.ts';
import { listOf, type Parsed, parseState, textOf } from './state-file.ts';

/** Under dhcp6's `-state_dir`. */
export const DHCP6_LEASE_FILE = 'wire/lease.json';

/** A prefix as Go writes its `net.IPNet`. */
export interface GoPrefix {
  /** The address of the network. */
  readonly IP: string;
  /** The 16 octets of its mask in base64. */
  readonly Mask: string;
}

/** What a delegated prefix and an assigned address have in common. A time that is null never comes. */
interface Dhcp6Binding {
  /** Of the IA_PD or IA_NA that it came in. */
  readonly iaid: number;
  /** When the IA is to be renewed. */
  readonly t1: string | null;
  /** When it is to be renewed with any server. */
  readonly t2: string | null;
  readonly preferred_until: string | null;
  readonly valid_until: string | null;
}

/** A prefix that the provider has delegated to this router (RFC 9915 section 6.3). */
export interface Dhcp6Delegation extends Dhcp6Binding {
  /** With host bits 0. */
  readonly prefix: string;
  /** What of it is for the link to the provider (OPTION_PD_EXCLUDE, RFC 6603): no link of the home gets it. */
  readonly excluded?: string | undefined;
}

/** An address that the provider has assigned to this router's own interface (RFC 9915 section 6.2). */
export interface Dhcp6AssignedAddress extends Dhcp6Binding {
  readonly address: string;
}

/**
 * wire/lease.json of dhcp6: read by netconfigd, radvd, dhcp6d and diagd. The first three keys are router7's, the others are
 * ours. Times are texts, see `formatGoTime`.
 */
export interface Dhcp6Lease {
  /** When the first of the prefixes is to be renewed (the smallest T1). */
  readonly valid_until: string;
  /** Exactly the prefixes of `delegations` that may be used: this is what readers of router7's keys go by. */
  readonly prefixes: readonly GoPrefix[];
  readonly dns: readonly string[];
  /** When the last Reply came. */
  readonly received_at?: string | undefined;
  /** The server's DUID in lower-case hexadecimal. */
  readonly server_duid?: string | undefined;
  /** Option 24. */
  readonly domain_search?: readonly string[] | undefined;
  /** Options 31 and 56: addresses, multicast addresses and names. */
  readonly ntp?: readonly string[] | undefined;
  readonly delegations?: readonly Dhcp6Delegation[] | undefined;
  readonly addresses?: readonly Dhcp6AssignedAddress[] | undefined;
}

/** A {@link Dhcp6Delegation} as its readers want it. */
export interface Delegation {
  /** With host bits 0. */
  readonly prefix: Ipv6Prefix;
  readonly iaid: number;
  readonly excluded: Ipv6Prefix | undefined;
  /** Milliseconds since 1970; Infinity: never. */
  readonly preferredUntil: number;
  readonly validUntil: number;
  /**
   * The lease tells no lifetimes, as router7's does not: then they are {@link COMPAT_LIFETIMES}, and each reading gives them
   * anew, for as long as the file is there.
   */
  readonly isOpenEnded: boolean;
}

/** A {@link Dhcp6AssignedAddress} as its readers want it. Times are milliseconds since 1970; Infinity: never. */
export interface AssignedAddress {
  readonly address: Ipv6Address;
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/** What router7 advertises, and the IAID that it asks with. */
export const COMPAT_LIFETIMES = { preferredSeconds: 1800, validSeconds: 7200 } as const;
const COMPAT_IAID = 1;

/**
 * The prefixes that may be used at a time: those of `delegations`, without that key those of `prefixes`.
 *
 * @param now milliseconds since 1970
 */
export function delegationsOf(lease: Dhcp6Lease, now: number): readonly Delegation[] {
  if (lease.delegations === undefined) {
    return lease.prefixes.map((prefix) => ({
      prefix: readGoPrefix(prefix),
      iaid: COMPAT_IAID,
      excluded: undefined,
      preferredUntil: now + COMPAT_LIFETIMES.preferredSeconds * 1000,
      validUntil: now + COMPAT_LIFETIMES.validSeconds * 1000,
      isOpenEnded: true,
    }));
  }
  return lease.delegations
    .map(({ prefix, iaid, excluded, preferred_until, valid_until }) => ({
      prefix: readPrefix(prefix),
      iaid,
      excluded: excluded === undefined ? undefined : readPrefix(excluded),
      preferredUntil: readEnd(preferred_until),
      validUntil: readEnd(valid_until),
      isOpenEnded: false,
    }))
    .filter(({ validUntil }) => validUntil > now);
}

/**
 * The addresses that may be used at a time.
 *
 * @param now milliseconds since 1970
 */
export function assignedAddressesOf(lease: Dhcp6Lease, now: number): readonly AssignedAddress[] {
  return (lease.addresses ?? [])
    .map(({ address, preferred_until, valid_until }) => ({
      address: Ipv6Address.parse(address),
      preferredUntil: readEnd(preferred_until),
      validUntil: readEnd(valid_until),
    }))
    .filter(({ validUntil }) => validUntil > now);
}

/** A {@link GoPrefix} as a prefix. @throws EncodeError or Error when it is none */
export function readGoPrefix({ IP, Mask }: GoPrefix): Ipv6Prefix {
  const mask = Buffer.from(Mask, 'base64');
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  if (mask.length !== 16 || !/^1*0*$/.test(bits)) throw new Error('no mask of a prefix');
  const prefix = new Ipv6Prefix(Ipv6Address.parse(IP), bits.replace(/0+$/, '').length);
  return new Ipv6Prefix(prefix.network, prefix.length);
}

/** A prefix as Go writes it. */
export function goPrefix(prefix: Ipv6Prefix): GoPrefix {
  const all = (1n << 128n) - 1n;
  const mask = new Ipv6Prefix(new Ipv6Address(all), prefix.length).network;
  return { IP: prefix.network.toString(), Mask: Buffer.from(mask.toBytes()).toString('base64') };
}

const address = textOf('an IPv6 address', Ipv6Address.parse);
const prefix = textOf('an IPv6 prefix such as 2001:db8:1::/56', Ipv6Prefix.parse);
/** A {@link GoPrefix} whose address and mask make sense. */
export const goPrefixSchema: z.ZodType<GoPrefix> = z.strictObject({ IP: address, Mask: z.string() }).refine(
  (value) => {
    try {
      readGoPrefix(value);
      return true;
    } catch {
      return false;
    }
  },
  { error: 'an IPv6 address and the 16 octets of a mask in base64' },
);
const binding = {
  iaid: z.number().int().min(0).max(0xffff_ffff),
  t1: goTimeSchema.nullable(),
  t2: goTimeSchema.nullable(),
  preferred_until: goTimeSchema.nullable(),
  valid_until: goTimeSchema.nullable(),
};

const schema: z.ZodType<Dhcp6Lease> = z.object({
  valid_until: goTimeSchema,
  prefixes: listOf(goPrefixSchema),
  dns: listOf(address),
  received_at: goTimeSchema.optional(),
  server_duid: z
    .string()
    .regex(/^(?:[0-9a-f]{2}){1,130}$/, { error: 'a DUID in lower-case hexadecimal' })
    .optional(),
  domain_search: z.array(z.string()).optional(),
  ntp: z.array(z.string()).optional(),
  delegations: z.array(z.object({ prefix, ...binding, excluded: prefix.optional() })).optional(),
  addresses: z.array(z.object({ address, ...binding })).optional(),
});

/** Reads the text of wire/lease.json. @throws StateError */
export function parseDhcp6Lease(text: string, file: string = DHCP6_LEASE_FILE): Parsed<Dhcp6Lease> {
  return parseState(schema, text, file);
}

/** The text of wire/lease.json: one line, router7's keys first and in its order. */
export function formatDhcp6Lease(lease: Dhcp6Lease): string {
  const { valid_until, prefixes, dns, ...others } = lease;
  return JSON.stringify({ valid_until, prefixes, dns, ...others });
}

function readPrefix(text: string): Ipv6Prefix {
  const prefix = Ipv6Prefix.parse(text);
  return new Ipv6Prefix(prefix.network, prefix.length);
}

function readEnd(text: string | null): number {
  return text === null ? Number.POSITIVE_INFINITY : parseGoTime(text);
}
