import type { Host } from '../host.ts';
import { dhclient } from './dhclient.ts';
import { dhcpcd } from './dhcpcd.ts';
import { udhcpc } from './udhcpc.ts';

/** A DHCP client that people have at home. */
export interface LanClient {
  readonly name: string;
  /** Starts it on `eth0`; it configures the address, the default route and goes on running. */
  start(host: Host): ReturnType<Host['start']>;
}

/** The clients of the lab; the first client host runs the first one, and so on, round and round. */
export const lanClients: readonly LanClient[] = [dhclient, dhcpcd, udhcpc];
