import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { z } from 'zod';
import { type Parsed, parseState, textOf } from './state-file.ts';

/** Below dhcp6's state folder. */
export const UPLINK_ROUTERS_FILE = 'wire/routers.json';

/** A router on the provider's link. */
export interface UplinkRouter {
  /** Link-local. */
  readonly address: string;
  /** Whether it can be used as a default router. */
  readonly default: boolean;
  readonly preference: 'low' | 'medium' | 'high';
  readonly managed: boolean;
  readonly other: boolean;
  readonly mtu?: number | undefined;
  /** URI of the captive portal's API (RFC 8910). */
  readonly captive_portal?: string | undefined;
}

/**
 * /perm/dhcp6/wire/routers.json: what the provider's routers advertise, as long as they do. Written by dhcp6 whenever that
 * changes, and taken away when dhcp6 starts or the uplink goes; for whoever asks for names, and for diagnostics.
 */
export interface UplinkRouters {
  readonly routers: readonly UplinkRouter[];
  /** Prefixes that addresses are formed from, those that are not deprecated. */
  readonly prefixes: readonly string[];
  /** RFC 8106; link-local ones are on the uplink. */
  readonly dns: readonly string[];
  readonly domain_search: readonly string[];
  /** RFC 8781. */
  readonly nat64: readonly string[];
}

const address = textOf('an IPv6 address', Ipv6Address.parse);
const prefix = textOf('an IPv6 prefix', Ipv6Prefix.parse);

const schema: z.ZodType<UplinkRouters> = z.object({
  routers: z.array(
    z.object({
      address,
      default: z.boolean(),
      preference: z.enum(['low', 'medium', 'high']),
      managed: z.boolean(),
      other: z.boolean(),
      mtu: z.number().optional(),
      captive_portal: z.string().optional(),
    }),
  ),
  prefixes: z.array(prefix),
  dns: z.array(address),
  domain_search: z.array(z.string()),
  nat64: z.array(prefix),
});

/** Reads the text of routers.json. @throws StateError */
export function parseUplinkRouters(text: string, file: string = UPLINK_ROUTERS_FILE): Parsed<UplinkRouters> {
  return parseState(schema, text, file);
}

/** The text of routers.json. */
export function formatUplinkRouters(routers: UplinkRouters): string {
  return `${JSON.stringify(routers, undefined, 2)}\n`;
}
