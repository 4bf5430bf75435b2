import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { z } from 'zod';
import { goTimeSchema } from './go-time.ts';
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

/** wire/lease.json of dhcp6: read by netconfigd, radvd and diagd. Times are texts, see `formatGoTime`. */
export interface Dhcp6Lease {
  /** When the first of the prefixes is to be renewed (the smallest T1). */
  readonly valid_until: string;
  /** Prefixes that the provider has delegated to this router (RFC 9915 section 6.3). */
  readonly prefixes: readonly GoPrefix[];
  readonly dns: readonly string[];
}

/** A {@link GoPrefix} as a prefix. @throws EncodeError or Error when it is none */
export function readGoPrefix({ IP, Mask }: GoPrefix): Ipv6Prefix {
  const mask = Buffer.from(Mask, 'base64');
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  if (mask.length !== 16 || !/^1*0*$/.test(bits)) throw new Error('no mask of a prefix');
  const prefix = new Ipv6Prefix(Ipv6Address.parse(IP), bits.replace(/0+$/, '').length);
  return new Ipv6Prefix(prefix.network, prefix.length);
}

const address = textOf('an IPv6 address', Ipv6Address.parse);
const prefix = z.strictObject({ IP: address, Mask: z.string() }).refine(
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

const schema: z.ZodType<Dhcp6Lease> = z.object({
  valid_until: goTimeSchema,
  prefixes: listOf(prefix),
  dns: listOf(address),
});

/** Reads the text of wire/lease.json. @throws StateError */
export function parseDhcp6Lease(text: string, file: string = DHCP6_LEASE_FILE): Parsed<Dhcp6Lease> {
  return parseState(schema, text, file);
}
