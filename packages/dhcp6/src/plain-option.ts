import type { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { Authentication } from './options/authentication.ts';
import type { ClientFqdn } from './options/client-fqdn.ts';
import type { ClientLinkLayerAddress } from './options/client-link-layer-address.ts';
import type { ClientNetworkInterface } from './options/client-network-interface.ts';
import type { EncryptedDns } from './options/encrypted-dns.ts';
import type { NtpServer } from './options/ntp-server.ts';
import type { PdExclude } from './options/pd-exclude.ts';
import type { RdnssSelection } from './options/rdnss-selection.ts';
import type { RemoteId } from './options/remote-id.ts';
import type { S46Portparams } from './options/s46-portparams.ts';
import type { Status } from './options/status.ts';
import type { VendorClass } from './options/vendor-class.ts';
import type { VendorOptions } from './options/vendor-options.ts';

/**
 * What the options are that hold no other options: by the option's name, which is that of IANA's "Option Codes" of DHCPv6
 * in camelCase; where it is shortened there, the title of its RFC section. Times are in seconds unless the name tells
 * otherwise; 0xffffffff is for ever.
 */
export interface PlainOptionValues {
  /** 1, RFC 9915 21.2; a DUID as it came: `decodeDuid` */
  readonly clientIdentifier: Uint8Array;
  /** 2, RFC 9915 21.3; a DUID as it came */
  readonly serverIdentifier: Uint8Array;
  /** 6, RFC 9915 21.7; option codes */
  readonly optionRequest: readonly number[];
  /** 7, RFC 9915 21.8; 0 to 255, 255 ends a client's wait for other servers */
  readonly preference: number;
  /** 8, RFC 9915 21.9; hundredths of a second since the exchange began, 0xffff for that or more */
  readonly elapsedTime: number;
  /** 11, RFC 9915 21.11 */
  readonly authentication: Authentication;
  /** 12, RFC 8415 21.12; obsolete */
  readonly serverUnicast: Ipv6Address;
  /** 13, RFC 9915 21.13; `statusOf` also knows what its absence means */
  readonly statusCode: Status;
  /** 14, RFC 9915 21.14 */
  readonly rapidCommit: true;
  /** 15, RFC 9915 21.15 */
  readonly userClass: readonly Uint8Array[];
  /** 16, RFC 9915 21.16; a message can have several, with different enterprise numbers */
  readonly vendorClass: VendorClass;
  /** 17, RFC 9915 21.17; a message can have several, with different enterprise numbers */
  readonly vendorOptions: VendorOptions;
  /** 18, RFC 9915 21.18; what a relay agent knows its interface by */
  readonly interfaceId: Uint8Array;
  /** 19, RFC 9915 21.19; type of the message to answer with: renew, rebind or informationRequest */
  readonly reconfigureMessage: number;
  /** 20, RFC 9915 21.20 */
  readonly reconfigureAccept: true;
  /** 21, RFC 3319 3.1; names in presentation form, in order of preference */
  readonly sipServerNames: readonly string[];
  /** 22, RFC 3319 3.2; in order of preference */
  readonly sipServerAddresses: readonly Ipv6Address[];
  /** 23, RFC 3646 3; in order of preference */
  readonly dnsServers: readonly Ipv6Address[];
  /** 24, RFC 3646 4; names in presentation form */
  readonly domainSearchList: readonly string[];
  /** 31, RFC 4075; in order of preference */
  readonly sntpServers: readonly Ipv6Address[];
  /** 32, RFC 9915 21.23; seconds */
  readonly informationRefreshTime: number;
  /** 37, RFC 4649 */
  readonly remoteId: RemoteId;
  /** 38, RFC 4580 */
  readonly subscriberId: Uint8Array;
  /** 39, RFC 4704 */
  readonly clientFqdn: ClientFqdn;
  /** 41, RFC 4833; as POSIX writes TZ, `CET-1CEST,M3.5.0,M10.5.0/3` */
  readonly posixTimezone: string;
  /** 42, RFC 4833; `Europe/Zurich` */
  readonly tzdbTimezone: string;
  /** 56, RFC 5908 */
  readonly ntpServer: readonly NtpServer[];
  /** 59, RFC 5970 3.1; a URL */
  readonly bootfileUrl: string;
  /** 60, RFC 5970 3.2 */
  readonly bootfileParameters: readonly string[];
  /** 61, RFC 5970 3.3; in order of preference, of IANA's "Processor Architecture Types" */
  readonly clientArchitectureTypes: readonly number[];
  /** 62, RFC 5970 3.4 */
  readonly clientNetworkInterface: ClientNetworkInterface;
  /** 64, RFC 6334; the name of a DS-Lite tunnel's far end, in presentation form */
  readonly aftrName: string;
  /** 67, RFC 6603; only inside of `iaPrefix`: `excludedPrefix` */
  readonly pdExclude: PdExclude;
  /** 74, RFC 6731 */
  readonly rdnssSelection: RdnssSelection;
  /** 79, RFC 6939; only in relay messages */
  readonly clientLinkLayerAddress: ClientLinkLayerAddress;
  /** 82, RFC 9915 21.24; seconds, to be ignored outside of 60 to 86400 */
  readonly solMaxRt: number;
  /** 83, RFC 9915 21.25; seconds, to be ignored outside of 60 to 86400 */
  readonly infMaxRt: number;
  /** 90, RFC 7598 4.2; a border relay, only inside of a container */
  readonly s46Br: Ipv6Address;
  /** 91, RFC 7598 4.3; default mapping rule, only inside of a container */
  readonly s46Dmr: Ipv6Prefix;
  /** 93, RFC 7598 4.5; only inside of a rule or a binding */
  readonly s46Portparams: S46Portparams;
  /** 103, RFC 8910; a URI */
  readonly captivePortal: string;
  /** 111, RFC 8026; option codes of S46 mechanisms in order of preference */
  readonly s46Priority: readonly number[];
  /** 112, RFC 8520; a URL */
  readonly mudUrl: string;
  /** 135, RFC 8357; the UDP port that a relay agent wants its answer at, or 0; only in relay messages */
  readonly relayPort: number;
  /** 136, RFC 8572; URIs of bootstrap servers */
  readonly sztpRedirect: readonly string[];
  /** 143, RFC 6153 */
  readonly andsfAddresses: readonly Ipv6Address[];
  /** 144, RFC 9463; a message has one for each resolver */
  readonly encryptedDns: EncryptedDns;
  /** 148, RFC 9686; addresses that hosts made themselves can be registered */
  readonly addressRegistrationEnable: true;
}
