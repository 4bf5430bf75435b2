import { Ipv6Address } from '@router7/wire';
import { Arena, lastErrno, setsockopt } from './libc.ts';

/** The address family (ipv6(7)). */
export const AF_INET6 = 10;
/** The level of IPv6's socket options. */
export const SOL_IPV6 = 41;
/** Socket options of ipv6(7) and RFC 3542 that more than one kind of socket has. */
export const Ipv6Option = {
  multicastIf: 17,
  multicastLoop: 19,
  addMembership: 20,
  dropMembership: 21,
  v6Only: 26,
  multicastAll: 29,
  receivePacketInfo: 49,
  packetInfo: 50,
} as const;

/*
 * sockaddr_in6 (ipv6(7)), 28 octets: family (2, host order), port (2), flow information (4), address (16), scope (4, host
 * order).
 */
/** Octets of a sockaddr_in6. */
export const SOCKADDR_IN6 = 28;
const PORT = 2;
const ADDRESS = 8;
const SCOPE = 24;
/** struct ipv6_mreq: the group, then the interface. */
const IPV6_MREQ = 20;

/** Writes a sockaddr_in6. @param scope number of the interface that a link-local address belongs to */
export function writeSocketAddress(
  view: DataView,
  at: number,
  address: Ipv6Address,
  port: number,
  scope: number,
): void {
  view.setUint16(at, AF_INET6, true);
  view.setUint16(at + PORT, port);
  writeIpv6(view, at + ADDRESS, address);
  view.setUint32(at + SCOPE, scope, true);
}

/** The address of a sockaddr_in6. @param known as of {@link readIpv6} */
export function readSocketAddress(view: DataView, at: number, known?: Ipv6Address): Ipv6Address {
  return readIpv6(view, at + ADDRESS, known);
}

/** The port of a sockaddr_in6. */
export function readSocketPort(view: DataView, at: number): number {
  return view.getUint16(at + PORT);
}

/** Writes the 16 octets of an address. */
export function writeIpv6(view: DataView, at: number, address: Ipv6Address): void {
  view.setInt32(at, address.word0);
  view.setInt32(at + 4, address.word1);
  view.setInt32(at + 8, address.word2);
  view.setInt32(at + 12, address.word3);
}

/** Reads the 16 octets of an address. @param known returned instead of a new one if it is the same */
export function readIpv6(view: DataView, at: number, known?: Ipv6Address): Ipv6Address {
  const word0 = view.getInt32(at);
  const word1 = view.getInt32(at + 4);
  const word2 = view.getInt32(at + 8);
  const word3 = view.getInt32(at + 12);
  const isKnown = known?.word3 === word3 && known.word2 === word2 && known.word1 === word1 && known.word0 === word0;
  return isKnown ? known : new Ipv6Address(word0, word1, word2, word3);
}

/** Joins or leaves a multicast group on an interface. @returns errno, 0 when it was done */
export function setMembership(fd: number, option: number, group: Ipv6Address, interfaceIndex: number): number {
  const arena = new Arena(IPV6_MREQ);
  writeIpv6(arena.view, 0, group);
  arena.view.setUint32(16, interfaceIndex, true);
  return setsockopt(fd, SOL_IPV6, option, arena.address, IPV6_MREQ) < 0 ? lastErrno() : 0;
}
