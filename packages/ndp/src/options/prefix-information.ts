import type { Ipv6Prefix } from '@router7/wire';

/** Prefix information, option 3 (RFC 4861 section 4.6.2). */
export interface PrefixInformation {
  /** Host bits are kept: with R they are the router's own (RFC 6275 section 7.2), otherwise receivers ignore them. */
  readonly prefix: Ipv6Prefix;
  /** L: hosts may take the prefix as on-link. */
  readonly onLink: boolean;
  /** A: hosts may form addresses (RFC 4862). */
  readonly autonomous: boolean;
  /** R: the prefix holds the router's whole address (RFC 6275 section 7.2). */
  readonly routerAddress: boolean;
  /** P: hosts should rather ask for a prefix of their own by DHCPv6 (RFC 9762). */
  readonly dhcpv6PdPreferred: boolean;
  /** From now on; 0xffffffff is for ever. */
  readonly validLifetimeSeconds: number;
  /** From now on, not above the valid one; 0xffffffff is for ever. */
  readonly preferredLifetimeSeconds: number;
}
