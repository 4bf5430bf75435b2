import { SECTOR } from './gpt.ts';

/** Bytes of the boot sector in front of the table of partitions: boot code, and the disk's signature at its end. */
export const BOOT_CODE_LENGTH = 446;

const SIGNATURE_AT = 440;
const ENTRY_LENGTH = 16;

const PartitionType = {
  fat32Lba: 0x0c,
  gptProtective: 0xee,
} as const;

/**
 * The part of the boot sector that an update replaces.
 *
 * @param code at most 440 bytes are used
 */
export function encodeBootCode(code: Uint8Array, diskSignature: number): Uint8Array {
  const bytes = Buffer.alloc(BOOT_CODE_LENGTH);
  bytes.set(code.subarray(0, SIGNATURE_AT));
  bytes.writeUInt32LE(diskSignature, SIGNATURE_AT);
  return bytes;
}

/**
 * A hybrid master boot record: a BIOS that wants an active partition finds the first one of the GPT, everybody else finds
 * the protective entry (UEFI 2.10, 5.2.3) and goes by the GPT.
 *
 * @param boot sectors of the first partition of the GPT
 */
export function encodeHybridMbr(
  bootCode: Uint8Array,
  boot: { readonly firstSector: number; readonly sectors: number },
): Uint8Array {
  const bytes = Buffer.alloc(SECTOR);
  bytes.set(bootCode.subarray(0, BOOT_CODE_LENGTH));
  bytes.set(entry(0x80, PartitionType.fat32Lba, boot.firstSector, boot.sectors), BOOT_CODE_LENGTH);
  bytes.set(entry(0, PartitionType.gptProtective, 1, boot.firstSector - 1), BOOT_CODE_LENGTH + ENTRY_LENGTH);
  bytes.writeUInt16LE(0xaa55, 510);
  return bytes;
}

function entry(status: number, type: number, firstSector: number, sectors: number): Uint8Array {
  const bytes = Buffer.alloc(ENTRY_LENGTH);
  // Cylinders, heads and sectors cannot tell addresses like these: the highest there is stands for that.
  bytes.set([status, 0xfe, 0xff, 0xff, type, 0xfe, 0xff, 0xff]);
  bytes.writeUInt32LE(firstSector, 8);
  bytes.writeUInt32LE(sectors, 12);
  return bytes;
}
