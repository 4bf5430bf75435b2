import { Ipv4Address } from '@router7/wire';
import { z } from 'zod';
import { ZERO_TIME } from './go-time.ts';
import { goTimeSchema } from './go-time-schema.ts';
import { listOf, type Parsed, parseState, textOf } from './state-file.ts';

/** Where it is kept. */
export const DHCP4D_LEASES_FILE = '/perm/dhcp4d/leases.json';

/** One lease of /perm/dhcp4d/leases.json, read by dhcp4d and dnsd, and edited by people. */
export interface Dhcp4dLease {
  /** The address minus (the server's address plus one). */
  readonly num: number;
  readonly addr: string;
  /** Octets in hexadecimal with colons; six of them on Ethernet. */
  readonly hardware_addr: string;
  readonly hostname: string;
  /** Set by a person, stronger than `hostname`; '' when there is none. */
  readonly hostname_override: string;
  /** End of the lease; ZERO_TIME makes it a static one. */
  readonly expiry: string;
  /** When the client last got a DHCPACK. */
  readonly last_ack: string;
  /** Option 61 in lower-case hexadecimal; absent when the client sends none. */
  readonly client_id?: string | undefined;
  /**
   * What the server knows the client by, when that is neither `client_id` nor `hardware_addr` as an Ethernet address: a
   * reservation, for one, is for all the identifiers that a machine may send.
   */
  readonly client_key?: string | undefined;
  /** Absent means bound. */
  readonly state?: 'bound' | 'released' | 'declined' | undefined;
}

const lease = z
  .strictObject({
    num: z.number().int().default(0),
    addr: textOf('an IPv4 address', Ipv4Address.parse),
    hardware_addr: z.string().regex(/^(?:[0-9a-f]{2}(?::[0-9a-f]{2})*)?$/i, { error: 'a MAC address' }),
    hostname: z.string().default(''),
    hostname_override: z.string().default(''),
    expiry: goTimeSchema.default(ZERO_TIME),
    last_ack: goTimeSchema.default(ZERO_TIME),
    client_id: z
      .string()
      .regex(/^(?:[0-9a-f]{2})*$/, { error: 'octets in lower-case hexadecimal' })
      .optional(),
    client_key: z.string().max(1024).optional(),
    state: z.enum(['bound', 'released', 'declined']).optional(),
  })
  // A file from before `last_ack` was invented.
  .transform((value) => (value.last_ack === ZERO_TIME ? { ...value, last_ack: value.expiry } : value));

const schema: z.ZodType<Dhcp4dLease[]> = listOf(lease);

/** Reads the text of leases.json. A lease that is not valid is passed over with a warning. @throws StateError */
export function parseDhcp4dLeases(text: string, file: string = DHCP4D_LEASES_FILE): Parsed<Dhcp4dLease[]> {
  return parseState(schema, text, file);
}

/** The text of leases.json, as Go's `json.MarshalIndent(leases, "", "\t")` writes it, router7's keys in its order. */
export function formatDhcp4dLeases(leases: readonly Dhcp4dLease[]): string {
  const ordered = leases.map(
    ({ num, addr, hardware_addr, hostname, hostname_override, expiry, last_ack, client_id, client_key, state }) => ({
      num,
      addr,
      hardware_addr,
      hostname,
      hostname_override,
      expiry,
      last_ack,
      client_id,
      client_key,
      state,
    }),
  );
  // Go escapes what is special in HTML and JavaScript.
  return JSON.stringify(ordered, null, '\t').replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
