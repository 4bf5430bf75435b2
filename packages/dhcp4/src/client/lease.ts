import type { Ipv4Address, Ipv4Prefix } from '@router7/wire';
import type { Option, Route } from '../option.ts';

/** What a DHCPACK grants, with every time made absolute. */
export interface ClientLease {
  /** The leased address with the subnet's length. /32 when the server sent no mask that makes sense. */
  readonly address: Ipv4Prefix;
  /** True when the server sent option 1. */
  readonly hasSubnetMask: boolean;
  /** Who gave it (option 54). */
  readonly server: Ipv4Address;
  /** Option 3 in order of preference; not to be used when {@link classlessRoutes} is there (RFC 3442). */
  readonly routers: readonly Ipv4Address[];
  /** Option 121, or undefined when the server sent none. */
  readonly classlessRoutes: readonly Route[] | undefined;
  readonly domainNameServers: readonly Ipv4Address[];
  /**
   * When the DHCPACK came, monotonic milliseconds. The times below count from the sending of the DHCPREQUEST (RFC 2131
   * 4.4.1).
   */
  readonly acquiredAt: number;
  /** T1, monotonic milliseconds; Infinity for a lease without end. */
  readonly renewAt: number;
  /** T2, likewise. */
  readonly rebindAt: number;
  /** End of the lease, likewise. */
  readonly expiresAt: number;
  /** All options of the DHCPACK. */
  readonly options: readonly Option[];
}
