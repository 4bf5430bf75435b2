import type { Ipv6Prefix } from '@router7/wire';
import type { Preference } from '../preference.ts';

/** A route by way of the advertising router, option 24 (RFC 4191 section 2.3). */
export interface RouteInformation {
  readonly prefix: Ipv6Prefix;
  readonly preference: Preference;
  /** 0 takes the route back; 0xffffffff is for ever. */
  readonly routeLifetimeSeconds: number;
}
