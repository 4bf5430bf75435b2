import { type ArpPacket, decodeArp } from './arp.ts';
import { decodeEthernet, type EthernetFrame, EtherType } from './ethernet.ts';
import { decodeIcmpv6, type Icmpv6Message } from './icmpv6.ts';
import { IpProtocol } from './ip-protocol.ts';
import { decodeIpv4, type Ipv4Packet, isIpv4Fragment } from './ipv4.ts';
import { decodeIpv6, type Ipv6Packet, isIpv6Fragment } from './ipv6.ts';
import { decodeUdp, type UdpDatagram } from './udp.ts';

/** The layers of one packet. Those that are not there, or that this package does not know, are absent. */
export interface Frame {
  /** Absent for link types without Ethernet. */
  readonly ethernet?: EthernetFrame;
  readonly arp?: ArpPacket;
  readonly ipv4?: Ipv4Packet;
  readonly ipv6?: Ipv6Packet;
  /** Only of packets that are not fragments. */
  readonly udp?: UdpDatagram;
  /** Only of packets that are not fragments. */
  readonly icmpv6?: Icmpv6Message;
}

/** How {@link decodeFrame} goes about it. */
export interface FrameDecodeOptions {
  /** Refuse wrong checksums of IPv4 headers, UDP and ICMPv6 (except behind a Routing header that is on its way); false when absent. */
  readonly verifyChecksums?: boolean;
  /** What the bytes start with: `ethernet` when absent, or `ip` for an IPv4 or IPv6 packet (link types 101, 228, 229). */
  readonly start?: 'ethernet' | 'ip';
}

/**
 * Decodes all layers of a packet that this package knows. All payloads are views of `bytes`, and errors carry offsets
 * from its start.
 *
 * @throws DecodeError what the layers' own decoders throw
 */
export function decodeFrame(bytes: Uint8Array, options: FrameDecodeOptions = {}): Frame {
  const verify = options.verifyChecksums ?? false;
  if (options.start === 'ip') {
    return (bytes[0] ?? 0) >>> 4 === 6 ? decodeIpv6Layers(bytes, 0, verify) : decodeIpv4Layers(bytes, 0, verify);
  }
  const ethernet = decodeEthernet(bytes);
  const { etherType, payload } = ethernet;
  const base = payload.byteOffset - bytes.byteOffset;
  switch (etherType) {
    case EtherType.arp:
      return { ethernet, arp: decodeArp(payload, base) };
    case EtherType.ipv4:
      return { ethernet, ...decodeIpv4Layers(payload, base, verify) };
    case EtherType.ipv6:
      return { ethernet, ...decodeIpv6Layers(payload, base, verify) };
    default:
      return { ethernet };
  }
}

function decodeIpv4Layers(bytes: Uint8Array, start: number, verify: boolean): Frame {
  const ipv4 = decodeIpv4(bytes, { verifyChecksum: verify, base: start });
  if (ipv4.protocol !== IpProtocol.udp || isIpv4Fragment(ipv4)) return { ipv4 };
  const base = start + ipv4.payload.byteOffset - bytes.byteOffset;
  return { ipv4, udp: decodeUdp(ipv4.payload, verify ? { verifyChecksum: ipv4, base } : { base }) };
}

function decodeIpv6Layers(bytes: Uint8Array, start: number, verify: boolean): Frame {
  const ipv6 = decodeIpv6(bytes, start);
  if (isIpv6Fragment(ipv6)) return { ipv6 };
  const base = start + ipv6.payload.byteOffset - bytes.byteOffset;
  const options = verify && isForDestination(ipv6) ? { verifyChecksum: ipv6, base } : { base };
  switch (ipv6.nextHeader) {
    case IpProtocol.udp:
      return { ipv6, udp: decodeUdp(ipv6.payload, options) };
    case IpProtocol.icmpv6:
      return { ipv6, icmpv6: decodeIcmpv6(ipv6.payload, options) };
    default:
      return { ipv6 };
  }
}

/**
 * RFC 8200 section 8.1: with a Routing header on its way the checksum covers "that of the final destination", which
 * each routing type keeps at another place. Such checksums are not verified.
 */
function isForDestination({ extensionHeaders }: Ipv6Packet): boolean {
  return extensionHeaders.every(({ type, data }) => type !== IpProtocol.routing || data[1] === 0);
}
