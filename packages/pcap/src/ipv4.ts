import { ByteReader, ByteWriter, DecodeError, EncodeError, type Ipv4Address, internetChecksum } from '@router7/wire';
import { bitField } from './bit-field.ts';

const MINIMUM_HEADER = 20;
const MAXIMUM_OPTIONS = 40; // the header length field counts up to 15 words (RFC 791 section 3.1)
const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;

/** One option of the IPv4 header (RFC 791 section 3.1). */
export interface Ipv4Option {
  /** The whole type octet, with the copied flag and the class. 0 ends the list, 1 is a filler of one octet. */
  readonly type: number;
  /** What follows the length octet. Behind type 0 the padding up to the header's end, behind type 1 nothing. */
  readonly data: Uint8Array;
}

/** What precedes the payload of an IPv4 packet (RFC 791 section 3.1). Lengths and checksum are made on encoding. */
export interface Ipv4Header {
  /** Differentiated services code point, 0 to 63 (RFC 2474). */
  readonly dscp: number;
  /** Explicit congestion notification, 0 to 3 (RFC 3168). */
  readonly ecn: number;
  readonly identification: number;
  /** The first of the three flags, "reserved, must be zero" (RFC 791 section 3.1). */
  readonly reservedFlag: boolean;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** Where the payload belongs in the unfragmented one, in octets, a multiple of 8. */
  readonly fragmentOffset: number;
  readonly ttl: number;
  /** Of the payload: `IpProtocol`, or another number. */
  readonly protocol: number;
  readonly source: Ipv4Address;
  readonly destination: Ipv4Address;
  readonly options: readonly Ipv4Option[];
}

/**
 * An IPv4 packet (RFC 791).
 *
 * ```
 *  0                   1                   2                   3
 * +-------+-------+-----------+---+-------------------------------+
 * |Version|  IHL  |   DSCP    |ECN|         Total Length          |
 * +-------+-------+-----------+---+-----+-------------------------+
 * |        Identification         |Flags|     Fragment Offset     |
 * +---------------+---------------+-----+-------------------------+
 * | Time to Live  |   Protocol    |        Header Checksum        |
 * +---------------+---------------+-------------------------------+
 * |       Source Address, Destination Address, Options            |
 * ```
 */
export interface Ipv4Packet extends Ipv4Header {
  /** As long as Total Length says: the padding of a short Ethernet frame is not part of it. */
  readonly payload: Uint8Array;
}

/** How {@link decodeIpv4} goes about it. */
export interface Ipv4DecodeOptions {
  /** Refuse a wrong header checksum; false when absent. */
  readonly verifyChecksum?: boolean;
  /** Offset of the first octet in the whole frame, for errors; 0 when absent. */
  readonly base?: number;
}

/**
 * Decodes an IPv4 packet. What lies behind Total Length is dropped.
 *
 * @throws DecodeError `truncated`, `bad-magic` (version), `bad-length` (header, total or option length), `bad-checksum`
 */
export function decodeIpv4(bytes: Uint8Array, options: Ipv4DecodeOptions = {}): Ipv4Packet {
  const base = options.base ?? 0;
  const reader = new ByteReader(bytes, base);
  const versionAndLength = reader.u8();
  if (versionAndLength >>> 4 !== 4) throw new DecodeError('bad-magic', 'not IP version 4', base);
  const headerLength = 4 * (versionAndLength & 0x0f);
  if (headerLength < MINIMUM_HEADER) throw new DecodeError('bad-length', `a header of ${headerLength} octets`, base);
  const services = reader.u8();
  const totalLength = reader.u16();
  if (totalLength < headerLength) {
    throw new DecodeError('bad-length', `total length ${totalLength} ends in the header`, base + 2);
  }
  if (totalLength > bytes.length) {
    throw new DecodeError('truncated', `${bytes.length} of ${totalLength} octets there`, base + bytes.length);
  }
  if (options.verifyChecksum === true && internetChecksum(bytes.subarray(0, headerLength)) !== 0) {
    throw new DecodeError('bad-checksum', 'the IPv4 header checksum does not match', base + 10);
  }
  const identification = reader.u16();
  const fragment = reader.u16();
  const ttl = reader.u8();
  const protocol = reader.u8();
  reader.skip(2);
  return {
    dscp: services >>> 2,
    ecn: services & 0x03,
    identification,
    reservedFlag: (fragment & 0x8000) !== 0,
    dontFragment: (fragment & 0x4000) !== 0,
    moreFragments: (fragment & 0x2000) !== 0,
    fragmentOffset: 8 * (fragment & 0x1fff),
    ttl,
    protocol,
    source: reader.ipv4(),
    destination: reader.ipv4(),
    options: headerLength === MINIMUM_HEADER ? [] : readOptions(reader.sub(headerLength - MINIMUM_HEADER)),
    payload: bytes.subarray(headerLength, totalLength),
  };
}

/** Whether the payload is a piece of a larger one, the first or the last included. */
export function isIpv4Fragment(header: Ipv4Header): boolean {
  return header.moreFragments || header.fragmentOffset !== 0;
}

/**
 * Encodes an IPv4 packet with its lengths and checksum. Options that do not fill 32-bit words are followed by zeros
 * (RFC 791 section 3.1, "Padding"), which end the list.
 *
 * @throws EncodeError `out-of-range`, `too-long` (more than 40 octets of options or 65535 in all), `bad-value`
 */
export function encodeIpv4(packet: Ipv4Packet): Uint8Array {
  const writer = new ByteWriter(MINIMUM_HEADER + MAXIMUM_OPTIONS + packet.payload.length);
  const start = writeIpv4Header(writer, packet);
  writer.bytes(packet.payload);
  finishIpv4(writer, start);
  return writer.finish();
}

/**
 * Writes a header whose length and checksum are still open; {@link finishIpv4} fills them in once the payload is
 * written behind it.
 *
 * @returns where the header starts in the writer
 * @throws EncodeError `out-of-range`, `too-long` (options) or `bad-value`
 */
export function writeIpv4Header(writer: ByteWriter, header: Ipv4Header): number {
  const fragmentOffset = bitField('fragment offset', header.fragmentOffset, 16);
  if (fragmentOffset % 8 !== 0) throw new EncodeError('bad-value', `${fragmentOffset} is not a multiple of 8 octets`);
  const start = writer.length;
  writer.u8(0x45);
  writer.u8((bitField('DSCP', header.dscp, 6) << 2) | bitField('ECN', header.ecn, 2));
  writer.u16(0);
  writer.u16(header.identification);
  writer.u16(
    (header.reservedFlag ? 0x8000 : 0) |
      (header.dontFragment ? 0x4000 : 0) |
      (header.moreFragments ? 0x2000 : 0) |
      (fragmentOffset / 8),
  );
  writer.u8(header.ttl);
  writer.u8(header.protocol);
  writer.u16(0);
  writer.ipv4(header.source);
  writer.ipv4(header.destination);
  if (header.options.length > 0) {
    for (const [i, option] of header.options.entries()) {
      if (option.type === END_OF_OPTIONS && i !== header.options.length - 1) {
        throw new EncodeError('bad-value', 'an IPv4 option behind the end of the list');
      }
      writeOption(writer, option);
    }
    writer.fill(-(writer.length - start) & 3);
    const length = writer.length - start;
    if (length > MINIMUM_HEADER + MAXIMUM_OPTIONS) {
      throw new EncodeError('too-long', `${length - MINIMUM_HEADER} octets of IPv4 options, at most 40 fit`);
    }
    writer.patchU8(start, 0x40 | (length / 4));
  }
  return start;
}

/**
 * Fills in the total length, which is all that was written since `start`, and the checksum of the header there.
 *
 * @throws EncodeError `too-long` when the packet has more than 65535 octets
 */
export function finishIpv4(writer: ByteWriter, start: number): void {
  const length = writer.length - start;
  if (length > 0xffff) throw new EncodeError('too-long', `an IPv4 packet cannot have ${length} octets`);
  writer.patchU16(start + 2, length);
  const packet = writer.view().subarray(start);
  const headerLength = 4 * ((packet[0] as number) & 0x0f);
  writer.patchU16(start + 10, internetChecksum(packet.subarray(0, headerLength)));
}

function readOptions(reader: ByteReader): Ipv4Option[] {
  const options: Ipv4Option[] = [];
  while (reader.remaining > 0) {
    const at = reader.offset;
    const type = reader.u8();
    if (type === END_OF_OPTIONS) {
      options.push({ type, data: reader.rest() });
    } else if (type === NO_OPERATION) {
      options.push({ type, data: reader.bytes(0) });
    } else {
      const length = reader.u8(); // counts the type and itself
      if (length < 2 || length - 2 > reader.remaining) {
        throw new DecodeError('bad-length', `IPv4 option ${type} of ${length} octets`, at + 1);
      }
      options.push({ type, data: reader.bytes(length - 2) });
    }
  }
  return options;
}

function writeOption(writer: ByteWriter, { type, data }: Ipv4Option): void {
  writer.u8(type);
  if (type === NO_OPERATION) {
    if (data.length > 0) throw new EncodeError('bad-value', 'a No Operation option has no data');
    return;
  }
  if (type !== END_OF_OPTIONS) writer.u8(data.length + 2);
  writer.bytes(data);
}
