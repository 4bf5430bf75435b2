import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECTOR } from '../disk/gpt.ts';
import { BOOT_CODE_LENGTH } from '../disk/mbr.ts';

/** Where GRUB looks for its configuration: on the first partition of the disk it came from. */
const PREFIX = '(,gpt1)/grub';

/** What grub.cfg uses, and what is needed to get there; nothing is loaded later. */
const MODULES = [
  'part_gpt',
  'fat',
  'squash4',
  'normal',
  'loadenv',
  'regexp',
  'test',
  'linux',
  'echo',
  'sleep',
  'reboot',
];
const BIOS_MODULES = [...MODULES, 'biosdisk', 'serial', 'terminal'];
const EFI_MODULES = [...MODULES, 'serial', 'terminal', 'all_video'];

/** Offsets in boot.img and diskboot.img of GRUB 2 (include/grub/i386/pc/boot.h). */
const KERNEL_SECTOR_AT = 0x5c;
const DRIVE_CHECK_AT = 0x66;
/** The list of where core.img's other sectors are ends with the first of them. */
const BLOCK_LIST_AT = SECTOR - 12;
/** Segment at which they are loaded. */
const LOAD_SEGMENT = 0x820;
const NOP = 0x90;

/** GRUB for a BIOS. */
export interface BiosGrub {
  /** For the first sector of the disk. */
  readonly bootCode: Uint8Array;
  /** For the sectors from the given one on. */
  readonly core: Uint8Array;
}

/**
 * GRUB for a BIOS, put together as grub-bios-setup would do it.
 *
 * @param folder the package grub-pc-bin, unpacked
 * @param sector at which the core is going to be
 */
export function biosGrub(folder: string, sector: number): BiosGrub {
  const modules = join(folder, 'usr/lib/grub/i386-pc');
  const bootCode = Buffer.from(readFileSync(join(modules, 'boot.img')).subarray(0, BOOT_CODE_LENGTH));
  bootCode.writeBigUInt64LE(BigInt(sector), KERNEL_SECTOR_AT);
  // Some BIOSes do not tell from which drive they start: a disk's boot code does not ask whether they did.
  bootCode.fill(NOP, DRIVE_CHECK_AT, DRIVE_CHECK_AT + 2);
  const core = padded(makeImage('i386-pc', modules, BIOS_MODULES));
  core.writeBigUInt64LE(BigInt(sector + 1), BLOCK_LIST_AT);
  core.writeUInt16LE(core.length / SECTOR - 1, BLOCK_LIST_AT + 8);
  core.writeUInt16LE(LOAD_SEGMENT, BLOCK_LIST_AT + 10);
  return { bootCode, core };
}

/** GRUB as a program for UEFI. @param folder the package grub-efi-amd64-bin, unpacked */
export function efiGrub(folder: string): Uint8Array {
  return makeImage('x86_64-efi', join(folder, 'usr/lib/grub/x86_64-efi'), EFI_MODULES);
}

function makeImage(format: string, modules: string, names: readonly string[]): Buffer {
  const temporary = mkdtempSync(join(tmpdir(), 'router7-grub-'));
  try {
    const image = join(temporary, 'image');
    execFileSync('grub-mkimage', ['-O', format, '-d', modules, '-p', PREFIX, '-o', image, ...names]);
    return readFileSync(image);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes], Math.ceil(bytes.length / SECTOR) * SECTOR);
}
