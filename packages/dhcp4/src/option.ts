import type { DecodeErrorCode, Ipv4Address, Ipv4Prefix, Ipv6Prefix } from '@router7/wire';
import type { ClientFqdn } from './options/client-fqdn.ts';
import type { ClientMachineIdentifier } from './options/client-machine-identifier.ts';
import type { ClientNetworkInterface } from './options/client-network-interface.ts';
import type { EncryptedDns } from './options/encrypted-dns.ts';
import type { RelayAgentInformation } from './options/relay-agent-information.ts';
import type { SipServers } from './options/sip-servers.ts';
import type { SixRd } from './options/six-rd.ts';
import type { SubOption } from './options/sub-option.ts';
import type { VendorClass, VendorInformation } from './options/vendor-identifying.ts';

/** A route to a destination by way of a router on the link. */
export interface Route {
  readonly destination: Ipv4Prefix;
  /** The next hop; 0.0.0.0 says that the destination is on the link itself (RFC 3442). */
  readonly router: Ipv4Address;
}

/**
 * What each option's value is, by the option's name: IANA's "BOOTP Vendor Extensions and DHCP Options" in camelCase.
 * Times are in seconds. Text is UTF-8; an option whose octets are not is kept as `malformed`.
 */
export interface OptionValues {
  /** 1, RFC 2132 3.3 */
  readonly subnetMask: Ipv4Address;
  /** 3, RFC 2132 3.5; in order of preference */
  readonly router: readonly Ipv4Address[];
  /** 6, RFC 2132 3.8; in order of preference */
  readonly domainNameServer: readonly Ipv4Address[];
  /** 12, RFC 2132 3.14 */
  readonly hostName: string;
  /** 15, RFC 2132 3.17 */
  readonly domainName: string;
  /** 26, RFC 2132 5.1; octets, at least 68 */
  readonly interfaceMtu: number;
  /** 28, RFC 2132 5.3 */
  readonly broadcastAddress: Ipv4Address;
  /** 33, RFC 2132 5.8; destinations are single hosts or classful networks */
  readonly staticRoute: readonly { readonly destination: Ipv4Address; readonly router: Ipv4Address }[];
  /** 42, RFC 2132 8.3 */
  readonly ntpServers: readonly Ipv4Address[];
  /** 43, RFC 2132 8.4; as the vendor defines it */
  readonly vendorSpecificInformation: Uint8Array;
  /** 50, RFC 2132 9.1 */
  readonly requestedIpAddress: Ipv4Address;
  /** 51, RFC 2132 9.2; 0xffffffff is for ever */
  readonly ipAddressLeaseTime: number;
  /** 53, RFC 2132 9.6 */
  readonly dhcpMessageType: number;
  /** 54, RFC 2132 9.7 */
  readonly serverIdentifier: Ipv4Address;
  /** 55, RFC 2132 9.8; option codes in order of preference */
  readonly parameterRequestList: readonly number[];
  /** 56, RFC 2132 9.9 */
  readonly message: string;
  /** 57, RFC 2132 9.10; octets, at least 576 */
  readonly maximumDhcpMessageSize: number;
  /** 58, RFC 2132 9.11: T1 */
  readonly renewalTime: number;
  /** 59, RFC 2132 9.12: T2 */
  readonly rebindingTime: number;
  /** 60, RFC 2132 9.13 */
  readonly vendorClassIdentifier: string;
  /** 61, RFC 2132 9.14 and RFC 4361; the type octet included */
  readonly clientIdentifier: Uint8Array;
  /** 66, RFC 2132 9.4 */
  readonly tftpServerName: string;
  /** 67, RFC 2132 9.5 */
  readonly bootfileName: string;
  /** 77, RFC 3004 */
  readonly userClass: readonly Uint8Array[];
  /** 80, RFC 4039 */
  readonly rapidCommit: true;
  /** 81, RFC 4702 */
  readonly clientFqdn: ClientFqdn;
  /** 82, RFC 3046 */
  readonly relayAgentInformation: RelayAgentInformation;
  /** 93, RFC 4578 2.1; architecture types of IANA's processor registry */
  readonly clientSystemArchitecture: readonly number[];
  /** 94, RFC 4578 2.2 */
  readonly clientNetworkInterface: ClientNetworkInterface;
  /** 97, RFC 4578 2.3 */
  readonly clientMachineIdentifier: ClientMachineIdentifier;
  /** 108, RFC 8925: V6ONLY_WAIT in seconds */
  readonly ipv6OnlyPreferred: number;
  /** 114, RFC 8910; a URI */
  readonly captivePortal: string;
  /** 116, RFC 2563; 0 do not, 1 do auto-configure a link-local address */
  readonly autoConfigure: number;
  /** 118, RFC 3011 */
  readonly subnetSelection: Ipv4Address;
  /** 119, RFC 3397; names in presentation form */
  readonly domainSearch: readonly string[];
  /** 120, RFC 3361 */
  readonly sipServers: SipServers;
  /** 121, RFC 3442 */
  readonly classlessStaticRoute: readonly Route[];
  /** 124, RFC 3925 3 */
  readonly vendorIdentifyingClass: readonly VendorClass[];
  /** 125, RFC 3925 4 */
  readonly vendorIdentifyingInformation: readonly VendorInformation[];
  /** 138, RFC 5417 */
  readonly capwapAccessControllers: readonly Ipv4Address[];
  /** 150, RFC 5859 */
  readonly tftpServerAddresses: readonly Ipv4Address[];
  /** 162, RFC 9463 */
  readonly encryptedDns: readonly EncryptedDns[];
  /** 175, tentatively Etherboot's and iPXE's: options of their own; pad and end are not among them */
  readonly etherboot: readonly SubOption[];
  /** 212, RFC 5969 */
  readonly sixRd: SixRd;
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
  readonly code: number;
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

/** A prefix as option 212 carries it. */
export type { Ipv6Prefix };
