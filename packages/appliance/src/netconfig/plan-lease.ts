import { Ipv4Address, Ipv4Prefix, type Ipv6Prefix } from '@router7/wire';
import type { LinkAddress, Route } from '../system/rtnetlink.ts';
import { type KernelState, type Operation, RouteProtocol } from './kernel-state.ts';

/** What a DHCPv4 lease wants in the kernel. */
export interface UplinkLease {
  /** The leased address with the subnet's length. */
  readonly address: Ipv4Prefix;
  /** Option 3; the first one counts. */
  readonly routers: readonly Ipv4Address[];
  /** Option 121; where it is there, option 3 is not looked at (RFC 3442). */
  readonly classlessRoutes: readonly { readonly destination: Ipv4Prefix; readonly router: Ipv4Address }[] | undefined;
}

const DEFAULT = new Ipv4Prefix(Ipv4Address.unspecified, 0);

/**
 * Plans address and routes of the uplink: what the lease wants is added, what an earlier lease left is removed, and
 * routes and addresses that others made on other links are not touched.
 *
 * @param lease undefined when there is none: then what an earlier one left is removed
 * @param configured addresses that the link has besides, such as one in the network of the modem: these stay
 * @param homes networks of the other interfaces: no route of the lease leads there
 */
export function planLease(
  link: number,
  lease: UplinkLease | undefined,
  state: KernelState,
  configured: readonly (Ipv4Prefix | Ipv6Prefix)[] = [],
  homes: readonly Ipv4Prefix[] = [],
): readonly Operation[] {
  const kept = new Set(configured.map(String));
  const present = state.addresses.filter(
    ({ link: index, prefix }) => index === link && prefix instanceof Ipv4Prefix && !kept.has(prefix.toString()),
  );
  const routes = state.routes.filter(
    (route) => route.link === link && route.protocol === RouteProtocol.dhcp && route.destination instanceof Ipv4Prefix,
  );
  if (lease === undefined) {
    const sources = new Set(routes.map((route) => String(route.preferredSource)));
    return [
      ...routes.map((route) => ({ kind: 'delete-route', route }) as const),
      ...present
        .filter((address) => sources.has(String(address.prefix.address)))
        .map((address) => ({ kind: 'delete-address', address }) as const),
    ];
  }
  const address: LinkAddress = { link, prefix: lease.address };
  const wanted = wantedRoutes(link, lease, homes);
  const operations: Operation[] = [];
  if (!state.addresses.some((there) => sameAddress(there, address))) operations.push({ kind: 'add-address', address });
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
    if (!sameAddress(there, address)) operations.push({ kind: 'delete-address', address: there });
  }
  return operations;
}

/** This host, and what is no destination of its own (RFC 6890): loopback, multicast and what is above it. */
const NEVER_ROUTED: readonly Ipv4Prefix[] = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4'].map(
  Ipv4Prefix.parse,
);

/** Whether two prefixes have addresses in common. */
function overlap(a: Ipv4Prefix, b: Ipv4Prefix): boolean {
  return a.length < b.length ? a.contains(b.address) : b.contains(a.address);
}

function wantedRoutes(link: number, lease: UplinkLease, homes: readonly Ipv4Prefix[]): readonly Route[] {
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
    add(destination, router);
  };
  if (lease.classlessRoutes !== undefined) {
    for (const { destination, router } of lease.classlessRoutes) via(destination, router);
  } else {
    const [router] = lease.routers;
    if (router !== undefined && !router.isUnspecified) via(DEFAULT, router);
  }
  return [...wanted.values()];
}

function sameAddress(a: LinkAddress, b: LinkAddress): boolean {
  return a.link === b.link && a.prefix.toString() === b.prefix.toString();
}

/** Whether two routes are the same in all that is compared here. */
export function sameRoute(a: Route, b: Route): boolean {
  return (
    a.link === b.link &&
    a.protocol === b.protocol &&
    a.onLink === b.onLink &&
    a.destination.toString() === b.destination.toString() &&
    String(a.gateway) === String(b.gateway) &&
    String(a.preferredSource) === String(b.preferredSource)
  );
}
