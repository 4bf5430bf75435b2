import type { DecodeErrorCode } from '@router7/wire';
import type { DnsSearchList } from './options/dns-search-list.ts';
import type { EncryptedDns } from './options/encrypted-dns.ts';
import type { Pref64 } from './options/pref64.ts';
import type { PrefixInformation } from './options/prefix-information.ts';
import type { RecursiveDnsServers } from './options/recursive-dns-servers.ts';
import type { RouteInformation } from './options/route-information.ts';

/**
 * What each option's value is, by the option's name: IANA's "IPv6 Neighbor Discovery Option Formats" in camelCase.
 * The type in front of each is the option's type octet.
 */
export interface OptionValues {
  /** 1, RFC 4861 4.6.1; all octets behind the length: on Ethernet six (RFC 2464 section 6) */
  readonly sourceLinkLayerAddress: Uint8Array;
  /** 2, RFC 4861 4.6.1; as above */
  readonly targetLinkLayerAddress: Uint8Array;
  /** 3, RFC 4861 4.6.2 */
  readonly prefixInformation: PrefixInformation;
  /** 4, RFC 4861 4.6.3; as much as fits of the packet that was redirected, from its IPv6 header on */
  readonly redirectedHeader: Uint8Array;
  /** 5, RFC 4861 4.6.4; octets */
  readonly mtu: number;
  /** 14, RFC 3971 5.3.2; at least 6 octets; also tells a looped-back DAD probe (RFC 7527) */
  readonly nonce: Uint8Array;
  /** 24, RFC 4191 2.3 */
  readonly routeInformation: RouteInformation;
  /** 25, RFC 8106 5.1 */
  readonly rdnss: RecursiveDnsServers;
  /** 26, RFC 5175; the flags behind those of the header, bit 8 first: six octets */
  readonly raFlagsExtension: Uint8Array;
  /** 31, RFC 8106 5.2 */
  readonly dnssl: DnsSearchList;
  /** 37, RFC 8910 2.3; a URI */
  readonly captivePortal: string;
  /** 38, RFC 8781 */
  readonly pref64: Pref64;
  /** 144, RFC 9463 6.1 */
  readonly encryptedDns: EncryptedDns;
}

/** Name of an option that has a type of its own. */
export type OptionName = keyof OptionValues;

/** An option with a decoded value. */
export type KnownOption = {
  readonly [N in OptionName]: { readonly kind: N; readonly value: OptionValues[N] };
}[OptionName];

/** An option that has no type of its own here: its octets survive as they are. */
export interface RawOption {
  readonly kind: 'raw';
  /** The option's type octet. */
  readonly code: number;
  /** What is behind type and length: 6 octets, or 8 more, or 16, ... */
  readonly data: Uint8Array;
}

/** An option with a type of its own whose octets break its definition: they survive, and {@link error} tells why. */
export interface MalformedOption {
  readonly kind: 'malformed';
  readonly code: number;
  readonly data: Uint8Array;
  readonly error: DecodeErrorCode;
}

/** One option of a message. */
export type Option = KnownOption | RawOption | MalformedOption;
