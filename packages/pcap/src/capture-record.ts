import type { PcapHeader } from './pcap-file.ts';
import type { EnhancedPacketBlock } from './pcapng/enhanced-packet.ts';
import type { InterfaceDescriptionBlock } from './pcapng/interface-description.ts';
import type { RawBlock } from './pcapng/raw-block.ts';
import type { SectionHeaderBlock } from './pcapng/section-header.ts';
import type { SimplePacketBlock } from './pcapng/simple-packet.ts';

/** A packet out of a capture file of either format. */
export interface CapturedPacket {
  readonly kind: 'packet';
  /** Nanoseconds since 1970-01-01T00:00:00Z; undefined for pcapng's Simple Packet Blocks, which do not say. */
  readonly timestamp: bigint | undefined;
  /** What `bytes` start with: a `LinkType`, or another number. */
  readonly linkType: number;
  /** Octets that the packet had on the wire; more than there are when the capture cut it. */
  readonly originalLength: number;
  readonly bytes: Uint8Array;
  /** Which interface of its section, counted from 0; always 0 in classic pcap. */
  readonly interfaceId: number;
  /** Texts that pcapng attaches to the packet. */
  readonly comments: readonly string[];
  /** What pcapng says of the interface; absent in classic pcap. */
  readonly interface?: InterfaceDescriptionBlock;
  /** The block as it was, with all its options; absent in classic pcap. */
  readonly block?: EnhancedPacketBlock | SimplePacketBlock;
}

/** What a capture file holds, in its order. */
export type CaptureRecord = PcapHeader | SectionHeaderBlock | InterfaceDescriptionBlock | CapturedPacket | RawBlock;
