import type { LocalPrefix } from '@router7/dns';
import { Ipv4Address, Ipv4Prefix, Ipv6Prefix } from '@router7/wire';
import { privateHosts } from '../runtime/private-address.ts';
import type { Link, LinkAddress } from '../system/rtnetlink.ts';

/** Hosts at these are answered, wherever they are (RFC 1918, 6598, 3927, 4193, 4291). */
const PRIVATE: readonly (Ipv4Prefix | Ipv6Prefix)[] = [
  ...['192.168.0.0/16', '10.0.0.0/8', '172.16.0.0/12', '127.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16'].map((text) =>
    Ipv4Prefix.parse(text),
  ),
  ...['fe80::/10', 'fc00::/7', '::1/128'].map((text) => Ipv6Prefix.parse(text)),
];

/** What dnsd has to know of this machine's addresses. */
export interface OwnAddresses {
  /** Where to listen, sorted: see `privateHosts`. */
  readonly hosts: readonly string[];
  /** Whose hosts may ask: private addresses, and those of the own LANs. */
  readonly clients: readonly LocalPrefix[];
  /** All addresses of this machine, without zones. */
  readonly own: readonly string[];
  /** Indexes of the interfaces to the provider: one that was taken away and comes back has another one. */
  readonly uplinks: readonly number[];
}

/** What follows from the links and addresses that there are. */
export function ownAddresses(links: readonly Link[], addresses: readonly LinkAddress[]): OwnAddresses {
  const lans = addresses.filter(({ link: index }) => {
    const link = links.find((candidate) => candidate.index === index);
    return link?.up === true && !link.name.startsWith('uplink');
  });
  const prefixes = [...PRIVATE, ...lans.map(({ prefix }) => prefix)];
  return {
    hosts: privateHosts(links, addresses),
    clients: without(prefixes).map((prefix) => ({ network: prefix.address.toBytes(), length: prefix.length })),
    own: addresses.map(({ prefix }) => prefix.address.toString()),
    uplinks: links.filter(({ name }) => name.startsWith('uplink')).map(({ index }) => index),
  };
}

/** Without those that others contain: each costs a comparison a query. */
function without(prefixes: readonly (Ipv4Prefix | Ipv6Prefix)[]): readonly (Ipv4Prefix | Ipv6Prefix)[] {
  return prefixes.filter(
    (prefix, index) =>
      !prefixes.some(
        (other, at) => at !== index && contains(other, prefix) && (at < index || !contains(prefix, other)),
      ),
  );
}

function contains(outer: Ipv4Prefix | Ipv6Prefix, inner: Ipv4Prefix | Ipv6Prefix): boolean {
  if (outer.length > inner.length) return false;
  if (outer instanceof Ipv4Prefix) return inner.address instanceof Ipv4Address && outer.contains(inner.address);
  return !(inner.address instanceof Ipv4Address) && outer.contains(inner.address);
}
