import { type HostEngine, Preference } from '@router7/ndp';
import type { UplinkRouter, UplinkRouters } from '../state/uplink-routers.ts';

const PREFERENCES: Readonly<Record<number, UplinkRouter['preference']>> = {
  [Preference.low]: 'low',
  [Preference.medium]: 'medium',
  [Preference.high]: 'high',
};

/** What a host has heard, as routers.json has it: whoever says it, once. */
export function uplinkRecord(host: HostEngine): UplinkRouters {
  return {
    routers: host.heard('router').map((router) => ({
      address: `${router.address}`,
      default: router.isDefault,
      preference: PREFERENCES[router.preference] ?? 'medium',
      managed: router.managedAddressConfiguration,
      other: router.otherConfiguration,
      mtu: router.mtu,
      captive_portal: router.captivePortal,
    })),
    prefixes: unique(host.heard('addressPrefix').flatMap(({ prefix, preferred }) => (preferred ? [`${prefix}`] : []))),
    dns: unique(host.heard('dnsServer').map(({ address }) => `${address}`)),
    domain_search: unique(host.heard('searchDomain').map(({ domainName }) => domainName)),
    nat64: unique(host.heard('pref64').map(({ prefix }) => `${prefix}`)),
  };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
