import { DecodeError, Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { Family } from './rtnetlink-address.ts';
import { decodeAttributes, encodeAttributes, uint32Attribute, uint32Payload, viewOf } from './rtnetlink-attributes.ts';

const RTMSG = 12;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
const RTA_CACHEINFO = 12;
const RTA_TABLE = 15;
const RTA_EXPIRES = 23;
const RTNH_F_ONLINK = 4;
const RTN_UNICAST = 1;
const RTN_UNREACHABLE = 7;
/** Ticks in a second, as the kernel tells times to programs: USER_HZ. */
const USER_HZ = 100;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;

/** Values of `protocol`: who made a route (/etc/iproute2/rt_protos). */
export const RouteProtocol = { redirect: 1, kernel: 2, boot: 3, static: 4, ra: 9, dhcp: 16 } as const;
/** Values of `table`. */
export const RouteTable = { default: 253, main: 254, local: 255 } as const;

/** A unicast route with one next hop, or an IPv6 route that says that there is no way. */
export interface Route {
  /** With host bits 0; 0.0.0.0/0 and ::/0 are the default routes. */
  readonly destination: Ipv4Prefix | Ipv6Prefix;
  /** Index of the interface it leaves by. */
  readonly link: number;
  /** The next hop; undefined when the destination is on the link. */
  readonly gateway: Ipv4Address | Ipv6Address | undefined;
  /** {@link RouteProtocol}. */
  readonly protocol: number;
  /** The destination is on the link itself (`scope link`). IPv4 only: the kernel gives IPv6 routes no scope. */
  readonly onLink: boolean;
  /** Source address of what this host sends itself. */
  readonly preferredSource: Ipv4Address | Ipv6Address | undefined;
  /** Lower is better; absent: 0 for IPv4, the kernel's 1024 for IPv6. */
  readonly metric?: number;
  /** {@link RouteTable}; absent: main. */
  readonly table?: number;
  /** Take it that the gateway is on the link even though no address says so (`onlink`). Absent: false. */
  readonly gatewayOnLink?: boolean;
  /** IPv6: packets are answered by ICMPv6 "no route to destination"; the link is the loopback. Absent: false. */
  readonly unreachable?: boolean;
  /** IPv6: seconds until the kernel removes it by itself; absent: Infinity. */
  readonly expiresSeconds?: number;
}

/**
 * Reads a RTM_NEWROUTE or RTM_DELROUTE payload.
 *
 * @returns undefined for what is no {@link Route}: blackholes, IPv4 without a way, several next hops, other families than IP
 * @throws DecodeError
 */
export function decodeRoute(bytes: Uint8Array): Required<Route> | undefined {
  if (bytes.length < RTMSG) throw new DecodeError('truncated', 'a route message', bytes.length);
  const view = viewOf(bytes);
  const family = view.getUint8(0);
  if (family !== Family.ipv4 && family !== Family.ipv6) return undefined;
  const v4 = family === Family.ipv4;
  const attributes = decodeAttributes(bytes.subarray(RTMSG));
  const link = uint32Attribute(attributes, RTA_OIF);
  const type = view.getUint8(7);
  const unreachable = !v4 && type === RTN_UNREACHABLE;
  if (!(type === RTN_UNICAST || unreachable) || link === undefined) return undefined;
  const address = (type: number): Ipv4Address | Ipv6Address | undefined => {
    const octets = attributes.get(type);
    if (octets === undefined) return undefined;
    return v4 ? Ipv4Address.fromBytes(octets) : Ipv6Address.fromBytes(octets);
  };
  const length = view.getUint8(1);
  const destination = address(RTA_DST);
  return {
    destination: v4
      ? new Ipv4Prefix((destination as Ipv4Address | undefined) ?? Ipv4Address.unspecified, length)
      : new Ipv6Prefix((destination as Ipv6Address | undefined) ?? Ipv6Address.unspecified, length),
    link,
    gateway: address(RTA_GATEWAY),
    protocol: view.getUint8(5),
    onLink: v4 && view.getUint8(6) === RT_SCOPE_LINK,
    preferredSource: address(RTA_PREFSRC),
    metric: uint32Attribute(attributes, RTA_PRIORITY) ?? 0,
    table: uint32Attribute(attributes, RTA_TABLE) ?? view.getUint8(4),
    gatewayOnLink: (view.getUint32(8, true) & RTNH_F_ONLINK) !== 0,
    unreachable,
    expiresSeconds: expiry(attributes.get(RTA_CACHEINFO)),
  };
}

/** Writes a RTM_NEWROUTE or RTM_DELROUTE payload. */
export function encodeRoute(route: Route): Uint8Array {
  const { destination, gateway, expiresSeconds = Number.POSITIVE_INFINITY } = route;
  const isLasting = expiresSeconds === Number.POSITIVE_INFINITY;
  const v4 = destination instanceof Ipv4Prefix;
  const table = route.table ?? RouteTable.main;
  const header = new Uint8Array(RTMSG);
  const view = viewOf(header);
  view.setUint8(0, v4 ? Family.ipv4 : Family.ipv6);
  view.setUint8(1, destination.length);
  view.setUint8(4, table < 256 ? table : 0);
  view.setUint8(5, route.protocol);
  view.setUint8(6, v4 && route.onLink ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);
  view.setUint8(7, route.unreachable === true ? RTN_UNREACHABLE : RTN_UNICAST);
  view.setUint32(8, route.gatewayOnLink === true ? RTNH_F_ONLINK : 0, true);
  const attributes = encodeAttributes([
    [RTA_DST, destination.length === 0 ? undefined : destination.network.toBytes()],
    [RTA_OIF, uint32Payload(route.link)],
    [RTA_GATEWAY, gateway?.toBytes()],
    // 0 is how a dump says that there is none; IPv6 would take it for its default of 1024.
    [RTA_PRIORITY, route.metric === 0 ? undefined : uint32Payload(route.metric)],
    [RTA_PREFSRC, route.preferredSource?.toBytes()],
    [RTA_TABLE, uint32Payload(table)],
    [RTA_EXPIRES, isLasting ? undefined : uint32Payload(Math.max(1, Math.floor(expiresSeconds)))],
  ]);
  return Buffer.concat([header, attributes]);
}

/** From a struct rta_cacheinfo: the third of its numbers, 0 for never. */
function expiry(cache: Uint8Array | undefined): number {
  const ticks = cache === undefined || cache.length < 12 ? 0 : viewOf(cache).getInt32(8, true);
  return ticks === 0 ? Number.POSITIVE_INFINITY : ticks / USER_HZ;
}
