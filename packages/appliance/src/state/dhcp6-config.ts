import { z } from 'zod';
import { IPV6_CONFIG_FILE, parseIpv6Config } from './ipv6-config.ts';
import { type Parsed, parseState } from './state-file.ts';

/** The key `dhcp6` of ipv6.json: what the provider is asked for. Every key may be absent. */
export interface Dhcp6Config {
  /** Length of the prefix that is wished for; absent: whatever the provider gives. */
  readonly prefix_length?: number | undefined;
  /** Lengths to ask for in turn when the provider has refused; 0 asks for none in particular. */
  readonly prefix_length_hints?: readonly number[] | undefined;
  /** How many prefixes to ask for, each by an IA_PD of its own; absent: 1. */
  readonly delegations?: number | undefined;
  /** An address for the uplink itself: have one if there is one (absent), insist on it, or never ask. */
  readonly addresses?: 'try' | 'force' | 'none' | undefined;
  /** Offer the exchange of two messages (RFC 9915 section 21.14). */
  readonly rapid_commit?: boolean | undefined;
  /** Ask for name servers and the like only. */
  readonly stateless?: boolean | undefined;
  /** Let the provider's server ask for a Renew (RFC 9915 section 18.2.11); absent: yes. */
  readonly reconfigure?: boolean | undefined;
  /** Further options: number, and octets in lower-case hexadecimal. */
  readonly options?: Readonly<Record<string, string>> | undefined;
}

const code = z.string().refine((key) => /^\d{1,5}$/.test(key) && isFree(Number(key)), {
  error: 'the number of an option that a client may add',
});

const schema: z.ZodType<Dhcp6Config> = z.strictObject({
  prefix_length: z.number().int().min(1).max(64).optional(),
  prefix_length_hints: z.array(z.number().int().min(0).max(64)).max(16).optional(),
  delegations: z.number().int().min(1).max(16).optional(),
  addresses: z.enum(['try', 'force', 'none']).optional(),
  rapid_commit: z.boolean().optional(),
  stateless: z.boolean().optional(),
  reconfigure: z.boolean().optional(),
  options: z
    .record(code, z.string().regex(/^(?:[0-9a-f]{2}){0,255}$/, { error: 'octets in lower-case hexadecimal' }))
    .optional(),
});

/** Reads the key `dhcp6` of ipv6.json's text. A key that is not valid is passed over with a warning. @throws StateError */
export function parseDhcp6Config(text: string, file: string = IPV6_CONFIG_FILE): Parsed<Dhcp6Config> {
  const whole = parseIpv6Config(text, file);
  // Who else reads the file tells what is wrong in the rest of it.
  return parseState(schema, JSON.stringify(whole.value.dhcp6), `${file}: dhcp6`, true);
}

function isFree(option: number): boolean {
  return (
    option > 0 && option <= 0xffff && ![1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 19, 20, 25, 26].includes(option)
  );
}
