import { ByteWriter, type Ipv4Address } from '@router7/wire';
import { IpProtocol } from './ip-protocol.ts';
import { decodeIpv4, finishIpv4, isIpv4Fragment, writeIpv4Header } from './ipv4.ts';
import { decodeUdp, writeUdp } from './udp.ts';

/** A UDP datagram with the IPv4 packet around it: what a packet socket takes and gives. */
export interface Ipv4UdpDatagram {
  readonly source: Ipv4Address;
  readonly destination: Ipv4Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
  /** Time to live; 64 when absent (RFC 1700's default). */
  readonly ttl?: number;
  /** Differentiated services code point, 0 to 63; 0 when absent. */
  readonly dscp?: number;
  /** False when absent. */
  readonly dontFragment?: boolean;
  /** 0 when absent: it means nothing in a packet that is not fragmented (RFC 6864 section 4.1). */
  readonly identification?: number;
}

/**
 * Encodes an IPv4 packet that holds a UDP datagram, with both checksums.
 *
 * @throws EncodeError `out-of-range`, or `too-long` for more than 65507 octets of payload
 */
export function encodeIpv4Udp(datagram: Ipv4UdpDatagram): Uint8Array {
  const writer = new ByteWriter(28 + datagram.payload.length);
  writeIpv4Udp(writer, datagram);
  return writer.finish();
}

/**
 * Writes an IPv4 packet that holds a UDP datagram behind what is in the writer, such as an Ethernet header. With a
 * writer that is used again this allocates nothing that grows with the payload.
 *
 * @throws EncodeError `out-of-range`, or `too-long` for more than 65507 octets of payload
 */
export function writeIpv4Udp(writer: ByteWriter, datagram: Ipv4UdpDatagram): void {
  const start = writeIpv4Header(writer, {
    dscp: datagram.dscp ?? 0,
    ecn: 0,
    identification: datagram.identification ?? 0,
    reservedFlag: false,
    dontFragment: datagram.dontFragment ?? false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: datagram.ttl ?? 64,
    protocol: IpProtocol.udp,
    source: datagram.source,
    destination: datagram.destination,
    options: [],
  });
  const { sourcePort, destinationPort, payload } = datagram;
  writeUdp(writer, { sourcePort, destinationPort, hasChecksum: true, payload }, datagram);
  finishIpv4(writer, start);
}

/**
 * Decodes an IPv4 packet that holds a whole UDP datagram. The payload is a view of `bytes`.
 *
 * @param options `verifyChecksums`: refuse a wrong checksum of the header or of the datagram; false when absent
 * @returns undefined when the packet is a fragment, or not UDP
 * @throws DecodeError `truncated`, `bad-magic`, `bad-length`, `bad-checksum`
 */
export function decodeIpv4Udp(
  bytes: Uint8Array,
  options: { readonly verifyChecksums?: boolean } = {},
): Required<Ipv4UdpDatagram> | undefined {
  const verify = options.verifyChecksums ?? false;
  const packet = decodeIpv4(bytes, { verifyChecksum: verify });
  if (packet.protocol !== IpProtocol.udp || isIpv4Fragment(packet)) return undefined;
  const base = packet.payload.byteOffset - bytes.byteOffset;
  const udp = decodeUdp(packet.payload, verify ? { verifyChecksum: packet, base } : { base });
  const { source, destination, ttl, dscp, dontFragment, identification } = packet;
  const { sourcePort, destinationPort, payload } = udp;
  return { source, destination, sourcePort, destinationPort, payload, ttl, dscp, dontFragment, identification };
}
