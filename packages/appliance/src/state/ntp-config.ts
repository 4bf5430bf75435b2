import { Ipv4Address, Ipv6Address } from '@router7/wire';
import { z } from 'zod';
import { type Parsed, parseState, textOf } from './state-file.ts';

/** Where it is kept. A router without it asks router7's servers, and those that the provider tells of. */
export const NTP_CONFIG_FILE = '/perm/ntp.json';

/** /perm/ntp.json */
export interface NtpFileConfig {
  /** Names or addresses of servers to ask instead of router7's; absent: {@link DEFAULT_NTP_SERVERS}. */
  readonly servers?: readonly string[] | undefined;
  /** Whether the provider's servers are asked as well; absent: true, but false with `servers`. */
  readonly provider?: boolean | undefined;
  /** How often servers are asked once the time is known: at most, and at least; absent: 64 and 1024. */
  readonly minimum_poll_seconds?: number | undefined;
  readonly maximum_poll_seconds?: number | undefined;
}

/** Whom router7 asks: each name stands for servers that change from hour to hour. */
export const DEFAULT_NTP_SERVERS: readonly string[] = [
  '0.gokrazy.pool.ntp.org',
  '1.gokrazy.pool.ntp.org',
  '2.gokrazy.pool.ntp.org',
  '3.gokrazy.pool.ntp.org',
];

/** MINPOLL and MAXPOLL of RFC 5905 figure 27 are 16 s and 36 h; fewer than 64 s are for servers of one's own. */
const seconds = z.number().min(16).max(131_072).optional();

const schema: z.ZodType<NtpFileConfig> = z
  .strictObject({
    servers: z.array(textOf('the name or address of a server', checkServer)).min(1).max(16).optional(),
    provider: z.boolean().optional(),
    minimum_poll_seconds: seconds,
    maximum_poll_seconds: seconds,
  })
  .refine(({ minimum_poll_seconds: least = 64, maximum_poll_seconds: most = 1024 }) => least <= most, {
    error: 'minimum_poll_seconds not above maximum_poll_seconds',
  });

/** Reads the text of ntp.json. A key that is not valid is passed over with a warning. @throws StateError */
export function parseNtpConfig(text: string, file: string = NTP_CONFIG_FILE): Parsed<NtpFileConfig> {
  return parseState(schema, text, file, true);
}

/** @throws Error when the text can be neither a host's name nor an address */
function checkServer(text: string): void {
  if (text.includes(':')) Ipv6Address.parse(text);
  else if (/^[\d.]+$/.test(text)) Ipv4Address.parse(text);
  else if (text.length > 253 || !/^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?)+$/i.test(text)) throw new Error(text);
}
