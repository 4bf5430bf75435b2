import type { Home } from '../home.ts';
import type { Program } from '../program.ts';
import type { WanLease } from '../router.ts';
import type { IspIpv6 } from './isp-ipv6.ts';

/** A provider of Internet access: what it runs, and what a good client concludes from it. */
export interface Isp {
  readonly name: string;
  /** One line for a person. */
  readonly summary: string;
  /** Starts the provider's DHCPv4 servers on `home.isp`; resolves when they answer. */
  start(home: Home): Promise<readonly Program[]>;
  /** Throws when the lease is not what this provider means to give. */
  check(lease: WanLease): void;
  /** How long T1 is, in seconds, when it is short enough to be waited for. */
  readonly renewAfterSeconds?: number;
  readonly ipv6: IspIpv6;
}
