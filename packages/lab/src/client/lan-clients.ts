import { dhclient } from './dhclient.ts';
import { dhcpcd } from './dhcpcd.ts';
import type { LanClient } from './lan-client.ts';
import { udhcpc } from './udhcpc.ts';

/** The clients of the lab; the first client host runs the first one, and so on, round and round. */
export const lanClients: readonly LanClient[] = [dhclient, dhcpcd, udhcpc];
