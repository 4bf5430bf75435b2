import { ByteReader, ByteWriter, EncodeError, type Ipv4Address, type MacAddress } from '@router7/wire';
import { EtherType } from './ethernet.ts';

/** Values of `operation` (RFC 826, RFC 5494 section 3). Others stay plain numbers. */
export const ArpOperation = { request: 1, reply: 2 } as const;

const HARDWARE_ETHERNET = 1;

/** An ARP packet that resolves IPv4 addresses on Ethernet. */
export interface EthernetArpPacket {
  readonly kind: 'ethernet';
  /** {@link ArpOperation}, or another number. */
  readonly operation: number;
  readonly senderHardwareAddress: MacAddress;
  /** 0.0.0.0 in a probe for conflicts (RFC 5227 section 1.1). */
  readonly senderProtocolAddress: Ipv4Address;
  /** Zeros in a request: it is what is asked for. */
  readonly targetHardwareAddress: MacAddress;
  readonly targetProtocolAddress: Ipv4Address;
}

/** An ARP packet of other hardware or another protocol. */
export interface RawArpPacket {
  readonly kind: 'raw';
  readonly hardwareType: number;
  /** An EtherType. */
  readonly protocolType: number;
  /** Octets of each hardware address. */
  readonly hardwareLength: number;
  /** Octets of each protocol address. */
  readonly protocolLength: number;
  readonly operation: number;
  /** Sender hardware, sender protocol, target hardware and target protocol address, one behind the other. */
  readonly addresses: Uint8Array;
}

/**
 * An ARP packet (RFC 826).
 *
 * ```
 * +---------------+---------------+---------------+---------------+
 * |         hardware type         |         protocol type         |
 * +---------------+---------------+---------------+---------------+
 * | hardware len. | protocol len. |           operation           |
 * +---------------+---------------+---------------+---------------+
 * |   sender hardware, sender protocol, target hardware, target   |
 * |   protocol address                                            |
 * ```
 */
export type ArpPacket = EthernetArpPacket | RawArpPacket;

/**
 * Decodes an ARP packet. What follows the addresses is the padding of a short Ethernet frame, and passed over.
 *
 * @param base offset of `bytes[0]` in the whole frame, for errors
 * @throws DecodeError `truncated`
 */
export function decodeArp(bytes: Uint8Array, base: number = 0): ArpPacket {
  const reader = new ByteReader(bytes, base);
  const hardwareType = reader.u16();
  const protocolType = reader.u16();
  const hardwareLength = reader.u8();
  const protocolLength = reader.u8();
  const operation = reader.u16();
  // RFC 826 lets ?Do I have the hardware type and ?Do I speak the protocol "optionally check the length": those with
  // unexpected lengths are kept, for a capture may hold them.
  if (
    hardwareType === HARDWARE_ETHERNET &&
    protocolType === EtherType.ipv4 &&
    hardwareLength === 6 &&
    protocolLength === 4
  ) {
    return {
      kind: 'ethernet',
      operation,
      senderHardwareAddress: reader.mac(),
      senderProtocolAddress: reader.ipv4(),
      targetHardwareAddress: reader.mac(),
      targetProtocolAddress: reader.ipv4(),
    };
  }
  const addresses = reader.bytes(2 * (hardwareLength + protocolLength));
  return { kind: 'raw', hardwareType, protocolType, hardwareLength, protocolLength, operation, addresses };
}

/**
 * Encodes an ARP packet; 28 octets for IPv4 on Ethernet.
 *
 * @throws EncodeError `out-of-range`, or `bad-value` when `addresses` is not as long as the two lengths say
 */
export function encodeArp(packet: ArpPacket): Uint8Array {
  const writer = new ByteWriter(28);
  if (packet.kind === 'ethernet') {
    writer.u16(HARDWARE_ETHERNET);
    writer.u16(EtherType.ipv4);
    writer.u8(6);
    writer.u8(4);
    writer.u16(packet.operation);
    writer.mac(packet.senderHardwareAddress);
    writer.ipv4(packet.senderProtocolAddress);
    writer.mac(packet.targetHardwareAddress);
    writer.ipv4(packet.targetProtocolAddress);
    return writer.finish();
  }
  if (packet.addresses.length !== 2 * (packet.hardwareLength + packet.protocolLength)) {
    throw new EncodeError('bad-value', `${packet.addresses.length} octets of addresses contradict the lengths`);
  }
  writer.u16(packet.hardwareType);
  writer.u16(packet.protocolType);
  writer.u8(packet.hardwareLength);
  writer.u8(packet.protocolLength);
  writer.u16(packet.operation);
  writer.bytes(packet.addresses);
  return writer.finish();
}
