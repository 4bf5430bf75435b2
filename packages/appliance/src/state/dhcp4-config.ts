import { z } from 'zod';
import { type Parsed, parseState } from './state-file.ts';

/** config.json in dhcp4's `-state_dir`: what a provider wants to be told. Every key may be absent. */
export interface Dhcp4Config {
  /** Option 12. */
  readonly hostname?: string | undefined;
  /** Option 81 (RFC 4702) in place of option 12: the whole name, `router7.example.net`. */
  readonly fqdn?: string | undefined;
  /** Option 60. */
  readonly vendor_class?: string | undefined;
  /** Option 77, one class. */
  readonly user_class?: string | undefined;
  /** `mac`: type 1 and the hardware address; `duid`: RFC 4361. */
  readonly client_id?: 'mac' | 'duid' | undefined;
  /** Offer the exchange of two messages (RFC 4039). */
  readonly rapid_commit?: boolean | undefined;
  /** Ask by ARP whether the address is free before it is used (RFC 5227). */
  readonly probe?: boolean | undefined;
  /** Further options: number, and octets in lower-case hexadecimal. */
  readonly options?: Readonly<Record<string, string>> | undefined;
}

const text = z.string().max(255).optional();
// Pad, overload, message type, server identifier and end are the client's own business.
const code = z.string().refine((key) => /^\d{1,3}$/.test(key) && isFree(Number(key)), {
  error: 'the number of an option that a client may add',
});

const schema: z.ZodType<Dhcp4Config> = z.strictObject({
  hostname: text,
  fqdn: z
    .string()
    .regex(/^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i, {
      error: 'a domain name',
    })
    .optional(),
  vendor_class: text,
  user_class: text,
  client_id: z.enum(['mac', 'duid']).optional(),
  rapid_commit: z.boolean().optional(),
  probe: z.boolean().optional(),
  options: z
    .record(code, z.string().regex(/^(?:[0-9a-f]{2}){1,255}$/, { error: '1 to 255 octets in lower-case hexadecimal' }))
    .optional(),
});

/** Reads the text of config.json. A key that is not valid is passed over with a warning. @throws StateError */
export function parseDhcp4Config(content: string, file: string): Parsed<Dhcp4Config> {
  return parseState(schema, content, file, true);
}

function isFree(option: number): boolean {
  return option > 0 && option < 255 && ![50, 51, 52, 53, 54, 55, 57, 61].includes(option);
}
