import type { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { EncryptedDns } from '../options/encrypted-dns.ts';
import type { Preference } from '../preference.ts';
import type { AdvertisedLifetime } from './lifetime.ts';

/**
 * What a router advertises on one interface: the variables of RFC 4861 section 6.2.1, and those of the options that came
 * later. `defaultRouterConfig` has the defaults.
 */
export interface RouterConfig {
  /** Where advertisements come from. "Source Address MUST be the link-local address assigned to the interface" (4.2). */
  readonly linkLocalAddress: Ipv6Address;
  /** For the Source Link-Layer Address option; undefined leaves it out. */
  readonly linkLayerAddress: Uint8Array | undefined;
  /** MaxRtrAdvInterval: 4 to 65535 (RFC 8319 section 4). */
  readonly maxRtrAdvIntervalSeconds: number;
  /** MinRtrAdvInterval: 3 up to three quarters of the other. */
  readonly minRtrAdvIntervalSeconds: number;
  /** AdvManagedFlag: addresses are to be had by DHCPv6. */
  readonly managedAddressConfiguration: boolean;
  /** AdvOtherConfigFlag: other settings are to be had by DHCPv6. */
  readonly otherConfiguration: boolean;
  /** AdvLinkMTU in octets; 0 leaves the option out. */
  readonly linkMtu: number;
  /** AdvReachableTime: up to an hour; 0 leaves it to the hosts. */
  readonly reachableTimeMilliseconds: number;
  /** AdvRetransTimer; 0 leaves it to the hosts. */
  readonly retransTimerMilliseconds: number;
  /** AdvCurHopLimit; 0 leaves it to the hosts. */
  readonly curHopLimit: number;
  /** AdvDefaultLifetime: 0, this is no default router, or MaxRtrAdvInterval to 65535 (RFC 8319 section 4). */
  readonly routerLifetimeSeconds: number;
  /** RFC 4191 section 2.1. */
  readonly preference: Preference;
  /** AdvPrefixList. */
  readonly prefixes: readonly AdvertisedPrefix[];
  /** Destinations that this router leads to, default router or not (RFC 4191). */
  readonly routes: readonly AdvertisedRoute[];
  /** RFC 8106 section 5.1, in order of preference. */
  readonly dnsServers: readonly { readonly address: Ipv6Address; readonly lifetime: AdvertisedLifetime }[];
  /** RFC 8106 section 5.2. */
  readonly searchDomains: readonly { readonly name: string; readonly lifetime: AdvertisedLifetime }[];
  /** NAT64 prefixes (RFC 8781). Lifetimes are told in units of 8 seconds, up to 65528. */
  readonly pref64: readonly { readonly prefix: Ipv6Prefix; readonly lifetime: AdvertisedLifetime }[];
  /** RFC 9463. */
  readonly encryptedDns: readonly AdvertisedResolver[];
  /** URI of the captive portal's API (RFC 8910); undefined leaves the option out. */
  readonly captivePortal: string | undefined;
  /**
   * Answer a solicitation to its sender alone, as RFC 7772 section 5.1 wants for the sake of batteries, where the sender is
   * known and there are not too many at a time; otherwise all nodes get the answer.
   */
  readonly unicastAnswers: boolean;
  /** Octets of a message at most: the link's MTU less an IPv6 header. Longer ones are sent as several. */
  readonly maximumMessageSize: number;
}

/** One entry of AdvPrefixList (RFC 4861 section 6.2.1). */
export interface AdvertisedPrefix {
  /** Host bits do not matter. */
  readonly prefix: Ipv6Prefix;
  /** AdvOnLinkFlag. */
  readonly onLink: boolean;
  /** AdvAutonomousFlag. */
  readonly autonomous: boolean;
  /** P: hosts should rather ask for a prefix of their own by DHCPv6 (RFC 9762). */
  readonly dhcpv6PdPreferred: boolean;
  /** AdvValidLifetime. */
  readonly valid: AdvertisedLifetime;
  /** AdvPreferredLifetime. */
  readonly preferred: AdvertisedLifetime;
}

/** A route for hosts (RFC 4191 section 2.3). */
export interface AdvertisedRoute {
  readonly prefix: Ipv6Prefix;
  readonly preference: Preference;
  readonly lifetime: AdvertisedLifetime;
}

/** A resolver with encryption (RFC 9463 section 6.1). */
export interface AdvertisedResolver extends Omit<EncryptedDns, 'lifetimeSeconds'> {
  readonly lifetime: AdvertisedLifetime;
}
