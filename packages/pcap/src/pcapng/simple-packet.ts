import { DecodeError, EncodeError } from '@router7/wire';
import type { OrderedReader, OrderedWriter } from '../byte-order.ts';

/**
 * A packet of the section's first interface, without time or options (draft-ietf-opsawg-pcapng section 4.4).
 *
 * ```
 * +---------------------------------------------------------------+
 * |                    Original Packet Length                     |
 * +---------------------------------------------------------------+
 * |     Packet Data, padded to 32 bits                            |
 * ```
 */
export interface SimplePacketBlock {
  readonly kind: 'simple-packet';
  readonly originalLength: number;
  /** As long as the original, or as the interface's snap length when that is less. */
  readonly bytes: Uint8Array;
}

/**
 * Reads the body.
 *
 * @param snapLength of the section's first interface; 0 for no limit
 * @throws DecodeError `truncated`, `bad-length` (packet past the block) or `leftover`
 */
export function readSimplePacket(reader: OrderedReader, snapLength: number): SimplePacketBlock {
  const at = reader.offset;
  const originalLength = reader.u32();
  // Section 4.4: the captured length is "the minimum of the SnapLen [...] and the Original Packet Length".
  const capturedLength = snapLength === 0 ? originalLength : Math.min(originalLength, snapLength);
  if (capturedLength > reader.remaining) {
    throw new DecodeError('bad-length', `a packet of ${capturedLength} octets leaves its block`, at);
  }
  const bytes = reader.padded(capturedLength);
  if (reader.remaining > 0) {
    throw new DecodeError('leftover', `${reader.remaining} octets behind a simple packet`, reader.offset);
  }
  return { kind: 'simple-packet', originalLength, bytes };
}

/** Writes the body. @throws EncodeError `out-of-range`, or `bad-value` for a packet longer than its original */
export function writeSimplePacket(writer: OrderedWriter, block: SimplePacketBlock): void {
  if (block.bytes.length > block.originalLength) {
    throw new EncodeError('bad-value', `${block.bytes.length} octets captured of ${block.originalLength}`);
  }
  writer.u32(block.originalLength);
  writer.padded(block.bytes);
}
