import type { Home } from '../home.ts';
import type { Program } from '../program.ts';
import type { WanLease6 } from '../router.ts';

/** The IPv6 side of a provider: router advertisements on its customers' link, and DHCPv6. */
export interface IspIpv6 {
  /** One line for a person, that continues the provider's own. */
  readonly summary: string;
  /** The prefix that the home is given at first. */
  readonly delegation: string;
  /**
   * Starts the servers on `home.isp`; resolves when they answer. They remember nothing of any that ran before, and the
   * prefix that they delegate is the only one that they have.
   */
  start(home: Home, delegation: string): Promise<readonly Program[]>;
  /** Throws when the lease is not what this provider means to give. */
  check(lease: WanLease6, delegation: string): void;
  /** The router's DUID, where the provider knows its customer by it; the router makes one up when absent. */
  readonly duid?: Uint8Array;
  /** How long T1 is, in seconds, when it is short enough to be waited for. */
  readonly renewAfterSeconds?: number;
}
