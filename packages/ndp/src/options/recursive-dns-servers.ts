import type { Ipv6Address } from '@router7/wire';

/** Recursive DNS servers, option 25 (RFC 8106 section 5.1). */
export interface RecursiveDnsServers {
  /** 0 takes the servers back; 0xffffffff is for ever. */
  readonly lifetimeSeconds: number;
  /** One or more, in order of preference; may be link-local. */
  readonly addresses: readonly Ipv6Address[];
}
