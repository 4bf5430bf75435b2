import { Ipv4Address, Ipv6Address } from '@router7/wire';
import { AF_INET6, SOCKADDR_IN6, writeSocketAddress } from '../system/ipv6-socket.ts';
import { interfaceIndex } from '../system/libc.ts';

const AF_INET = 2;
const SOCKADDR_IN = 16;

/** Where an upstream server listens. */
export interface UpstreamEndpoint {
  /** IPv4 or IPv6, link-local with its zone. */
  readonly address: string;
  readonly port: number;
}

/**
 * Writes the socket address of an endpoint (ip(7), ipv6(7)), 28 octets at most.
 *
 * @returns its length; 0 when there is no interface of the zone's name
 * @throws EncodeError `bad-value` when it is no address
 */
export function writeEndpoint(view: DataView, at: number, { address, port }: UpstreamEndpoint): number {
  if (address.includes(':')) {
    const [text = '', zone] = address.split('%');
    const index = zone === undefined ? 0 : zoneIndex(zone);
    writeSocketAddress(view, at, Ipv6Address.parse(text), port, index ?? 0);
    return index === undefined ? 0 : SOCKADDR_IN6;
  }
  view.setUint16(at, AF_INET, true);
  view.setUint16(at + 2, port);
  view.setUint32(at + 4, Ipv4Address.parse(address).value);
  return SOCKADDR_IN;
}

/** The address family whose socket addresses have this length. */
export function familyOf(length: number): number {
  return length === SOCKADDR_IN6 ? AF_INET6 : AF_INET;
}

function zoneIndex(zone: string): number | undefined {
  return /^\d+$/.test(zone) ? Number(zone) : interfaceIndex(zone);
}
