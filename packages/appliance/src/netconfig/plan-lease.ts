import { Ipv4Address, Ipv4Prefix } from '@router7/wire';
import type { LinkAddress, Route } from '../system/rtnetlink.ts';
import { AddressProtocol, type KernelState, type Operation, RouteProtocol } from './kernel-state.ts';
import { keyOf, missingAddresses } from './plan-addresses.ts';
import type { UplinkLease } from './uplink-lease.ts';

const DEFAULT = new Ipv4Prefix(Ipv4Address.unspecified, 0);

/** What stands beside a lease. */
export interface LeaseSurroundings {
  /** Networks of the other interfaces: no route of the lease leads there. */
  readonly homes?: readonly Ipv4Prefix[];
  /** The default route leads through a tunnel: its other ends are reached by the lease's routers, all else is not. */
  readonly tunnelEnds?: readonly Ipv4Address[] | undefined;
}

/**
 * Plans address and routes of the uplink: what the lease wants is added, what an earlier lease left is removed, and
 * routes and addresses that others made on other links are not touched.
 *
 * @param lease undefined when there is none: then what an earlier one left is removed
 * @param state without the addresses that the link is configured to have besides, such as one in the modem's network
 */
export function planLease(
  link: number,
  lease: UplinkLease | undefined,
  state: KernelState,
  { homes = [], tunnelEnds }: LeaseSurroundings = {},
): readonly Operation[] {
  const present = state.addresses.filter(({ link: index, prefix }) => index === link && prefix instanceof Ipv4Prefix);
  const routes = state.routes.filter(
    (route) => route.link === link && route.protocol === RouteProtocol.dhcp && route.destination instanceof Ipv4Prefix,
  );
  // On another link, which was the uplink once.
  const elsewhere = state.addresses
    .filter((there) => there.link !== link && there.protocol === AddressProtocol.leased)
    .map((there) => ({ kind: 'delete-address', address: there }) as const);
  if (lease === undefined) {
    const sources = new Set(routes.map((route) => String(route.preferredSource)));
    return [
      ...routes.map((route) => ({ kind: 'delete-route', route }) as const),
      ...present
        .filter((there) => there.protocol === AddressProtocol.leased || sources.has(String(there.prefix.address)))
        .map((there) => ({ kind: 'delete-address', address: there }) as const),
      ...elsewhere,
    ];
  }
  const address: LinkAddress = { link, prefix: lease.address, protocol: AddressProtocol.leased };
  const wanted = wantedRoutes(link, lease, homes, tunnelEnds);
  const operations: Operation[] = [...missingAddresses([address], state)];
  for (const route of wanted) {
    if (!routes.some((there) => sameRoute(there, route))) operations.push({ kind: 'replace-route', route });
  }
  for (const route of routes) {
    if (!wanted.some((want) => want.destination.equals(route.destination as never))) {
      operations.push({ kind: 'delete-route', route });
    }
  }
  // Last: until the new address and routes are there, the old ones still serve.
  for (const there of present) {
    if (keyOf(there) !== keyOf(address)) operations.push({ kind: 'delete-address', address: there });
  }
  return [...operations, ...elsewhere];
}

/** This host, and what is no destination of its own (RFC 6890): loopback, multicast and what is above it. */
const NEVER_ROUTED: readonly Ipv4Prefix[] = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4'].map(
  Ipv4Prefix.parse,
);

/** Whether two prefixes have addresses in common. */
function overlap(a: Ipv4Prefix, b: Ipv4Prefix): boolean {
  return a.length < b.length ? a.contains(b.address) : b.contains(a.address);
}

function wantedRoutes(
  link: number,
  lease: UplinkLease,
  homes: readonly Ipv4Prefix[],
  tunnelEnds: readonly Ipv4Address[] | undefined,
): readonly Route[] {
  const source = lease.address.address;
  const wanted = new Map<string, Route>();
  const add = (destination: Ipv4Prefix, gateway: Ipv4Address | undefined): void => {
    const network = new Ipv4Prefix(destination.network, destination.length);
    if (wanted.has(network.toString())) return; // the first of two routes to one destination is the preferred one
    wanted.set(network.toString(), {
      link,
      destination: network,
      gateway,
      protocol: RouteProtocol.dhcp,
      onLink: gateway === undefined,
      preferredSource: source,
    });
  };
  const via = (destination: Ipv4Prefix, router: Ipv4Address): void => {
    // A provider has no say about the home's own networks. (A default route is the way to all that is not known better.)
    if (destination.length > 0 && [...homes, ...NEVER_ROUTED].some((other) => overlap(other, destination))) return;
    // RFC 3442: "If the router address is 0.0.0.0, the destination is on the link".
    if (router.isUnspecified) {
      add(destination, undefined);
      return;
    }
    if (homes.some((home) => home.contains(router))) return;
    // A host route makes every gateway reachable: one outside of the subnet (a /32 lease) has no other way.
    add(new Ipv4Prefix(router, 32), undefined);
    if (destination.length > 0 || tunnelEnds === undefined) add(destination, router);
    // What is on the link, or at home, has a better way already.
    else
      for (const end of tunnelEnds)
        if (![lease.address, ...homes].some((net) => net.contains(end))) add(new Ipv4Prefix(end, 32), router);
  };
  if (lease.classlessRoutes !== undefined) {
    for (const { destination, router } of lease.classlessRoutes) via(destination, router);
  } else {
    const [router] = lease.routers;
    if (router !== undefined && !router.isUnspecified) via(DEFAULT, router);
  }
  return [...wanted.values()];
}

/** Whether a route that is there is the one that is wanted; a metric counts where one is wanted. */
export function sameRoute(there: Route, wanted: Route): boolean {
  const [a, b] = [there, wanted];
  return (
    a.link === b.link &&
    (b.metric === undefined || a.metric === b.metric) &&
    a.protocol === b.protocol &&
    a.onLink === b.onLink &&
    a.destination.toString() === b.destination.toString() &&
    String(a.gateway) === String(b.gateway) &&
    String(a.preferredSource) === String(b.preferredSource)
  );
}
