import type { OrderedReader, OrderedWriter } from '../byte-order.ts';
import { type PcapngOption, readOptions, writeOptions } from './option.ts';

/** Codes of an Interface Description Block's own options. */
export const InterfaceOptionCode = {
  name: 2,
  description: 3,
  ipv4Address: 4,
  ipv6Address: 5,
  macAddress: 6,
  speed: 8,
  /** Unit of the timestamps, one octet; microseconds when absent. */
  timestampResolution: 9,
  filter: 11,
  operatingSystem: 12,
  fcsLength: 13,
  /** Seconds to add to the timestamps, a signed 64-bit number; 0 when absent. */
  timestampOffset: 14,
  hardware: 15,
} as const;

/**
 * What a section's packets were captured on (draft-ietf-opsawg-pcapng section 4.2). The first block of a section has
 * the interface id 0, and so on.
 *
 * ```
 * +-------------------------------+-------------------------------+
 * |           LinkType            |           Reserved            |
 * +-------------------------------+-------------------------------+
 * |                            SnapLen                            |
 * +---------------------------------------------------------------+
 * ```
 */
export interface InterfaceDescriptionBlock {
  readonly kind: 'interface-description';
  /** A `LinkType`, or another number. */
  readonly linkType: number;
  /** At most so many octets of each packet were kept; 0 for no limit. */
  readonly snapLength: number;
  readonly options: readonly PcapngOption[];
}

/** Reads the body. @throws DecodeError `truncated`, `bad-length` or `leftover` */
export function readInterfaceDescription(reader: OrderedReader): InterfaceDescriptionBlock {
  const linkType = reader.u16();
  reader.u16(); // "MUST be filled with 0 by pcapng file writers, and ignored by pcapng file readers"
  return { kind: 'interface-description', linkType, snapLength: reader.u32(), options: readOptions(reader) };
}

/** Writes the body. @throws EncodeError `out-of-range`, `too-long` or `bad-value` */
export function writeInterfaceDescription(writer: OrderedWriter, block: InterfaceDescriptionBlock): void {
  writer.u16(block.linkType);
  writer.u16(0);
  writer.u32(block.snapLength);
  writeOptions(writer, block.options);
}
