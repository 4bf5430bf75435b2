import { Ipv4Address, Ipv6Address, MacAddress } from '@router7/wire';
import { z } from 'zod';
import { listOf, type Parsed, parseState, textOf } from './state-file.ts';

/** Where dnsd keeps it. */
export const DNS_NAMES_FILE = '/perm/dnsd/names.json';

/** A name below a host's own, as the host has asked for it by `/dyndns`. */
export interface DnsName {
  /** The host's, by which dhcp4d knows it. */
  readonly hardware_addr: string;
  /** One label in lower case. */
  readonly name: string;
  /** One of each family at most. */
  readonly addrs: readonly string[];
}

const schema: z.ZodType<DnsName[]> = listOf(
  z.strictObject({
    hardware_addr: textOf('a MAC address', MacAddress.parse),
    name: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'a label in lower case' }),
    addrs: z
      .array(textOf('an IP address', (text) => (text.includes(':') ? Ipv6Address : Ipv4Address).parse(text)))
      .max(2),
  }),
);

/** Reads the text of names.json. A name that is not valid is passed over with a warning. @throws StateError */
export function parseDnsNames(text: string, file: string = DNS_NAMES_FILE): Parsed<DnsName[]> {
  return parseState(schema, text, file);
}

/** The text of names.json. */
export function formatDnsNames(names: readonly DnsName[]): string {
  return `${JSON.stringify(names, undefined, 2)}\n`;
}
