import type { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { EncryptedDns } from '../options/encrypted-dns.ts';
import type { Preference } from '../preference.ts';

/**
 * A router that has advertised itself. What an advertisement left open (0, or no option) stays as one before said: "The
 * absence of an option ... does not mean" anything else (RFC 4861 section 6.3.4).
 */
export interface HeardRouter {
  readonly kind: 'router';
  /** Link-local. */
  readonly address: Ipv6Address;
  /** Undefined as long as it has not told. */
  readonly linkLayerAddress: Uint8Array | undefined;
  /** Whether it can be used as a default router until `until`. */
  readonly isDefault: boolean;
  readonly preference: Preference;
  readonly managedAddressConfiguration: boolean;
  readonly otherConfiguration: boolean;
  /** Undefined where it leaves that to hosts, as for the next three. */
  readonly curHopLimit: number | undefined;
  readonly reachableTimeMilliseconds: number | undefined;
  readonly retransTimerMilliseconds: number | undefined;
  /** At least 1280 octets. */
  readonly mtu: number | undefined;
  /** A URI (RFC 8910). */
  readonly captivePortal: string | undefined;
  /** When its lifetime is over, in monotonic milliseconds; one that is no default router is forgotten then. */
  readonly until: number;
}

/** A prefix whose addresses are neighbors (RFC 4861 section 6.3.4). */
export interface HeardOnLinkPrefix {
  readonly kind: 'onLinkPrefix';
  /** Without host bits. */
  readonly prefix: Ipv6Prefix;
  /** When it ceases to be so, in monotonic milliseconds; Infinity for ever. */
  readonly until: number;
}

/** A prefix to form addresses from (RFC 4862 section 5.5.3). */
export interface HeardAddressPrefix {
  readonly kind: 'addressPrefix';
  /** Of length 64, without host bits. */
  readonly prefix: Ipv6Prefix;
  /** P: a prefix of one's own by DHCPv6 is preferred to addresses from here (RFC 9762). */
  readonly dhcpv6PdPreferred: boolean;
  /** False once the addresses are deprecated, after `preferredUntil`. */
  readonly preferred: boolean;
  /** In monotonic milliseconds; Infinity for ever. */
  readonly preferredUntil: number;
  /** When addresses become invalid, in monotonic milliseconds; Infinity for ever. */
  readonly until: number;
}

/** What a router says about something for some time. */
interface Lasting {
  /** Who says so. */
  readonly router: Ipv6Address;
  /** In monotonic milliseconds; Infinity for ever. */
  readonly until: number;
}

/** A route by way of a router (RFC 4191). One for ::/0 stands in place of what its router's header says. */
export interface HeardRoute extends Lasting {
  readonly kind: 'route';
  readonly prefix: Ipv6Prefix;
  readonly preference: Preference;
}

/** A recursive DNS server (RFC 8106); a link-local address belongs to the link where it was heard. */
export interface HeardDnsServer extends Lasting {
  readonly kind: 'dnsServer';
  readonly address: Ipv6Address;
}

/** A domain to search in (RFC 8106). */
export interface HeardSearchDomain extends Lasting {
  readonly kind: 'searchDomain';
  readonly domainName: string;
}

/** A NAT64 prefix (RFC 8781). */
export interface HeardPref64 extends Lasting {
  readonly kind: 'pref64';
  readonly prefix: Ipv6Prefix;
}

/** A resolver that is reached over an encrypted transport (RFC 9463). */
export interface HeardEncryptedResolver extends Lasting {
  readonly kind: 'encryptedResolver';
  readonly resolver: Omit<EncryptedDns, 'lifetimeSeconds'>;
}

/** Something that routers have said. */
export type Heard =
  | HeardRouter
  | HeardOnLinkPrefix
  | HeardAddressPrefix
  | HeardRoute
  | HeardDnsServer
  | HeardSearchDomain
  | HeardPref64
  | HeardEncryptedResolver;

/** What it is about, of {@link Heard}. */
export type HeardKind = Heard['kind'];

/** What tells two of a kind apart. */
export function heardKey(heard: Heard): string {
  switch (heard.kind) {
    case 'router':
      return `router ${heard.address.value}`;
    case 'onLinkPrefix':
    case 'addressPrefix':
      return `${heard.kind} ${heard.prefix.address.value}/${heard.prefix.length}`;
    case 'route':
    case 'pref64':
      return `${heard.kind} ${heard.router.value} ${heard.prefix.address.value}/${heard.prefix.length}`;
    case 'dnsServer':
      return `${heard.kind} ${heard.router.value} ${heard.address.value}`;
    case 'searchDomain':
      return `${heard.kind} ${heard.router.value} ${heard.domainName}`;
    case 'encryptedResolver':
      return `${heard.kind} ${heard.router.value} ${heard.resolver.authenticationDomainName}`;
  }
}
