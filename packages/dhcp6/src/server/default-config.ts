import type { LinkConfig, ServerConfig } from './config.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The settings of a home's router: stateless unless a link says otherwise, with the lifetimes of
 * RFC 9096 section 3.4.
 */
export function defaultServerConfig(duid: Uint8Array): ServerConfig {
  return {
    duid,
    // Section 18.3.9: it "MUST default to 0 unless otherwise configured by the server administrator".
    preference: 0,
    rapidCommit: true,
    reconfigure: true,
    links: [],
    delegations: [],
    shortestPrefixLength: 60,
    prefixLength: 64,
    preferredLifetimeSeconds: 2700,
    validLifetimeSeconds: 5400,
    leasesPerNeighbour: 1024,
    declineHoldMs: DAY_MS,
  };
}

/** A link that has no prefixes yet: parameters for everyone, prefixes for routers, addresses for nobody. */
export function defaultLinkConfig(name: string): LinkConfig {
  return {
    name,
    prefixes: [],
    addresses: false,
    delegates: true,
    firstHost: 0x1000,
    lastHost: 0xffff,
    reservations: [],
    kept: [],
    options: [],
  };
}
