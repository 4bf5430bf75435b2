import { Ipv6Prefix } from '@router7/wire';
import type { KnownOption } from '../option.ts';
import { pref64Lifetime } from '../options/pref64.ts';
import type { RouterConfig } from './config.ts';
import { secondsAt } from './lifetime.ts';

/** An option that hosts go by for a lifetime: it stays with them when it is not sent any more. RDNSS and DNSSL hold one each. */
export type LastingOption = Extract<
  KnownOption,
  { readonly kind: 'prefixInformation' | 'routeInformation' | 'rdnss' | 'dnssl' | 'pref64' | 'encryptedDns' }
>;

/** What tells one thing that hosts were told about from the others: of a prefix its network part only, not its flags. */
export function keyOf(option: LastingOption): string {
  switch (option.kind) {
    case 'prefixInformation':
    case 'routeInformation':
    case 'pref64':
      return `${option.kind} ${networkText(option.value.prefix)}`;
    case 'rdnss':
      return `rdnss ${option.value.addresses.join(' ')}`;
    case 'dnssl':
      return `dnssl ${option.value.domainNames.join(' ').toLowerCase()}`;
    case 'encryptedDns': {
      const { authenticationDomainName, servicePriority } = option.value;
      return `encryptedDns ${servicePriority} ${authenticationDomainName.toLowerCase()}`;
    }
  }
}

/** How long hosts go by it. */
export function lifetimeOf(option: LastingOption): number {
  switch (option.kind) {
    case 'prefixInformation':
      return option.value.validLifetimeSeconds;
    case 'routeInformation':
      return option.value.routeLifetimeSeconds;
    default:
      return option.value.lifetimeSeconds;
  }
}

/**
 * The same option with a lifetime of 0. RFC 9096 section 3.5: a stale prefix is advertised with both lifetimes 0, and with
 * its A and L flags as they were.
 */
export function withdrawalOf(option: LastingOption): LastingOption {
  switch (option.kind) {
    case 'prefixInformation':
      return { kind: option.kind, value: { ...option.value, validLifetimeSeconds: 0, preferredLifetimeSeconds: 0 } };
    case 'routeInformation':
      return { kind: option.kind, value: { ...option.value, routeLifetimeSeconds: 0 } };
    case 'rdnss':
      return { kind: option.kind, value: { ...option.value, lifetimeSeconds: 0 } };
    case 'dnssl':
      return { kind: option.kind, value: { ...option.value, lifetimeSeconds: 0 } };
    case 'pref64':
      return { kind: option.kind, value: { ...option.value, lifetimeSeconds: 0 } };
    case 'encryptedDns':
      return { kind: option.kind, value: { ...option.value, lifetimeSeconds: 0 } };
  }
}

/** What a configuration has hosts go by at a time, in the order of the message. */
export function lastingOptions(config: RouterConfig, now: number): LastingOption[] {
  return [
    ...config.dnsServers.map(({ address, lifetime }): LastingOption => {
      return { kind: 'rdnss', value: { lifetimeSeconds: secondsAt(lifetime, now), addresses: [address] } };
    }),
    ...config.prefixes.map(({ prefix, onLink, autonomous, dhcpv6PdPreferred, valid, preferred }): LastingOption => {
      const validLifetimeSeconds = secondsAt(valid, now);
      return {
        kind: 'prefixInformation',
        value: {
          // "The bits in the prefix after the prefix length are reserved and MUST be initialized to zero" (4.6.2).
          prefix: networkOf(prefix),
          onLink,
          autonomous,
          routerAddress: false,
          dhcpv6PdPreferred,
          validLifetimeSeconds,
          preferredLifetimeSeconds: Math.min(secondsAt(preferred, now), validLifetimeSeconds),
        },
      };
    }),
    ...config.searchDomains.map(({ name, lifetime }): LastingOption => {
      return { kind: 'dnssl', value: { lifetimeSeconds: secondsAt(lifetime, now), domainNames: [name] } };
    }),
    ...config.routes.map(({ prefix, preference, lifetime }): LastingOption => {
      const routeLifetimeSeconds = secondsAt(lifetime, now);
      return { kind: 'routeInformation', value: { prefix: networkOf(prefix), preference, routeLifetimeSeconds } };
    }),
    ...config.pref64.map(({ prefix, lifetime }): LastingOption => {
      return {
        kind: 'pref64',
        value: { prefix: networkOf(prefix), lifetimeSeconds: pref64Lifetime(secondsAt(lifetime, now)) },
      };
    }),
    ...config.encryptedDns.map(({ lifetime, ...resolver }): LastingOption => {
      return { kind: 'encryptedDns', value: { ...resolver, lifetimeSeconds: secondsAt(lifetime, now) } };
    }),
  ];
}

/** When the next of the lifetimes that count down is told as a second less; Infinity when there are none. */
export function nextChange(config: RouterConfig, now: number): number {
  const { prefixes, routes, dnsServers, searchDomains, pref64, encryptedDns } = config;
  const lifetimes = [
    ...prefixes.flatMap(({ valid, preferred }) => [valid, preferred]),
    ...[...routes, ...dnsServers, ...searchDomains, ...pref64, ...encryptedDns].map(({ lifetime }) => lifetime),
  ];
  const changes = lifetimes.flatMap(({ until }) => {
    if (until === undefined || until === Number.POSITIVE_INFINITY || until <= now) return [];
    return until - Math.floor((until - now) / 1000) * 1000;
  });
  return Math.min(...changes);
}

/** The network as text: two prefixes with other host bits are the same. */
export function networkText(prefix: Ipv6Prefix): string {
  return networkOf(prefix).toString();
}

function networkOf(prefix: Ipv6Prefix): Ipv6Prefix {
  return new Ipv6Prefix(prefix.network, prefix.length);
}
