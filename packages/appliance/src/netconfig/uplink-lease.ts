import { readFileSync } from 'node:fs';
import { Ipv4Address, Ipv4Prefix } from '@router7/wire';
import { parseDhcp4Lease } from '../state/dhcp4-lease.ts';

/** What a DHCPv4 lease wants in the kernel. */
export interface UplinkLease {
  /** The leased address with the subnet's length. */
  readonly address: Ipv4Prefix;
  /** Option 3; the first one counts. */
  readonly routers: readonly Ipv4Address[];
  /** Option 121; where it is there, option 3 is not looked at (RFC 3442). */
  readonly classlessRoutes: readonly { readonly destination: Ipv4Prefix; readonly router: Ipv4Address }[] | undefined;
}

/**
 * Reads what dhcp4 has obtained. Its end is not looked at: a lease stays applied until there is another one or the client
 * takes the file away (D4C-07).
 *
 * @returns undefined when there is no lease
 * @throws StateError, or Error when the lease has no subnet mask
 */
export function readUplinkLease(file: string): UplinkLease | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { value: lease } = parseDhcp4Lease(text, file);
  if (lease.subnet_mask === '') throw new Error('invalid DHCP lease: no subnet mask present');
  const routers = lease.routers ?? (lease.router === '' ? [] : [lease.router]);
  return {
    address: Ipv4Prefix.fromMask(Ipv4Address.parse(lease.client_ip), Ipv4Address.parse(lease.subnet_mask)),
    routers: routers.map(Ipv4Address.parse),
    classlessRoutes: lease.classless_routes?.map(({ destination, gateway }) => ({
      destination: Ipv4Prefix.parse(destination),
      router: Ipv4Address.parse(gateway),
    })),
  };
}
