import type { ByteOrder } from './byte-order.ts';
import { LinkType } from './link-type.ts';
import { encodePcapHeader, encodePcapRecord, MAXIMUM_SNAP_LENGTH, type PcapHeader } from './pcap-file.ts';

/** A packet to be written. */
export interface PacketToWrite {
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  readonly timestamp: bigint;
  readonly bytes: Uint8Array;
  /** Octets that the packet had on the wire; those of `bytes` when absent. */
  readonly originalLength?: number;
}

/** How a {@link PcapWriter} writes. */
export interface PcapWriterOptions {
  /** A `LinkType`; Ethernet when absent. */
  readonly linkType?: number;
  /** Longer packets are cut to so many octets; 262144 when absent. */
  readonly snapLength?: number;
  /** `microseconds` when absent: what every program reads. */
  readonly resolution?: 'microseconds' | 'nanoseconds';
  /** `little` when absent. */
  readonly byteOrder?: ByteOrder;
}

/** Makes a classic pcap file, one chunk a call: {@link PcapWriter.start} first, then the packets. */
export class PcapWriter {
  readonly #header: PcapHeader;

  constructor(options: PcapWriterOptions = {}) {
    this.#header = {
      kind: 'pcap-header',
      byteOrder: options.byteOrder ?? 'little',
      resolution: options.resolution ?? 'microseconds',
      snapLength: options.snapLength ?? MAXIMUM_SNAP_LENGTH,
      linkType: options.linkType ?? LinkType.ethernet,
      linkTypeFlags: 0,
    };
  }

  /** What the file starts with. @throws EncodeError `out-of-range` */
  start(): Uint8Array {
    return encodePcapHeader(this.#header);
  }

  /** A packet, cut to the snap length. @throws EncodeError `out-of-range` for times before 1970 or behind 2106 */
  packet({ timestamp, bytes, originalLength }: PacketToWrite): Uint8Array {
    const kept = bytes.subarray(0, this.#header.snapLength);
    return encodePcapRecord({ timestamp, bytes: kept, originalLength: originalLength ?? bytes.length }, this.#header);
  }
}
