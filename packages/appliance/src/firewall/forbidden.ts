import { Ipv4Address, Ipv4Prefix, Ipv6Prefix } from '@router7/wire';
import { configuredPrefixes, type Situation } from './situation.ts';

/** Prefixes by the field of the packet that must not be in them. */
export type ForbiddenPrefixes = Readonly<Record<string, readonly string[]>>;

/**
 * Sources that no packet on a wire has (RFC 6890 and IANA's registry of special-purpose addresses, "Source: False").
 * Private networks are not among them: a provider's own network, or a modem, may well be one.
 */
const SOURCES_IPV4 = ['0.0.0.0/8', '127.0.0.0/8', '192.0.0.0/29', '224.0.0.0/4', '240.0.0.0/4'];

/**
 * Destinations beyond the home that exist nowhere, and those that could not answer: in flows that are known nobody asks again
 * whether there is such a source.
 */
const DESTINATIONS_IPV4 = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '192.0.0.0/29', '240.0.0.0/4'];

/**
 * RFC 6092 REC-3, with RFC 5156 and RFC 3879: IPv4-mapped and -compatible, discard-only, the two ORCHID blocks, and
 * site-local.
 */
const FORBIDDEN_IPV6 = ['::/96', '::ffff:0:0/96', '100::/64', '2001:10::/28', '2001:20::/28', 'fec0::/10'];
/** RFC 6092 REC-1. */
const MULTICAST_IPV6 = 'ff00::/8';
/** RFC 6092 REC-7: "packets with unique local source and/or destination addresses SHOULD NOT be forwarded". */
const UNIQUE_LOCAL = 'fc00::/7';

/** RFC 5737, RFC 3849, RFC 9637. */
const DOCUMENTATION_IPV4 = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'];
const DOCUMENTATION_IPV6 = ['2001:db8::/32', '3fff::/20'];

/** Sources that do not come in from outside, whether for this host or for one behind it. */
export function forbiddenSources(situation: Situation): ForbiddenPrefixes {
  const [ipv4, ipv6] = additional(situation);
  return {
    'ip.saddr': [...SOURCES_IPV4, ...ipv4],
    // The unspecified address is one of duplicate address detection (RFC 4862 section 5.4.2), which stays on the link.
    'ip6.saddr': ['::1', ...FORBIDDEN_IPV6.filter((prefix) => prefix !== '::/96'), MULTICAST_IPV6, ...ipv6],
  };
}

/** Sources that are not forwarded between home and outside, either way. */
export function forbiddenForwardedSources(situation: Situation): ForbiddenPrefixes {
  const [, ipv6] = additional(situation);
  return { 'ip6.saddr': [...FORBIDDEN_IPV6, MULTICAST_IPV6, UNIQUE_LOCAL, ...ipv6] };
}

/** Destinations that are not forwarded between home and outside, either way. */
export function forbiddenDestinations(situation: Situation): ForbiddenPrefixes {
  const [ipv4, ipv6] = additional(situation);
  return {
    'ip.daddr': [...DESTINATIONS_IPV4, ...ipv4],
    'ip6.daddr': [...FORBIDDEN_IPV6, UNIQUE_LOCAL, ...narrowMulticast(situation.config.multicast_scope), ...ipv6],
  };
}

/**
 * RFC 6092 REC-2: "Packets bearing multicast destination addresses in their outer IPv6 headers of equal or narrower scope
 * than the configured scope boundary level of the gateway MUST NOT be forwarded in any direction."
 *
 * The first octet is ff, then four flags and four bits of scope (RFC 4291 section 2.7).
 */
function narrowMulticast(scope: number): readonly string[] {
  const last = scope.toString(16);
  return Array.from({ length: 16 }, (_, flags) => flags.toString(16)).map(
    (flags) => `ff${flags}0::-ff${flags}${last}:ffff:ffff:ffff:ffff:ffff:ffff:ffff`,
  );
}

/** What firewall.json adds, and addresses for documentation unless this very network is made of them. */
function additional(situation: Situation): readonly [ipv4: readonly string[], ipv6: readonly string[]] {
  const all = [...situation.config.martians];
  if (!isDocumented(situation)) all.push(...DOCUMENTATION_IPV4, ...DOCUMENTATION_IPV6);
  return [all.filter((text) => !text.includes(':')), all.filter((text) => text.includes(':'))];
}

function isDocumented({ interfaces, leased, delegated }: Situation): boolean {
  const names = interfaces.interfaces.map(({ name }) => name);
  const own = [
    ...configuredPrefixes(interfaces, names).map(({ address }) => address),
    leased,
    ...delegated.map(({ address }) => address),
  ];
  return own.some((address) => {
    if (address instanceof Ipv4Address) return DOCUMENTATION_IPV4.some((p) => Ipv4Prefix.parse(p).contains(address));
    return address !== undefined && DOCUMENTATION_IPV6.some((p) => Ipv6Prefix.parse(p).contains(address));
  });
}
