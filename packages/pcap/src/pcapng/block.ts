import { DecodeError, EncodeError } from '@router7/wire';
import { type ByteOrder, OrderedReader, OrderedWriter } from '../byte-order.ts';
import { type EnhancedPacketBlock, readEnhancedPacket, writeEnhancedPacket } from './enhanced-packet.ts';
import {
  type InterfaceDescriptionBlock,
  readInterfaceDescription,
  writeInterfaceDescription,
} from './interface-description.ts';
import type { RawBlock } from './raw-block.ts';
import { readSectionHeader, type SectionHeaderBlock, writeSectionHeader } from './section-header.ts';
import { readSimplePacket, type SimplePacketBlock, writeSimplePacket } from './simple-packet.ts';

/** Types of pcapng blocks (draft-ietf-opsawg-pcapng section 11.1). Others stay plain numbers. */
export const BlockType = {
  interfaceDescription: 1,
  simplePacket: 3,
  nameResolution: 4,
  interfaceStatistics: 5,
  enhancedPacket: 6,
  /** Reads the same in both byte orders. */
  sectionHeader: 0x0a0d_0d0a,
} as const;

/** Octets of a block without body: type, and the length at either end. */
export const MINIMUM_BLOCK = 12;

/**
 * A block of a pcapng file (draft-ietf-opsawg-pcapng section 3.1).
 *
 * ```
 * +---------------------------------------------------------------+
 * |                          Block Type                           |
 * +---------------------------------------------------------------+
 * |                      Block Total Length                       |
 * +---------------------------------------------------------------+
 * |          Block Body, padded to 32 bits                        |
 * +---------------------------------------------------------------+
 * |                      Block Total Length                       |
 * +---------------------------------------------------------------+
 * ```
 */
export type Block = SectionHeaderBlock | InterfaceDescriptionBlock | EnhancedPacketBlock | SimplePacketBlock | RawBlock;

/** What a block's meaning depends on besides its bytes. */
export interface BlockContext {
  readonly byteOrder: ByteOrder;
  /** Of the section's first interface, which Simple Packet Blocks belong to; 0 for no limit. */
  readonly snapLength: number;
}

type Read = (reader: OrderedReader, context: BlockContext) => Block;

const REGISTRY: ReadonlyMap<number, Read> = new Map<number, Read>([
  [BlockType.sectionHeader, (reader, { byteOrder }) => readSectionHeader(reader, byteOrder)],
  [BlockType.interfaceDescription, readInterfaceDescription],
  [BlockType.enhancedPacket, readEnhancedPacket],
  [BlockType.simplePacket, (reader, { snapLength }) => readSimplePacket(reader, snapLength)],
]);

/**
 * Decodes one whole block.
 *
 * @param base offset of the block in the file, for errors
 * @throws DecodeError `truncated`, `bad-length`, `bad-magic` or `leftover`
 */
export function decodeBlock(bytes: Uint8Array, context: BlockContext, base: number = 0): Block {
  const reader = new OrderedReader(bytes, context.byteOrder, base);
  const type = reader.u32();
  const length = reader.u32();
  // Section 3.1: "This value MUST be a multiple of 4", and the one behind the body the same.
  if (length !== bytes.length || length < MINIMUM_BLOCK || length % 4 !== 0) {
    throw new DecodeError('bad-length', `block length ${length}`, base + 4);
  }
  const body = reader.bytes(length - MINIMUM_BLOCK);
  if (reader.u32() !== length) {
    throw new DecodeError('bad-length', 'the two lengths of the block differ', base + length - 4);
  }
  const read = REGISTRY.get(type);
  return read === undefined
    ? { kind: 'raw', type, body }
    : read(new OrderedReader(body, context.byteOrder, base + 8), context);
}

/**
 * Encodes one whole block. A section header has its own byte order, which `byteOrder` must agree with.
 *
 * @throws EncodeError `out-of-range`, `too-long`, or `bad-value`, also for a raw body that is not padded to 32 bits
 */
export function encodeBlock(block: Block, byteOrder: ByteOrder): Uint8Array {
  const writer = new OrderedWriter(byteOrder, 64 + ('bytes' in block ? block.bytes.length : 128));
  writer.u32(block.kind === 'raw' ? block.type : TYPES[block.kind]);
  writer.u32(0);
  switch (block.kind) {
    case 'section-header':
      if (block.byteOrder !== byteOrder) throw new EncodeError('bad-value', 'the section has the other byte order');
      writeSectionHeader(writer, block);
      break;
    case 'interface-description':
      writeInterfaceDescription(writer, block);
      break;
    case 'enhanced-packet':
      writeEnhancedPacket(writer, block);
      break;
    case 'simple-packet':
      writeSimplePacket(writer, block);
      break;
    case 'raw':
      if (block.body.length % 4 !== 0) throw new EncodeError('bad-value', 'the block is not padded to 32 bits');
      writer.bytes(block.body);
      break;
  }
  const length = writer.length + 4;
  writer.u32(length);
  writer.patchU32(4, length);
  return writer.finish();
}

const TYPES = {
  'section-header': BlockType.sectionHeader,
  'interface-description': BlockType.interfaceDescription,
  'enhanced-packet': BlockType.enhancedPacket,
  'simple-packet': BlockType.simplePacket,
} as const;
