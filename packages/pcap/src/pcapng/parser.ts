import { DecodeError } from '@router7/wire';
import { type ByteOrder, OrderedReader } from '../byte-order.ts';
import type { CapturedPacket, CaptureRecord } from '../capture-record.ts';
import type { ChunkBuffer } from '../chunk-buffer.ts';
import { type Block, BlockType, decodeBlock, MINIMUM_BLOCK } from './block.ts';
import type { EnhancedPacketBlock } from './enhanced-packet.ts';
import type { InterfaceDescriptionBlock } from './interface-description.ts';
import { optionTexts, PcapngOptionCode } from './option.ts';
import { BYTE_ORDER_MAGIC } from './section-header.ts';
import type { SimplePacketBlock } from './simple-packet.ts';
import { type TimestampScale, ticksToNanoseconds, timestampScale } from './timestamp.ts';

const MAXIMUM_INTERFACES = 65_536;

interface Interface {
  readonly description: InterfaceDescriptionBlock;
  readonly scale: TimestampScale;
}

/** Takes the blocks of a pcapng file out of a buffer, one at a time, and knows the section that they are in. */
export class PcapngParser {
  readonly #maximumBlockLength: number;
  #byteOrder: ByteOrder = 'big';
  #interfaces: Interface[] = [];

  constructor(maximumBlockLength: number) {
    this.#maximumBlockLength = maximumBlockLength;
  }

  /**
   * The next record, or undefined until the buffer holds it whole.
   *
   * @throws DecodeError `bad-magic`, `bad-length`, `truncated`, `leftover`, `limit`, `bad-value` (interface that was
   *   not described) or `missing` (simple packet before any interface)
   */
  next(buffer: ChunkBuffer): CaptureRecord | undefined {
    const start = buffer.peek(MINIMUM_BLOCK);
    if (start === undefined) return undefined;
    const base = buffer.offset;
    const isSection = new OrderedReader(start, 'big').u32() === BlockType.sectionHeader;
    const byteOrder = isSection ? sectionByteOrder(start, base) : this.#byteOrder;
    const length = new OrderedReader(start.subarray(4), byteOrder).u32();
    if (length < MINIMUM_BLOCK || length % 4 !== 0)
      throw new DecodeError('bad-length', `block length ${length}`, base + 4);
    if (length > this.#maximumBlockLength) throw new DecodeError('limit', `a block of ${length} octets`, base + 4);
    const bytes = buffer.take(length);
    if (bytes === undefined) return undefined;
    const snapLength = this.#interfaces[0]?.description.snapLength ?? 0;
    const block = decodeBlock(bytes, { byteOrder, snapLength }, base);
    if (isSection) {
      // Section 4.1: interface ids and byte order hold in one section only.
      this.#byteOrder = byteOrder;
      this.#interfaces = [];
    }
    return this.#record(block, base);
  }

  #record(block: Block, base: number): CaptureRecord {
    switch (block.kind) {
      case 'interface-description':
        if (this.#interfaces.length >= MAXIMUM_INTERFACES) throw new DecodeError('limit', 'too many interfaces', base);
        this.#interfaces.push({ description: block, scale: timestampScale(block, this.#byteOrder, base) });
        return block;
      case 'enhanced-packet': {
        const from = this.#interfaces[block.interfaceId];
        if (from === undefined) {
          throw new DecodeError('bad-value', `interface ${block.interfaceId} was not described`, base + 8);
        }
        return packet(block, from, block.interfaceId, ticksToNanoseconds(block.ticks, from.scale));
      }
      case 'simple-packet': {
        const from = this.#interfaces[0];
        if (from === undefined) throw new DecodeError('missing', 'a simple packet before any interface', base);
        return packet(block, from, 0, undefined);
      }
      default:
        return block;
    }
  }
}

function packet(
  block: EnhancedPacketBlock | SimplePacketBlock,
  { description }: Interface,
  interfaceId: number,
  timestamp: bigint | undefined,
): CapturedPacket {
  return {
    kind: 'packet',
    timestamp,
    linkType: description.linkType,
    originalLength: block.originalLength,
    bytes: block.bytes,
    interfaceId,
    comments: block.kind === 'enhanced-packet' ? optionTexts(block.options, PcapngOptionCode.comment) : [],
    interface: description,
    block,
  };
}

function sectionByteOrder(start: Uint8Array, base: number): ByteOrder {
  const magic = start.subarray(8);
  if (new OrderedReader(magic, 'big').u32() === BYTE_ORDER_MAGIC) return 'big';
  if (new OrderedReader(magic, 'little').u32() === BYTE_ORDER_MAGIC) return 'little';
  throw new DecodeError('bad-magic', 'not the byte-order magic', base + 8);
}
