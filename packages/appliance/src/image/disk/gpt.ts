import { crc32 } from 'node:zlib';
import { encodeGuid, GUID_LENGTH } from './guid.ts';

/** Bytes of a sector; logical block addresses (LBA) count these. */
export const SECTOR = 512;

const ENTRIES = 128;
const ENTRY_LENGTH = 128;
const HEADER_LENGTH = 92;
/** Sectors of the table of partitions. */
const TABLE_SECTORS = (ENTRIES * ENTRY_LENGTH) / SECTOR;
/** The first header is at LBA 1, its table behind it. */
const FIRST_USABLE = 2 + TABLE_SECTORS;

/** One partition. */
export interface GptPartition {
  /** GUID of what it is for. */
  readonly type: string;
  readonly guid: string;
  readonly name: string;
  readonly firstSector: number;
  readonly sectors: number;
}

/** Last sector of a disk that may be in a partition: the second table and header follow. */
export function lastUsableSector(diskSectors: number): number {
  return diskSectors - 2 - TABLE_SECTORS;
}

/**
 * A GUID partition table (UEFI 2.10, 5.3), without the MBR that stands before it.
 *
 * @returns `primary` belongs at LBA 1, `backup` ends with the disk
 */
export function encodeGpt(
  guid: string,
  partitions: readonly GptPartition[],
  diskSectors: number,
): { readonly primary: Uint8Array; readonly backup: Uint8Array } {
  const table = Buffer.alloc(TABLE_SECTORS * SECTOR);
  for (const [index, partition] of partitions.entries()) {
    const { firstSector, sectors } = partition;
    if (firstSector < FIRST_USABLE || firstSector + sectors - 1 > lastUsableSector(diskSectors)) {
      throw new RangeError(`partition ${index + 1} does not fit on ${diskSectors} sectors`);
    }
    table.set(entry(partition), index * ENTRY_LENGTH);
  }
  const header = (own: number, other: number, tableAt: number): Uint8Array => {
    const bytes = Buffer.alloc(SECTOR);
    bytes.write('EFI PART', 0, 'latin1');
    bytes.writeUInt32LE(0x00010000, 8); // revision
    bytes.writeUInt32LE(HEADER_LENGTH, 12);
    bytes.writeBigUInt64LE(BigInt(own), 24);
    bytes.writeBigUInt64LE(BigInt(other), 32);
    bytes.writeBigUInt64LE(BigInt(FIRST_USABLE), 40);
    bytes.writeBigUInt64LE(BigInt(lastUsableSector(diskSectors)), 48);
    bytes.set(encodeGuid(guid), 56);
    bytes.writeBigUInt64LE(BigInt(tableAt), 72);
    bytes.writeUInt32LE(ENTRIES, 80);
    bytes.writeUInt32LE(ENTRY_LENGTH, 84);
    bytes.writeUInt32LE(crc32(table), 88);
    // Of the header with this field zero.
    bytes.writeUInt32LE(crc32(bytes.subarray(0, HEADER_LENGTH)), 16);
    return bytes;
  };
  const last = diskSectors - 1;
  return {
    primary: Buffer.concat([header(1, last, 2), table]),
    backup: Buffer.concat([table, header(last, 1, last - TABLE_SECTORS)]),
  };
}

function entry({ type, guid, name, firstSector, sectors }: GptPartition): Uint8Array {
  const bytes = Buffer.alloc(ENTRY_LENGTH);
  bytes.set(encodeGuid(type), 0);
  bytes.set(encodeGuid(guid), GUID_LENGTH);
  bytes.writeBigUInt64LE(BigInt(firstSector), 32);
  bytes.writeBigUInt64LE(BigInt(firstSector + sectors - 1), 40);
  bytes.write(name, 56, 'utf16le');
  return bytes;
}
