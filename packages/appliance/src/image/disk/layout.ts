import { type GptPartition, lastUsableSector, SECTOR } from './gpt.ts';
import { diskGuid } from './guid.ts';

const MIB_SECTORS = (1024 * 1024) / SECTOR;

/** What partitions are for, as GUIDs (UEFI 2.10, 5.3.3; the Discoverable Partitions Specification). */
export const PartitionType = {
  efiSystem: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  rootX8664: '4f68bce3-e8cd-4db1-96e7-fbcaf984b709',
  linuxData: '0fc63daf-8483-4772-8e79-3d69d8477de4',
} as const;

/** First sector of the boot partition. */
export const BOOT_SECTOR = 8192;
/** Of the boot partition. */
export const BOOT_SECTORS: number = 100 * MIB_SECTORS;
/** Of each of the two root partitions. */
export const ROOT_SECTORS: number = 500 * MIB_SECTORS;

/** The smallest disk: 64 MiB for /perm, and the second copy of the partition table. */
export const SMALLEST_DISK_SECTORS: number = BOOT_SECTOR + BOOT_SECTORS + 2 * ROOT_SECTORS + 64 * MIB_SECTORS;

/** The partitions of a router's disk: boot, the two root slots, and /perm in all that is left. */
export function diskPartitions(hostname: string, diskSectors: number): readonly [GptPartition, ...GptPartition[]] {
  if (diskSectors < SMALLEST_DISK_SECTORS) {
    throw new RangeError(`found a disk of ${diskSectors} sectors, expected at least ${SMALLEST_DISK_SECTORS}`);
  }
  const rootA = BOOT_SECTOR + BOOT_SECTORS;
  const rootB = rootA + ROOT_SECTORS;
  const perm = rootB + ROOT_SECTORS;
  return [
    {
      type: PartitionType.efiSystem,
      guid: diskGuid(hostname, 1),
      name: 'boot',
      firstSector: BOOT_SECTOR,
      sectors: BOOT_SECTORS,
    },
    {
      type: PartitionType.rootX8664,
      guid: diskGuid(hostname, 2),
      name: 'root A',
      firstSector: rootA,
      sectors: ROOT_SECTORS,
    },
    {
      type: PartitionType.linuxData,
      guid: diskGuid(hostname, 3),
      name: 'root B',
      firstSector: rootB,
      sectors: ROOT_SECTORS,
    },
    {
      type: PartitionType.linuxData,
      guid: diskGuid(hostname, 4),
      name: 'perm',
      firstSector: perm,
      sectors: lastUsableSector(diskSectors) + 1 - perm,
    },
  ];
}
