import { type ClientGroup, MAX_CLIENT_GROUPS } from '@router7/dns';
import type { DnsConfig } from '../state/dns-config.ts';
import { addressesOfMachine, addressOctets, type HomeLeases } from './lease-hosts.ts';

/**
 * Which addresses belong to which group: the first of `groups` is 1. Addresses that a DHCP server of the home has given to a
 * machine go by the machine's hardware address.
 */
export function clientGroups({ groups }: DnsConfig, leases: HomeLeases): ClientGroup[] {
  return groups.slice(0, MAX_CLIENT_GROUPS - 1).flatMap(({ clients, hardware_addrs }, index) => {
    const group = index + 1;
    const addresses = hardware_addrs.flatMap((text) => addressesOfMachine(text.toLowerCase(), leases));
    return [...clients, ...addresses].map((text): ClientGroup => {
      const [address = '', length] = text.split('/');
      const network = addressOctets(address);
      return { network, length: length === undefined ? network.length * 8 : Number(length), group };
    });
  });
}
