import type { Ipv6Prefix } from '@router7/wire';

/** NAT64 prefix, option 38 (RFC 8781 section 4). */
export interface Pref64 {
  /** A multiple of 8 up to 65528, as it travels in units of 8; 0 takes the prefix back. */
  readonly lifetimeSeconds: number;
  /** Of length 96, 64, 56, 48, 40 or 32. */
  readonly prefix: Ipv6Prefix;
}
