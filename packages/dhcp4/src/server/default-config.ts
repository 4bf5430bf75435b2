import { EncodeError, type Ipv4Prefix } from '@router7/wire';
import type { AddressRange } from './address-pool.ts';
import type { ServerConfig, SubnetConfig } from './config.ts';

/** Addresses of a home's pool (row D4S-02). */
const POOL_SIZE = 230;
const LEASE_SECONDS = 20 * 60;
const DAY_SECONDS = 24 * 60 * 60;

/**
 * The settings of a home's router: the one server of its subnet, router and name server for everyone, domain `lan`.
 *
 * @param prefix the router's own address with the subnet's length
 * @throws EncodeError `bad-value` when the subnet has no room for clients (a length of 31 or more)
 */
export function defaultServerConfig(prefix: Ipv4Prefix): ServerConfig {
  return {
    serverIdentifier: prefix.address,
    subnets: [defaultSubnetConfig(prefix)],
    authoritative: true,
    rapidCommit: false,
    probe: false,
    // Longer than a client takes to choose: Windows and dhclient collect offers for a few seconds.
    offerHoldMs: 30_000,
    declineHoldMs: DAY_SECONDS * 1000,
    maximumPendingProbes: 64,
    reservedHostNames: ['router7', 'router', 'gateway'],
  };
}

/**
 * The settings of one subnet: 230 addresses behind the router's own or as many as there are, 20 minutes, options 1, 3, 6,
 * 15, 28 and 119.
 *
 * @param prefix the router's own address with the subnet's length
 * @throws EncodeError `bad-value` when the subnet has no room for clients
 */
export function defaultSubnetConfig(prefix: Ipv4Prefix): SubnetConfig {
  return {
    prefix,
    pools: [defaultPool(prefix)],
    leaseTimeSeconds: LEASE_SECONDS,
    maximumLeaseTimeSeconds: DAY_SECONDS,
    options: [
      { kind: 'subnetMask', value: prefix.mask },
      { kind: 'router', value: [prefix.address] },
      { kind: 'domainNameServer', value: [prefix.address] },
      { kind: 'domainName', value: 'lan' },
      { kind: 'broadcastAddress', value: prefix.broadcast },
      { kind: 'domainSearch', value: ['lan'] },
    ],
    reservations: [],
    classes: [],
  };
}

/** From the address behind the router's on; before it, when there is more room there. */
function defaultPool({ address, length, network, broadcast }: Ipv4Prefix): AddressRange {
  if (length > 30) throw new EncodeError('bad-value', `a /${length} has no room for clients`);
  const after = broadcast.value - 1 - address.value;
  const before = address.value - network.value - 1;
  if (after >= Math.min(POOL_SIZE, before)) {
    return { first: address.plus(1), last: address.plus(Math.min(POOL_SIZE, after)) };
  }
  return { first: address.plus(-Math.min(POOL_SIZE, before)), last: address.plus(-1) };
}
