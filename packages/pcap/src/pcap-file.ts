import { DecodeError, EncodeError } from '@router7/wire';
import { bitField } from './bit-field.ts';
import { type ByteOrder, OrderedReader, OrderedWriter } from './byte-order.ts';

/** What libpcap takes as the most that any capture holds of one packet, in octets. */
export const MAXIMUM_SNAP_LENGTH = 262_144;

/** Octets of the file's header. */
export const PCAP_HEADER_LENGTH = 24;
/** Octets of what precedes each packet. */
export const PCAP_RECORD_HEADER_LENGTH = 16;

const MAGIC_MICRO = 0xa1b2_c3d4;
const MAGIC_NANO = 0xa1b2_3c4d;
const VERSION_MAJOR = 2;
const VERSION_MINOR = 4;
const NANOSECONDS = 1_000_000_000n;

/**
 * The header of a classic pcap file (draft-ietf-opsawg-pcap section 4). Two reserved fields (once time zone and
 * accuracy) are not kept.
 *
 * ```
 * +---------------------------------------------------------------+
 * |          Magic Number: 0xa1b2c3d4, or 0xa1b23c4d for ns       |
 * +-------------------------------+-------------------------------+
 * |       Major Version: 2        |       Minor Version: 4        |
 * +-------------------------------+-------------------------------+
 * |                 Reserved, Reserved, Snap Length               |
 * +-------------------------------+-------------------------------+
 * |    FCS length and reserved    |           Link Type           |
 * +-------------------------------+-------------------------------+
 * ```
 */
export interface PcapHeader {
  readonly kind: 'pcap-header';
  readonly byteOrder: ByteOrder;
  /** The unit of the timestamps' fraction. */
  readonly resolution: 'microseconds' | 'nanoseconds';
  /** At most so many octets of each packet were kept, or so the file says. */
  readonly snapLength: number;
  /** A `LinkType`, or another number. */
  readonly linkType: number;
  /** The upper 16 bits of the link type's field: whether frames end in a check sequence, and how long it is. */
  readonly linkTypeFlags: number;
}

/**
 * Decodes the header of a classic pcap file.
 *
 * @param bytes at least 24 octets; further ones are ignored
 * @throws DecodeError `truncated`, or `bad-magic` (magic number, or a version other than 2.4)
 */
export function decodePcapHeader(bytes: Uint8Array): PcapHeader {
  const byteOrder: ByteOrder = new OrderedReader(bytes, 'big').u32() >>> 16 === 0xa1b2 ? 'big' : 'little';
  const reader = new OrderedReader(bytes, byteOrder);
  const magic = reader.u32();
  if (magic !== MAGIC_MICRO && magic !== MAGIC_NANO) throw new DecodeError('bad-magic', 'not a pcap file', 0);
  const major = reader.u16();
  const minor = reader.u16();
  // Before 2.4 the two lengths of a record came in either order.
  if (major !== VERSION_MAJOR || minor !== VERSION_MINOR) {
    throw new DecodeError('bad-magic', `pcap version ${major}.${minor}, only 2.4 is known`, 4);
  }
  reader.bytes(8);
  const snapLength = reader.u32();
  const network = reader.u32();
  return {
    kind: 'pcap-header',
    byteOrder,
    resolution: magic === MAGIC_NANO ? 'nanoseconds' : 'microseconds',
    snapLength,
    linkType: network & 0xffff,
    linkTypeFlags: network >>> 16,
  };
}

/** Encodes the header of a classic pcap file, 24 octets. @throws EncodeError `out-of-range` */
export function encodePcapHeader(header: PcapHeader): Uint8Array {
  const writer = new OrderedWriter(header.byteOrder, PCAP_HEADER_LENGTH);
  writer.u32(header.resolution === 'nanoseconds' ? MAGIC_NANO : MAGIC_MICRO);
  writer.u16(VERSION_MAJOR);
  writer.u16(VERSION_MINOR);
  writer.u64(0n);
  writer.u32(header.snapLength);
  writer.u32(
    bitField('link type flags', header.linkTypeFlags, 16) * 0x1_0000 + bitField('link type', header.linkType, 16),
  );
  return writer.finish();
}

/** A packet as classic pcap has it. */
export interface PcapRecord {
  /** Nanoseconds since 1970-01-01T00:00:00Z, up to 2106. Files of microseconds drop the last three digits. */
  readonly timestamp: bigint;
  readonly originalLength: number;
  readonly bytes: Uint8Array;
}

/**
 * Encodes one packet for a file with the given header.
 *
 * ```
 * +---------------------------------------------------------------+
 * |        Seconds, then microseconds or nanoseconds              |
 * +---------------------------------------------------------------+
 * |        Captured Packet Length, then Original Packet Length    |
 * +---------------------------------------------------------------+
 * ```
 *
 * @throws EncodeError `out-of-range` for times before 1970 or behind 2106
 */
export function encodePcapRecord(record: PcapRecord, header: PcapHeader): Uint8Array {
  const { timestamp, bytes } = record;
  if (timestamp < 0n) throw new EncodeError('out-of-range', 'pcap knows no time before 1970');
  const writer = new OrderedWriter(header.byteOrder, PCAP_RECORD_HEADER_LENGTH + bytes.length);
  const fraction = Number(timestamp % NANOSECONDS);
  writer.u32(Number(timestamp / NANOSECONDS));
  writer.u32(header.resolution === 'nanoseconds' ? fraction : Math.trunc(fraction / 1000));
  writer.u32(bytes.length);
  writer.u32(record.originalLength);
  writer.bytes(bytes);
  return writer.finish();
}
