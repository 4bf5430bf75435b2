import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { z } from 'zod';
import { interfaceName } from './interfaces.ts';
import { type Parsed, parseState, textOf } from './state-file.ts';

/** A resolver with encryption (RFC 9463). */
export interface RadvdResolver {
  readonly name: string;
  /** Absent: 1. */
  readonly priority?: number | undefined;
  readonly addresses: readonly string[];
  /** Service parameters in wire format (RFC 9460 section 2.2), in lower-case hexadecimal. */
  readonly parameters?: string | undefined;
}

/** What radvd says on a link. What is absent is as said at each key. */
export interface RadvdLinkConfig {
  /** Whether it says anything; absent: true. */
  readonly advertise?: boolean | undefined;
  /** MaxRtrAdvInterval and MinRtrAdvInterval; absent: 600, and three quarters of the former. */
  readonly max_interval_seconds?: number | undefined;
  readonly min_interval_seconds?: number | undefined;
  /** While there is a way to the Internet; absent: `lifetimes.preferred_seconds`. */
  readonly router_lifetime_seconds?: number | undefined;
  /** Absent: medium (RFC 4191). */
  readonly preference?: 'low' | 'medium' | 'high' | undefined;
  /** M and O flags; absent: false and true (RFC 7084 L-8, L-9). */
  readonly managed?: boolean | undefined;
  readonly other?: boolean | undefined;
  /** L, A and P flags of the prefixes; absent: true, true and false. */
  readonly on_link?: boolean | undefined;
  readonly autonomous?: boolean | undefined;
  readonly prefer_delegation?: boolean | undefined;
  /** Absent: the link's; 0 says none. */
  readonly mtu?: number | undefined;
  readonly hop_limit?: number | undefined;
  readonly reachable_milliseconds?: number | undefined;
  readonly retransmit_milliseconds?: number | undefined;
  /** Answer who asks alone; absent: true. */
  readonly unicast?: boolean | undefined;
  /**
   * `auto` (the default): this router by its unique local address, or by its link-local one; `link-local`: by that; `off`;
   * or addresses.
   */
  readonly dns?: 'auto' | 'link-local' | 'off' | readonly string[] | undefined;
  /** Search domains; absent: `lan`. */
  readonly domains?: readonly string[] | undefined;
  /** How long these two are told; absent: three times MaxRtrAdvInterval (RFC 8106). */
  readonly dns_seconds?: number | undefined;
  readonly domains_seconds?: number | undefined;
  /** Routes to the delegated prefixes and the unique local one; absent: true (RFC 7084 L-3). */
  readonly routes?: boolean | undefined;
  /** NAT64 prefixes (RFC 8781); absent: none. */
  readonly pref64?: readonly string[] | undefined;
  /** URI of the captive portal's API (RFC 8910). */
  readonly captive_portal?: string | undefined;
  readonly encrypted_dns?: readonly RadvdResolver[] | undefined;
  /** Link-local addresses of other routers that may be on the link, as of a Thread border router; absent: none. */
  readonly other_routers?: readonly string[] | undefined;
  /** Whether to take back what any other router says, in its name; absent: false, it is only told in the log. */
  readonly counter_rogues?: boolean | undefined;
}

/** The part `radvd` of /perm/ipv6.json: what holds on all links, and what on one. */
export interface RadvdConfig extends RadvdLinkConfig {
  /** `router7`: what router7 says, with its constants for lifetimes, where nothing else is said. */
  readonly compat?: 'router7' | undefined;
  /** By name. */
  readonly interfaces?: Readonly<Record<string, RadvdLinkConfig>> | undefined;
}

const flag = z.boolean().optional();
const number = z.number().min(0).max(0xffff_ffff).optional();
const integer = z.number().int().min(0).max(0xffff_ffff).optional();
const address = textOf('an IPv6 address', Ipv6Address.parse);

const link = {
  advertise: flag,
  max_interval_seconds: number,
  min_interval_seconds: number,
  router_lifetime_seconds: integer,
  preference: z.enum(['low', 'medium', 'high']).optional(),
  managed: flag,
  other: flag,
  on_link: flag,
  autonomous: flag,
  prefer_delegation: flag,
  mtu: integer,
  hop_limit: integer,
  reachable_milliseconds: integer,
  retransmit_milliseconds: integer,
  unicast: flag,
  dns: z.union([z.enum(['auto', 'link-local', 'off']), z.array(address)]).optional(),
  domains: z.array(z.string()).optional(),
  dns_seconds: integer,
  domains_seconds: integer,
  routes: flag,
  pref64: z.array(textOf('an IPv6 prefix', Ipv6Prefix.parse)).optional(),
  captive_portal: z.string().optional(),
  encrypted_dns: z
    .array(
      z.strictObject({
        name: z.string(),
        priority: z.number().int().min(1).max(0xffff).optional(),
        addresses: z.array(address).min(1),
        parameters: z
          .string()
          .regex(/^(?:[0-9a-f]{2})*$/, { error: 'octets in lower-case hexadecimal' })
          .optional(),
      }),
    )
    .optional(),
  other_routers: z.array(address).optional(),
  counter_rogues: flag,
};

const schema: z.ZodType<RadvdConfig> = z.strictObject({
  ...link,
  compat: z.literal('router7').optional(),
  interfaces: z.record(interfaceName, z.strictObject(link)).optional(),
});

/** Reads the part `radvd` of ipv6.json. A key that is not valid is passed over with a warning. @throws StateError */
export function parseRadvdConfig(part: unknown, file: string): Parsed<RadvdConfig> {
  return parseState(schema, JSON.stringify(part), `${file}: radvd`, true);
}
