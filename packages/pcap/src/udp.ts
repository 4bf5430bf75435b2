import {
  ByteReader,
  ByteWriter,
  DecodeError,
  EncodeError,
  Ipv4Address,
  type Ipv6Address,
  internetChecksum,
  pseudoHeaderSumV4,
  pseudoHeaderSumV6,
} from '@router7/wire';
import { IpProtocol } from './ip-protocol.ts';

const HEADER = 8;

/** The addresses of the packet around a datagram: the checksum covers them (RFC 768, RFC 8200 section 8.1). */
export type AddressPair =
  | { readonly source: Ipv4Address; readonly destination: Ipv4Address }
  | { readonly source: Ipv6Address; readonly destination: Ipv6Address };

/**
 * A UDP datagram (RFC 768). Length and checksum are made on encoding.
 *
 * ```
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |            Length             |           Checksum            |
 * +-------------------------------+-------------------------------+
 * ```
 */
export interface UdpDatagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** False when the checksum field is zero: "the transmitter generated no checksum" (RFC 768). */
  readonly hasChecksum: boolean;
  readonly payload: Uint8Array;
  /** What the IP payload holds behind UDP's length (RFC 9868 section 5); absent when that is nothing. */
  readonly surplus?: Uint8Array;
}

/** How {@link decodeUdp} goes about it. */
export interface UdpDecodeOptions {
  /**
   * Refuse a wrong checksum, as computed with these addresses. Without them it is not looked at. Packets that a
   * machine captures from itself often carry an unfinished one, for the network card completes it.
   */
  readonly verifyChecksum?: AddressPair;
  /** Offset of the first octet in the whole frame, for errors; 0 when absent. */
  readonly base?: number;
}

/**
 * Decodes a UDP datagram.
 *
 * @throws DecodeError `truncated`, `bad-length` (less than the header), `bad-checksum`
 */
export function decodeUdp(bytes: Uint8Array, options: UdpDecodeOptions = {}): UdpDatagram {
  const base = options.base ?? 0;
  const reader = new ByteReader(bytes, base);
  const sourcePort = reader.u16();
  const destinationPort = reader.u16();
  const length = reader.u16();
  const checksum = reader.u16();
  if (length < HEADER) throw new DecodeError('bad-length', `a UDP length of ${length} octets`, base + 4);
  const payload = reader.bytes(length - HEADER);
  if (options.verifyChecksum !== undefined) {
    verify(bytes.subarray(0, length), checksum, options.verifyChecksum, base + 6);
  }
  const datagram = { sourcePort, destinationPort, hasChecksum: checksum !== 0, payload };
  return reader.remaining === 0 ? datagram : { ...datagram, surplus: reader.rest() };
}

/**
 * Encodes a UDP datagram for a packet between the given addresses.
 *
 * @throws EncodeError `out-of-range`, `too-long`, or `bad-value` for one without checksum over IPv6
 */
export function encodeUdp(datagram: UdpDatagram, addresses: AddressPair): Uint8Array {
  const writer = new ByteWriter(HEADER + datagram.payload.length + (datagram.surplus?.length ?? 0));
  writeUdp(writer, datagram, addresses);
  return writer.finish();
}

/**
 * Writes a UDP datagram behind what is in the writer.
 *
 * @throws EncodeError `out-of-range`, `too-long`, or `bad-value` for one without checksum over IPv6
 */
export function writeUdp(writer: ByteWriter, datagram: UdpDatagram, addresses: AddressPair): void {
  const length = HEADER + datagram.payload.length;
  if (length > 0xffff) throw new EncodeError('too-long', `a UDP datagram cannot have ${length} octets`);
  const start = writer.length;
  writer.u16(datagram.sourcePort);
  writer.u16(datagram.destinationPort);
  writer.u16(length);
  writer.u16(0);
  writer.bytes(datagram.payload);
  if (datagram.hasChecksum) {
    const sum = internetChecksum(writer.view().subarray(start), pseudoHeaderSum(addresses, length));
    // RFC 768: "If the computed checksum is zero, it is transmitted as all ones".
    writer.patchU16(start + 6, sum === 0 ? 0xffff : sum);
  } else if (!(addresses.source instanceof Ipv4Address)) {
    throw new EncodeError('bad-value', 'a UDP datagram over IPv6 needs a checksum (RFC 8200 section 8.1)');
  }
  if (datagram.surplus !== undefined) writer.bytes(datagram.surplus);
}

function verify(datagram: Uint8Array, checksum: number, addresses: AddressPair, offset: number): void {
  if (checksum === 0) {
    if (addresses.source instanceof Ipv4Address) return;
    // RFC 8200 8.1: "IPv6 receivers must discard UDP packets containing a zero checksum and should log the error."
    throw new DecodeError('bad-checksum', 'UDP over IPv6 without a checksum', offset);
  }
  if (internetChecksum(datagram, pseudoHeaderSum(addresses, datagram.length)) !== 0) {
    throw new DecodeError('bad-checksum', 'the UDP checksum does not match', offset);
  }
}

function pseudoHeaderSum({ source, destination }: AddressPair, length: number): number {
  if (source instanceof Ipv4Address) {
    return pseudoHeaderSumV4(source, destination as Ipv4Address, IpProtocol.udp, length);
  }
  return pseudoHeaderSumV6(source, destination as Ipv6Address, IpProtocol.udp, length);
}
