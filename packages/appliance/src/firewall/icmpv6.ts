/*
 * ICMPv6 by what a firewall does with it (RFC 4890). Errors that belong to a known flow pass as "related" before any of
 * this is asked; those that do not are dropped (RFC 6092 REC-10).
 */

/** Section 4.4.1: a host without these has no neighbours. RFC 4861 demands a hop limit of 255 of each. */
export const neighborDiscovery: readonly (string | number)[] = [
  'nd-router-solicit',
  'nd-router-advert',
  'nd-neighbor-solicit',
  'nd-neighbor-advert',
  'nd-redirect',
  'ind-neighbor-solicit',
  'ind-neighbor-advert',
  // SEND (RFC 3971): certification path solicitation and advertisement.
  148,
  149,
];

/** Of those, what the provider's routers have to say. A redirect is not among them: this is a router. */
export const neighborDiscoveryOutside: readonly (string | number)[] = [
  'nd-router-advert',
  'nd-neighbor-solicit',
  'nd-neighbor-advert',
];

/** Sections 4.4.1: listener discovery (RFC 2710, RFC 3810), with a hop limit of 1. */
export const listenerDiscovery: readonly (string | number)[] = [
  'mld-listener-query',
  'mld-listener-report',
  'mld-listener-done',
  'mld2-listener-report',
];

/**
 * Sections 4.3.1 and 4.3.2: what comes in to a host of the home without having been asked for. Home agent address
 * discovery (144, 145) and mobile prefix solicitation (146, 147) are for networks that have a home agent: not here.
 */
export const forwardedQueries: readonly (string | number)[] = ['echo-request'];
