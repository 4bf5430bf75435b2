import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { encodeGpt, type GptPartition, SECTOR } from './gpt.ts';
import { diskGuid } from './guid.ts';
import { encodeHybridMbr } from './mbr.ts';

/** Copied at once. */
const CHUNK = 1024 * 1024;

/** What is on a disk. */
export interface DiskContent {
  readonly hostname: string;
  readonly diskSectors: number;
  readonly partitions: readonly [GptPartition, ...GptPartition[]];
  readonly bootCode: Uint8Array;
  /** Paths of files, in the order of the partitions; there may be fewer. */
  readonly images: readonly string[];
}

/** Writes a disk as a file with holes: it takes the room of what is in it. */
export function writeDisk(path: string, content: DiskContent): void {
  const { hostname, diskSectors, partitions, images } = content;
  const { primary, backup } = encodeGpt(diskGuid(hostname, 0), partitions, diskSectors);
  const disk = openSync(path, 'w');
  try {
    ftruncateSync(disk, diskSectors * SECTOR);
    writeSync(disk, encodeHybridMbr(content.bootCode, partitions[0]), 0, SECTOR, 0);
    writeSync(disk, primary, 0, primary.length, SECTOR);
    writeSync(disk, backup, 0, backup.length, diskSectors * SECTOR - backup.length);
    for (const [index, image] of images.entries()) {
      const partition = partitions[index];
      if (partition === undefined) throw new RangeError(`no partition for ${image}`);
      const length = copyInto(disk, partition.firstSector * SECTOR, image);
      if (length > partition.sectors * SECTOR) throw new RangeError(`${image} is too large for its partition`);
    }
  } finally {
    closeSync(disk);
  }
}

/** @returns how many bytes it were */
function copyInto(disk: number, offset: number, image: string): number {
  const source = openSync(image, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK);
    for (let at = 0; ; ) {
      const length = readSync(source, chunk, 0, CHUNK, at);
      if (length === 0) return at;
      // What is zero stays a hole.
      if (chunk.subarray(0, length).some((byte) => byte !== 0)) writeSync(disk, chunk, 0, length, offset + at);
      at += length;
    }
  } finally {
    closeSync(source);
  }
}
