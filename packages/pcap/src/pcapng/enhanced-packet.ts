import { DecodeError } from '@router7/wire';
import type { OrderedReader, OrderedWriter } from '../byte-order.ts';
import { type PcapngOption, readOptions, writeOptions } from './option.ts';

/** Codes of an Enhanced Packet Block's own options. */
export const PacketOptionCode = {
  /** 32 bits of direction, reception type and link errors. */
  flags: 2,
  hash: 3,
  /** Packets lost since the one before, a 64-bit number. */
  dropCount: 4,
  packetId: 5,
  queue: 6,
  verdict: 7,
} as const;

/**
 * A packet (draft-ietf-opsawg-pcapng section 4.3).
 *
 * ```
 * +---------------------------------------------------------------+
 * |                         Interface ID                          |
 * +---------------------------------------------------------------+
 * |          Timestamp, the upper 32 bits first                   |
 * +---------------------------------------------------------------+
 * |     Captured Packet Length, then Original Packet Length       |
 * +---------------------------------------------------------------+
 * |     Packet Data, padded to 32 bits                            |
 * ```
 */
export interface EnhancedPacketBlock {
  readonly kind: 'enhanced-packet';
  readonly interfaceId: number;
  /** In the unit of the interface, see `timestampScale`. */
  readonly ticks: bigint;
  readonly originalLength: number;
  readonly bytes: Uint8Array;
  readonly options: readonly PcapngOption[];
}

/** Reads the body. @throws DecodeError `truncated`, `bad-length` (captured length past the block), `leftover` */
export function readEnhancedPacket(reader: OrderedReader): EnhancedPacketBlock {
  const interfaceId = reader.u32();
  const high = reader.u32(); // in both byte orders the upper half comes first
  const low = reader.u32();
  const at = reader.offset;
  const capturedLength = reader.u32();
  const originalLength = reader.u32();
  if (capturedLength > reader.remaining) {
    throw new DecodeError('bad-length', `a packet of ${capturedLength} octets leaves its block`, at);
  }
  const bytes = reader.padded(capturedLength);
  return {
    kind: 'enhanced-packet',
    interfaceId,
    ticks: (BigInt(high) << 32n) | BigInt(low),
    originalLength,
    bytes,
    options: readOptions(reader),
  };
}

/** Writes the body. @throws EncodeError `out-of-range`, `too-long` or `bad-value` */
export function writeEnhancedPacket(writer: OrderedWriter, block: EnhancedPacketBlock): void {
  writer.u32(block.interfaceId);
  writer.u32(Number(block.ticks >> 32n));
  writer.u32(Number(block.ticks & 0xffff_ffffn));
  writer.u32(block.bytes.length);
  writer.u32(block.originalLength);
  writer.padded(block.bytes);
  writeOptions(writer, block.options);
}
