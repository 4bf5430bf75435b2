import { Ipv4Address, Ipv4Prefix } from '@router7/wire';
import { z } from 'zod';
import { goTimeSchema } from './go-time-schema.ts';
import { listOf, type Parsed, parseState, textOf, textOrEmpty } from './state-file.ts';

/** Under dhcp4's `-state_dir`. */
export const DHCP4_LEASE_FILE = 'wire/lease.json';

/**
 * wire/lease.json of dhcp4: read by netconfigd and diagd. The first five keys are router7's, the others are ours. Times
 * are texts, see `formatGoTime`.
 */
export interface Dhcp4Lease {
  /** When the lease is to be renewed (T1). Not its end: that is `expiry`, and it stays in use even past that. */
  readonly valid_until: string;
  readonly client_ip: string;
  /** '' when the server sent none. */
  readonly subnet_mask: string;
  /** The first router; '' when there is none. */
  readonly router: string;
  readonly dns: readonly string[];
  /** When the DHCPACK came. */
  readonly acquired?: string | undefined;
  readonly t1?: string | undefined;
  readonly t2?: string | undefined;
  /** End of the lease; ZERO_TIME when it has none. */
  readonly expiry?: string | undefined;
  /** Option 54. */
  readonly server_id?: string | undefined;
  /** Option 3 whole. */
  readonly routers?: readonly string[] | undefined;
  /** Option 121; when it is there, `router` and `routers` are not to be used (RFC 3442). Gateway 0.0.0.0: on the link. */
  readonly classless_routes?: readonly { readonly destination: string; readonly gateway: string }[] | undefined;
  /** Every option of the DHCPACK: its number, and its octets in lower-case hexadecimal. */
  readonly options?: Readonly<Record<string, string>> | undefined;
}

const ADDRESS = 'an IPv4 address';
const address = textOf(ADDRESS, Ipv4Address.parse);
const addressOrEmpty = textOrEmpty(ADDRESS, Ipv4Address.parse);

const schema: z.ZodType<Dhcp4Lease> = z.strictObject({
  valid_until: goTimeSchema,
  client_ip: address,
  subnet_mask: textOrEmpty('a subnet mask', (text) =>
    Ipv4Prefix.fromMask(Ipv4Address.unspecified, Ipv4Address.parse(text)),
  ).default(''),
  router: addressOrEmpty.default(''),
  dns: listOf(address),
  acquired: goTimeSchema.optional(),
  t1: goTimeSchema.optional(),
  t2: goTimeSchema.optional(),
  expiry: goTimeSchema.optional(),
  server_id: addressOrEmpty.optional(),
  routers: listOf(address).optional(),
  classless_routes: z
    .array(z.strictObject({ destination: textOf('an IPv4 prefix', Ipv4Prefix.parse), gateway: address }))
    .optional(),
  options: z
    .record(
      z.string().regex(/^\d{1,3}$/, { error: 'the number of an option' }),
      z.string().regex(/^(?:[0-9a-f]{2})*$/, { error: 'octets in lower-case hexadecimal' }),
    )
    .optional(),
});

/** Reads the text of wire/lease.json. @throws StateError */
export function parseDhcp4Lease(text: string, file: string = DHCP4_LEASE_FILE): Parsed<Dhcp4Lease> {
  return parseState(schema, text, file);
}

/** The text of wire/lease.json: one line, router7's keys first and in its order. */
export function formatDhcp4Lease(lease: Dhcp4Lease): string {
  const { valid_until, client_ip, subnet_mask, router, dns, ...others } = lease;
  return JSON.stringify({ valid_until, client_ip, subnet_mask, router, dns, ...others });
}
