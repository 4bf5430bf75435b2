import { encodeIpv4, encodeUdp, IpProtocol } from '@router7/pcap';
import { Ipv4Address, internetChecksum } from '@router7/wire';
import type { Endpoint } from './remote-sockets.ts';

/* Packets that no socket sends. */

/** Types of RFC 792. */
export const IcmpType = { echoReply: 0, unreachable: 3, echo: 8 } as const;

const plain = {
  ...{ dscp: 0, ecn: 0, reservedFlag: false, dontFragment: false, ttl: 64, options: [] },
  ...{ identification: 4711, moreFragments: false, fragmentOffset: 0 },
} as const;

/** A UDP packet. */
export function udpPacket(from: Endpoint, to: Endpoint, text: string): Uint8Array {
  const addresses = pair(from.address, to.address);
  const datagram = { sourcePort: from.port, destinationPort: to.port, hasChecksum: true, payload: Buffer.from(text) };
  return encodeIpv4({ ...plain, ...addresses, protocol: IpProtocol.udp, payload: encodeUdp(datagram, addresses) });
}

/** A UDP packet in two fragments. */
export function udpFragments(from: Endpoint, to: Endpoint, text: string): readonly [Uint8Array, Uint8Array] {
  const addresses = pair(from.address, to.address);
  const datagram = { sourcePort: from.port, destinationPort: to.port, hasChecksum: true, payload: Buffer.from(text) };
  const payload = encodeUdp(datagram, addresses);
  const header = { ...plain, ...addresses, protocol: IpProtocol.udp };
  return [
    encodeIpv4({ ...header, moreFragments: true, payload: payload.subarray(0, 16) }),
    encodeIpv4({ ...header, fragmentOffset: 16, payload: payload.subarray(16) }),
  ];
}

/** An ICMP error (RFC 792) about a packet, of which it holds the beginning. */
export function icmpError(
  from: string,
  to: string,
  [type, code]: readonly [number, number],
  about: Uint8Array,
): Uint8Array {
  return icmp(from, to, new Uint8Array([type, code, 0, 0, 0, 0, 0, 0, ...about]));
}

/** A ping, or the answer to one. */
export function echoPacket(from: string, to: string, identifier: number, type: number = IcmpType.echo): Uint8Array {
  return icmp(from, to, new Uint8Array([type, 0, 0, 0, identifier >> 8, identifier & 255, 0, 1]));
}

function icmp(from: string, to: string, message: Uint8Array): Uint8Array {
  new DataView(message.buffer).setUint16(2, internetChecksum(message));
  return encodeIpv4({ ...plain, ...pair(from, to), protocol: IpProtocol.icmp, payload: message });
}

function pair(
  source: string,
  destination: string,
): { readonly source: Ipv4Address; readonly destination: Ipv4Address } {
  return { source: Ipv4Address.parse(source), destination: Ipv4Address.parse(destination) };
}
