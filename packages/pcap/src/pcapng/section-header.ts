import { DecodeError } from '@router7/wire';
import type { ByteOrder, OrderedReader, OrderedWriter } from '../byte-order.ts';
import { type PcapngOption, readOptions, writeOptions } from './option.ts';

/** What the Byte-Order Magic reads as in a section's own order. */
export const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;

const VERSION_MAJOR = 1;
const VERSION_MINOR = 0;
const UNSPECIFIED = 0xffff_ffff_ffff_ffffn;

/** Codes of a Section Header Block's own options. */
export const SectionOptionCode = {
  hardware: 2,
  operatingSystem: 3,
  /** The program that wrote the section. */
  application: 4,
} as const;

/**
 * The block that starts a section, and sets its byte order (draft-ietf-opsawg-pcapng section 4.1).
 *
 * ```
 * +---------------------------------------------------------------+
 * |               Byte-Order Magic: 0x1a2b3c4d                    |
 * +-------------------------------+-------------------------------+
 * |       Major Version: 1        |       Minor Version: 0        |
 * +-------------------------------+-------------------------------+
 * |               Section Length, 64 bits                         |
 * +---------------------------------------------------------------+
 * ```
 */
export interface SectionHeaderBlock {
  readonly kind: 'section-header';
  readonly byteOrder: ByteOrder;
  /** Octets of the section behind this block, for who wants to skip it; undefined when unknown. Never relied upon. */
  readonly sectionLength: bigint | undefined;
  readonly options: readonly PcapngOption[];
}

/** Reads the body. @throws DecodeError `truncated`, `bad-magic` (magic, version), `bad-length` or `leftover` */
export function readSectionHeader(reader: OrderedReader, byteOrder: ByteOrder): SectionHeaderBlock {
  const at = reader.offset;
  if (reader.u32() !== BYTE_ORDER_MAGIC) throw new DecodeError('bad-magic', 'not the byte-order magic', at);
  const major = reader.u16();
  const minor = reader.u16();
  // Section 4.1: readers treat minor version 2, which some programs wrote, as if it were 0.
  if (major !== VERSION_MAJOR || (minor !== VERSION_MINOR && minor !== 2)) {
    throw new DecodeError('bad-magic', `pcapng version ${major}.${minor}, only 1.0 is known`, at + 4);
  }
  const length = reader.u64();
  const sectionLength = length === UNSPECIFIED ? undefined : length;
  return { kind: 'section-header', byteOrder, sectionLength, options: readOptions(reader) };
}

/** Writes the body. @throws EncodeError `out-of-range`, `too-long` or `bad-value` */
export function writeSectionHeader(writer: OrderedWriter, block: SectionHeaderBlock): void {
  writer.u32(BYTE_ORDER_MAGIC);
  writer.u16(VERSION_MAJOR);
  writer.u16(VERSION_MINOR);
  writer.u64(block.sectionLength ?? UNSPECIFIED);
  writeOptions(writer, block.options);
}
