import { z } from 'zod';
import { interfaceName } from './interfaces.ts';
import { type Parsed, parseState, textOf } from './state-file.ts';
import { parseUla, subnetSchema } from './subnets.ts';

/** Where it is kept. A router without it goes by what is said at each key. */
export const IPV6_CONFIG_FILE = '/perm/ipv6.json';

/** What is special about one link of the home. */
export interface Ipv6LinkConfig {
  /** The number of its subnet in each prefix; absent: lan0 has 0, the others get a number that they keep. */
  readonly subnet?: number | undefined;
  /** Whether it gets prefixes at all; absent: true. */
  readonly prefixes?: boolean | undefined;
}

/** /perm/ipv6.json: what netconfigd, radvd, dhcp6 and dhcp6d have in common, and a part for each of them. */
export interface Ipv6Config {
  /**
   * The unique local prefix: `auto` (the default) makes one and keeps it, `off` has none, or a /48 (RFC 7084 ULA-1 to ULA-3).
   */
  readonly ula: string;
  /** By name. */
  readonly interfaces: Readonly<Record<string, Ipv6LinkConfig>>;
  /** The longest lifetimes that the home is told of a prefix: 45 and 90 minutes (RFC 9096 section 3.4). */
  readonly lifetimes: { readonly preferred_seconds: number; readonly valid_seconds: number };
  /** Each daemon reads its own part by a schema of its own. */
  readonly radvd: Readonly<Record<string, unknown>>;
  readonly dhcp6: Readonly<Record<string, unknown>>;
  readonly dhcp6d: Readonly<Record<string, unknown>>;
}

const seconds = z.number().int().min(60).max(0xffff_fffe);
const part = z.record(z.string(), z.unknown()).default({});

const schema: z.ZodType<Ipv6Config> = z.strictObject({
  ula: textOf(
    '"auto", "off" or a prefix of 48 bits in fd00::/8',
    (text) => text === 'auto' || text === 'off' || parseUla(text),
  ).default('auto'),
  interfaces: z
    .record(interfaceName, z.strictObject({ subnet: subnetSchema.optional(), prefixes: z.boolean().optional() }))
    .default({}),
  lifetimes: z
    .strictObject({ preferred_seconds: seconds.default(2700), valid_seconds: seconds.default(5400) })
    .refine(({ preferred_seconds, valid_seconds }) => preferred_seconds <= valid_seconds, {
      error: 'preferred_seconds not above valid_seconds',
    })
    .prefault({}),
  radvd: part,
  dhcp6: part,
  dhcp6d: part,
});

/** Reads the text of ipv6.json. A key that is not valid is passed over with a warning. @throws StateError */
export function parseIpv6Config(text: string, file: string = IPV6_CONFIG_FILE): Parsed<Ipv6Config> {
  return parseState(schema, text, file, true);
}

/** What holds without any file. */
export const DEFAULT_IPV6_CONFIG: Ipv6Config = parseIpv6Config('{}').value;
