import { Ipv4Address, type Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { Link, LinkAddress } from '../system/rtnetlink.ts';

/** What gokrazy hands out for itself; services are not offered there. */
const EXCLUDED = Ipv6Prefix.parse('fdf5:3606:2a21::/48');

/**
 * Whether services may be offered at an address: loopback, RFC 1918, RFC 6598 (100.64.0.0/10), link-local, fc00::/7,
 * but not fdf5:3606:2a21::/48.
 */
export function isPrivateAddress(address: Ipv4Address | Ipv6Address): boolean {
  if (address instanceof Ipv4Address) {
    return address.isLoopback || address.isPrivate || address.isShared || address.isLinkLocal;
  }
  return address.isLoopback || address.isLinkLocal || (address.isUniqueLocal && !EXCLUDED.contains(address));
}

/**
 * The hosts to listen on, sorted: the private addresses of interfaces that are up and not called `uplink...`. A
 * link-local IPv6 address has its zone: `fe80::1%lan0`. One whose duplicate address detection has not finished cannot be
 * bound to yet, and is left out.
 */
export function privateHosts(links: readonly Link[], addresses: readonly LinkAddress[]): readonly string[] {
  const hosts = new Set<string>();
  for (const { link: index, prefix, tentative } of addresses) {
    const link = links.find((candidate) => candidate.index === index);
    const { address } = prefix;
    if (link === undefined || !link.up || link.name.startsWith('uplink') || tentative === true) continue;
    if (!isPrivateAddress(address)) continue;
    const zone = !(address instanceof Ipv4Address) && address.isLinkLocal ? `%${link.name}` : '';
    hosts.add(`${address}${zone}`);
  }
  return [...hosts].sort();
}
