import { type Ipv4Prefix, Ipv6Prefix } from '@router7/wire';
import type { LanPlan, LanPrefix } from '../lans/lan-plan.ts';
import { overlap } from '../lans/prefix-space.ts';
import type { LinkAddress, Route } from '../system/rtnetlink.ts';
import { AddressProtocol, type KernelState, type Operation, RouteProtocol } from './kernel-state.ts';
import type { Matches } from './match-links.ts';
import { UPLINK, type Wanted } from './wanted.ts';

/*
 * The home's IPv6 prefixes in the kernel. Addresses of delegated prefixes have the lifetimes of the lease, so the kernel
 * deprecates and removes them by itself, whatever has become of the programs that made them.
 */

/**
 * The kernel counts by another clock than the lease, in whole seconds. Two lifetimes that are apart by no more are the same:
 * otherwise each run would write.
 */
const TOLERANCE_SECONDS = 10;
/** The last of all ways to a prefix. */
const LAST_METRIC = 0xffff_ffff;
/** Better than {@link LAST_METRIC}, and than nothing else. */
const STALE_METRIC = 0x7fff_ffff;
/** How long hosts may go on with an address whose prefix is gone (RFC 4862 section 5.5.3 e: two hours). */
const STALE_SECONDS = 7200;

/**
 * Ways to hosts of prefixes that are gone. A provider that brings another prefix every second would have thousands of them,
 * and of networks in the rules: then those that end first are given up.
 */
const MAX_STALE_ROUTES = 128;

/** Marks of addresses that follow from prefixes. */
const PREFIX_PROTOCOLS: ReadonlySet<number> = new Set([
  AddressProtocol.delegated,
  AddressProtocol.local,
  AddressProtocol.assigned,
]);
/** Of them, those that follow from the lease of DHCPv6. */
const LEASE_PROTOCOLS: ReadonlySet<number> = new Set([AddressProtocol.delegated, AddressProtocol.assigned]);

/** An address of a prefix, as the kernel is to have it. */
type WantedAddress = Required<
  Pick<LinkAddress, 'link' | 'protocol' | 'preferredLifetimeSeconds' | 'validLifetimeSeconds'>
> & {
  readonly prefix: Ipv6Prefix;
};

/**
 * The router's addresses in the prefixes of its links, and those that DHCPv6 has brought for the uplink. Those of
 * interfaces.json are not among them.
 */
export function prefixAddresses(wanted: Wanted, matches: Matches): readonly WantedAddress[] {
  const { lans, assigned, wallSeconds } = wanted;
  const { matched } = matches;
  const uplink = matched.find(({ config }) => config.name === UPLINK)?.link;
  const own = assigned.flatMap((address): readonly WantedAddress[] => {
    if (uplink === undefined) return [];
    // RFC 9915 section 18.2.10.1 says nothing of a prefix: what else is on the link, router advertisements tell.
    const prefix = new Ipv6Prefix(address.address, 128);
    const ends = lifetimes({ ...address, isOpenEnded: false }, wallSeconds);
    return [{ link: uplink.index, prefix, protocol: AddressProtocol.assigned, ...ends }];
  });
  const home = lans.lans.flatMap(({ lan, prefixes }) => {
    const link = matched.find(({ config }) => config.name === lan)?.link;
    if (link === undefined) return [];
    return prefixes
      .filter(({ origin }) => origin !== 'static')
      .map((prefix) => ({
        link: link.index,
        prefix: new Ipv6Prefix(prefix.address, prefix.prefix.length),
        protocol: prefix.origin === 'ula' ? AddressProtocol.local : AddressProtocol.delegated,
        ...lifetimes(prefix, wallSeconds),
      }));
  });
  return [...own, ...home];
}

function lifetimes(
  { preferredUntil, validUntil, isOpenEnded }: Pick<LanPrefix, 'preferredUntil' | 'validUntil' | 'isOpenEnded'>,
  wallSeconds: number,
): Pick<WantedAddress, 'preferredLifetimeSeconds' | 'validLifetimeSeconds'> {
  // The lease tells no end: the address stays until the lease does not have it any more, as in router7.
  const left = (until: number): number =>
    isOpenEnded ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil(until / 1000 - wallSeconds));
  return { preferredLifetimeSeconds: left(preferredUntil), validLifetimeSeconds: left(validUntil) };
}

/** Adds addresses that are not there, marks them as ours, and sets lifetimes that are others. */
export function addPrefixAddresses(wanted: readonly WantedAddress[], state: KernelState): readonly Operation[] {
  return wanted.flatMap((address): readonly Operation[] => {
    const there = state.addresses.find((other) => isSame(other, address));
    const isAssigned = address.protocol === AddressProtocol.assigned;
    if (there === undefined) return [{ kind: 'add-address', address: isAssigned ? withoutEnd(address) : address }];
    // A kernel that keeps no marks does not show any.
    const isMarked = there.protocol === undefined || there.protocol === address.protocol;
    if (isAssigned && isMarked && (there.tentative === true || there.duplicate === true)) return [];
    const isAlike =
      isMarked &&
      !differ(there.validLifetimeSeconds, address.validLifetimeSeconds) &&
      !differ(there.preferredLifetimeSeconds, address.preferredLifetimeSeconds);
    return isAlike ? [] : [{ kind: 'add-address', address }];
  });
}

/**
 * An address with an end that turns out to be a duplicate is taken away by the kernel without a word: dhcp6 would never learn
 * that it has to decline it (RFC 9915 section 18.2.8). So it gets its end when it has been found to be nobody else's.
 */
function withoutEnd(address: WantedAddress): WantedAddress {
  return {
    ...address,
    preferredLifetimeSeconds: Number.POSITIVE_INFINITY,
    validLifetimeSeconds: Number.POSITIVE_INFINITY,
  };
}

/**
 * Removes addresses of prefixes that are gone, at once: nobody is to be answered from them. As long as hosts may go on with
 * theirs, the way to them stays, marked and with an end, so that they can be told (RFC 7084 L-14).
 *
 * @param kept by configuration
 */
export function removePrefixAddresses(
  { delegationsKnown, lans }: Wanted,
  wanted: readonly WantedAddress[],
  kept: readonly LinkAddress[],
  state: KernelState,
): readonly Operation[] {
  return state.addresses
    .filter(({ protocol }) => protocol !== undefined && PREFIX_PROTOCOLS.has(protocol))
    .filter(({ protocol }) => delegationsKnown || !LEASE_PROTOCOLS.has(protocol as number))
    .filter((there) => ![...wanted, ...kept].some((address) => isSame(there, address)))
    .flatMap((address): readonly Operation[] => {
      const route = staleRoute(address);
      const stays = address.protocol === AddressProtocol.delegated && route !== undefined && isStale(route, lans);
      return [
        ...(stays ? [{ kind: 'replace-route', route } as const] : []),
        ...linkRoutes(address, state).map((route) => ({ kind: 'delete-route', route }) as const),
        // Last: were this run cut off before, the next would still know what to do.
        { kind: 'delete-address', address },
      ];
    });
}

/** The kernel's own route of an address with an end: it would not go with the address, but only when that would have ended. */
function linkRoutes(
  { link, prefix, validLifetimeSeconds = Number.POSITIVE_INFINITY }: LinkAddress,
  state: KernelState,
): readonly Route[] {
  if (validLifetimeSeconds === Number.POSITIVE_INFINITY || !(prefix instanceof Ipv6Prefix)) return [];
  const destination = String(new Ipv6Prefix(prefix.network, prefix.length));
  return state.routes.filter(
    (route) =>
      route.protocol === RouteProtocol.kernel && route.link === link && String(route.destination) === destination,
  );
}

/** The way to the hosts of a prefix that is gone. */
function staleRoute({ link, prefix, validLifetimeSeconds }: LinkAddress): Route | undefined {
  if (!(prefix instanceof Ipv6Prefix)) return undefined;
  const expiresSeconds = Math.min(validLifetimeSeconds ?? STALE_SECONDS, STALE_SECONDS);
  return { ...routeTo(prefix, link), protocol: RouteProtocol.stale, metric: STALE_METRIC, expiresSeconds };
}

/** Whether a prefix has nothing to do with those of now: else it has been divided in another way. */
function isStale({ destination }: Route, { lans, delegations }: LanPlan): boolean {
  const present = [...delegations, ...lans.flatMap(({ prefixes }) => prefixes)].map(({ prefix }) => prefix);
  return destination instanceof Ipv6Prefix && !present.some((prefix) => overlap(prefix, destination));
}

/**
 * Plans what stands behind the links' own routes: what is for no link of a delegated prefix, or of the unique local one, is answered
 * instead of being sent back to where it came from, again and again (RFC 7084 WPD-5).
 */
export function planPrefixRoutes({ delegationsKnown, lans }: Wanted, state: KernelState): readonly Operation[] {
  const loopback = state.links.find((link) => link.loopback)?.index;
  const wholes = [...lans.delegations.map(({ prefix }) => prefix), ...(lans.ula === undefined ? [] : [lans.ula])];
  const wanted: readonly Route[] =
    loopback === undefined
      ? []
      : wholes.map((prefix) => ({
          ...routeTo(prefix, loopback),
          protocol: prefix === lans.ula ? RouteProtocol.local : RouteProtocol.delegated,
          metric: LAST_METRIC,
          unreachable: true,
        }));
  const own = state.routes.filter(
    ({ protocol }) => protocol === RouteProtocol.local || (protocol === RouteProtocol.delegated && delegationsKnown),
  );
  return [
    ...wanted
      .filter((route) => !state.routes.some((there) => isSameRoute(there, route)))
      .map((route) => ({ kind: 'replace-route', route }) as const),
    ...own
      .filter((there) => !wanted.some((route) => isSameRoute(there, route)))
      .map((route) => ({ kind: 'delete-route', route }) as const),
    ...outdated(state.routes, lans).map((route) => ({ kind: 'delete-route', route }) as const),
  ];
}

/** Ways to hosts of prefixes that are back, and those that are too many. */
function outdated(routes: readonly Route[], lans: LanPlan): readonly Route[] {
  const stale = routes.filter(({ protocol }) => protocol === RouteProtocol.stale);
  const last = ({ expiresSeconds = 0 }: Route): number => expiresSeconds;
  const kept = stale
    .filter((route) => isStale(route, lans))
    .sort((a, b) => last(b) - last(a))
    .slice(0, MAX_STALE_ROUTES);
  return stale.filter((route) => !kept.includes(route));
}

/** Prefixes that were the home's, and whose hosts may not know it yet. */
export function stalePrefixes(routes: readonly Route[]): readonly Ipv6Prefix[] {
  return routes
    .filter(({ protocol }) => protocol === RouteProtocol.stale)
    .map(({ destination }) => destination)
    .filter((destination) => destination instanceof Ipv6Prefix);
}

function routeTo(prefix: Ipv6Prefix, link: number): Omit<Route, 'protocol'> {
  const destination = new Ipv6Prefix(prefix.network, prefix.length);
  return { link, destination, gateway: undefined, onLink: false, preferredSource: undefined };
}

function isSameRoute(a: Route, b: Route): boolean {
  const isAlike = a.protocol === b.protocol && a.metric === b.metric && a.link === b.link;
  return isAlike && a.unreachable === b.unreachable && String(a.destination) === String(b.destination);
}

function isSame(a: { readonly link: number; readonly prefix: Ipv4Prefix | Ipv6Prefix }, b: typeof a): boolean {
  return a.link === b.link && String(a.prefix) === String(b.prefix);
}

function differ(there: number = Number.POSITIVE_INFINITY, wanted: number): boolean {
  if (there === Number.POSITIVE_INFINITY || wanted === Number.POSITIVE_INFINITY) return there !== wanted;
  // The last moment matters: a prefix that is deprecated is not to be preferred for ten seconds more.
  return Math.abs(there - wanted) > TOLERANCE_SECONDS || (there === 0) !== (wanted === 0);
}
