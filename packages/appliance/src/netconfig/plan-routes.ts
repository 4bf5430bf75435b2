import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { InterfaceConfig } from '../state/interfaces.ts';
import type { Route } from '../system/rtnetlink.ts';
import { type KernelState, type Operation, RouteProtocol } from './kernel-state.ts';
import type { Match, Matches } from './match-links.ts';
import { keyOf } from './plan-addresses.ts';
import { planLease, sameRoute } from './plan-lease.ts';
import {
  configuredAddresses,
  endpointOf,
  networkOf,
  parseAddress,
  parsePrefix,
  UPLINK,
  type Wanted,
} from './wanted.ts';

/** Better than those that the kernel makes of router advertisements, which have 1024. */
const TUNNEL_METRIC_V6 = 512;

/**
 * Plans the routes of interfaces.json and of the lease. With a default route through WireGuard the lease's own is not
 * wanted; instead the tunnel's other ends are reached by the uplink.
 */
export function planRoutes(wanted: Wanted, matches: Matches, state: KernelState): readonly Operation[] {
  const uplink = matches.matched.find(({ config }) => config.name === UPLINK);
  const endpoints = wanted.wireguard.interfaces.flatMap(({ peers }) =>
    peers.flatMap((peer) => endpointOf(peer, wanted.resolved)?.address ?? []),
  );
  const routes = matches.matched.flatMap(({ config, link }) => configuredRoutes(config, link.index));
  if (uplink !== undefined && hasTunnel(wanted, '::/0')) {
    const v6 = endpoints.filter((address) => address instanceof Ipv6Address);
    routes.push(...hostRoutesV6(v6, uplink, state));
  }
  const operations: Operation[] = routes
    .filter((route) => !state.routes.some((there) => sameRoute(there, route)))
    .map((route) => ({ kind: 'replace-route', route }));
  if (uplink !== undefined) {
    const v4 = endpoints.filter((address) => address instanceof Ipv4Address);
    operations.push(...planUplink(wanted, uplink, matches, hasTunnel(wanted, '0.0.0.0/0') ? v4 : undefined, state));
  }
  if (wanted.complete) {
    for (const route of state.routes) {
      if (route.protocol !== RouteProtocol.configured) continue;
      if (!routes.some((want) => sameRoute(route, want))) operations.push({ kind: 'delete-route', route });
    }
  }
  return operations;
}

function planUplink(
  wanted: Wanted,
  { config, link }: Match,
  matches: Matches,
  tunnelEnds: readonly Ipv4Address[] | undefined,
  state: KernelState,
): readonly Operation[] {
  if (wanted.lease === 'unknown') return [];
  const configured = configuredAddresses(config);
  // An uplink with an address of its own is not to be given one.
  const lease = config.addr === undefined || config.addr === '' ? wanted.lease : undefined;
  const homes = matches.matched
    .filter((match) => match.config !== config)
    .flatMap((match) => configuredAddresses(match.config))
    .filter((prefix) => prefix instanceof Ipv4Prefix);
  const kept = new Set(configured.map((prefix) => keyOf({ link: link.index, prefix })));
  const others = state.addresses.filter((address) => !kept.has(keyOf(address)));
  const operations = planLease(link.index, lease, { ...state, addresses: others }, { homes, tunnelEnds });
  // Leased and configured: then it is the configuration's.
  return operations.filter((operation) => operation.kind !== 'add-address' || !kept.has(keyOf(operation.address)));
}

/** Whether a WireGuard interface (as router7: its name begins with wg) has this route. */
function hasTunnel({ interfaces }: Wanted, destination: string): boolean {
  return interfaces.interfaces.some(
    ({ name, extra_routes = [] }) =>
      name.startsWith('wg') &&
      extra_routes.some((route) => networkOf(parsePrefix(route.destination)).toString() === destination),
  );
}

/** Routes to the other ends of a tunnel, by the way that the provider's router advertisements have told. */
function hostRoutesV6(addresses: readonly Ipv6Address[], uplink: Match, state: KernelState): readonly Route[] {
  const advertised = state.routes.find(
    (route) =>
      route.link === uplink.link.index &&
      route.protocol === RouteProtocol.ra &&
      route.destination.toString() === '::/0',
  );
  if (advertised === undefined) return [];
  return [...new Set(addresses.map(String))].map((address) => ({
    link: uplink.link.index,
    destination: Ipv6Prefix.parse(`${address}/128`),
    gateway: advertised.gateway,
    protocol: RouteProtocol.configured,
    onLink: false,
    preferredSource: undefined,
  }));
}

function configuredRoutes(entry: InterfaceConfig, link: number): Route[] {
  return (entry.extra_routes ?? []).map(({ destination, gateway }) => {
    const network = networkOf(parsePrefix(destination));
    const hop = gateway === undefined || gateway === '' ? undefined : parseAddress(gateway);
    const tunnel = entry.name.startsWith('wg') && network instanceof Ipv6Prefix && network.length === 0;
    return {
      link,
      destination: network,
      gateway: hop,
      protocol: RouteProtocol.configured,
      // The kernel gives IPv6 routes no scope.
      onLink: hop === undefined && network instanceof Ipv4Prefix,
      preferredSource: undefined,
      ...(tunnel && { metric: TUNNEL_METRIC_V6 }),
    };
  });
}
