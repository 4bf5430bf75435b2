import type { Host } from '../host.ts';
import type { Program } from '../program.ts';

/** What a computer at home runs to get its addresses. */
export interface LanClient {
  /** Of its DHCP client. */
  readonly name: string;
  /** Where its IPv6 addresses come from, for people. */
  readonly ipv6: string;
  /** Whether it asks for an address by DHCPv6, besides those that are made of what is advertised. */
  readonly asksForAddress6: boolean;
  /** Starts it on `eth0`: it configures addresses and default routes, and goes on running. */
  start(host: Host): readonly Program[];
}
