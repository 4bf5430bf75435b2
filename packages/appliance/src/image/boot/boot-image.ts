import type { DebianPackage } from '../debian/debian-package.ts';
import { encodeFat16 } from '../disk/fat16.ts';
import { hostnameHash } from '../disk/guid.ts';
import { BOOT_SECTOR, BOOT_SECTORS } from '../disk/layout.ts';
import { encodeBootCode } from '../disk/mbr.ts';
import { type BootSettings, grubConfiguration, grubEnvironment } from './grub-configuration.ts';
import { biosGrub, efiGrub } from './grub-image.ts';

/** In front of the file system there is room for GRUB's core. */
const RESERVED_SECTORS = 1024;

/** Packages that the boot loader comes from. */
export const BOOT_PACKAGES: readonly string[] = ['grub-pc-bin', 'grub-efi-amd64-bin'];

/** What a disk needs to start. */
export interface BootImage {
  /** The boot partition, without the free space at its end. */
  readonly partition: Uint8Array;
  /** In front of the partition table. */
  readonly bootCode: Uint8Array;
}

/**
 * Makes the boot partition and the boot code that finds GRUB in it.
 *
 * @param time of its files
 */
export function makeBootImage(
  hostname: string,
  packages: ReadonlyMap<string, DebianPackage>,
  time: Date,
  settings?: BootSettings,
): BootImage {
  const folder = (name: string): string => packages.get(name)?.folder ?? '';
  const bios = biosGrub(folder('grub-pc-bin'), BOOT_SECTOR + 1);
  const signature = hostnameHash(hostname);
  const partition = encodeFat16(
    {
      EFI: { BOOT: { 'BOOTX64.EFI': efiGrub(folder('grub-efi-amd64-bin')) } },
      grub: {
        'grub.cfg': Buffer.from(grubConfiguration(hostname, settings)),
        grubenv: grubEnvironment({ slot: 'A' }),
      },
    },
    {
      sectors: BOOT_SECTORS,
      hiddenSectors: BOOT_SECTOR,
      reserved: bios.core,
      reservedSectors: RESERVED_SECTORS,
      volumeId: signature,
      label: 'ROUTER7',
      time,
    },
  );
  return { partition, bootCode: encodeBootCode(bios.bootCode, signature) };
}
