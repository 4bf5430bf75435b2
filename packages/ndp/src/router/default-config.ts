import type { Ipv6Address } from '@router7/wire';
import { Preference } from '../preference.ts';
import type { RouterConfig } from './config.ts';

/** The longest preferred lifetime that hosts are told, 45 minutes (RFC 9096 section 3.4, L-16 of RFC 7084). */
export const ND_PREFERRED_LIMIT_SECONDS = 2700;
/** The longest valid lifetime that hosts are told, 90 minutes. */
export const ND_VALID_LIMIT_SECONDS = 5400;

/**
 * A router on Ethernet that advertises nothing but itself. Change a field by `{ ...defaultRouterConfig(address, mac), ... }`.
 *
 * Where RFC 4861's defaults have been improved upon: the lifetime is RFC 9096's ("SHOULD set the Router Lifetime of Router
 * Advertisement messages to ND_PREFERRED_LIMIT"), the interval close enough to its maximum for at most seven advertisements
 * an hour (RFC 7772 section 5.1), and answers go to who asked.
 */
export function defaultRouterConfig(linkLocalAddress: Ipv6Address, linkLayerAddress?: Uint8Array): RouterConfig {
  return {
    linkLocalAddress,
    linkLayerAddress,
    maxRtrAdvIntervalSeconds: 600,
    minRtrAdvIntervalSeconds: 450,
    managedAddressConfiguration: false,
    otherConfiguration: false,
    linkMtu: 0,
    reachableTimeMilliseconds: 0,
    retransTimerMilliseconds: 0,
    curHopLimit: 64,
    routerLifetimeSeconds: ND_PREFERRED_LIMIT_SECONDS,
    preference: Preference.medium,
    prefixes: [],
    routes: [],
    dnsServers: [],
    searchDomains: [],
    pref64: [],
    encryptedDns: [],
    captivePortal: undefined,
    unicastAnswers: true,
    maximumMessageSize: 1460,
  };
}
