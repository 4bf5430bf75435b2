import type { Ipv6Address } from '@router7/wire';
import type { Authentication } from './options/authentication.ts';
import type { PdExclude } from './options/pd-exclude.ts';
import type { Status } from './options/status.ts';

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
  /** 19, RFC 9915 21.19; type of the message to answer with: renew, rebind or informationRequest */
  readonly reconfigureMessage: number;
  /** 20, RFC 9915 21.20 */
  readonly reconfigureAccept: true;
  /** 23, RFC 3646 3; in order of preference */
  readonly dnsServers: readonly Ipv6Address[];
  /** 24, RFC 3646 4; names in presentation form */
  readonly domainSearchList: readonly string[];
  /** 31, RFC 4075; in order of preference */
  readonly sntpServers: readonly Ipv6Address[];
  /** 32, RFC 9915 21.23; seconds */
  readonly informationRefreshTime: number;
  /** 67, RFC 6603; only inside of `iaPrefix`: `excludedPrefix` */
  readonly pdExclude: PdExclude;
  /** 82, RFC 9915 21.24; seconds, to be ignored outside of 60 to 86400 */
  readonly solMaxRt: number;
  /** 83, RFC 9915 21.25; seconds, to be ignored outside of 60 to 86400 */
  readonly infMaxRt: number;
}
