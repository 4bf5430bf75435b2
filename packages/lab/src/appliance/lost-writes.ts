import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { DISK_DEVICE } from './machine.ts';

/** The log of QEMU's blklogwrites driver, as of Linux's dm-log-writes: sectors, the first of which tells what this is. */
const SECTOR = 512;
const MAGIC = 0x6a73_6677_7368_72n;
const FLUSH = 1n;
const FUA = 2n;
const DISCARD = 4n;

/** Something that a machine has told its disk. */
export interface DiskRequest {
  readonly kind: 'write' | 'flush' | 'discard';
  /** First sector, and how many. */
  readonly sector: number;
  readonly sectors: number;
  /** A write that is safe when it is done, without a flush. */
  readonly isForced: boolean;
  /** Where its data is in the log. */
  readonly data: number;
}

/** Arguments for a disk as of `diskOf` whose requests are written to a log as well; the log's file has to be there, empty. */
export function loggedDisk(path: string, log: string): readonly string[] {
  return [
    ...['-blockdev', `driver=file,node-name=file0,filename=${path}`],
    ...['-blockdev', `driver=file,node-name=log0,filename=${log}`],
    ...['-blockdev', `driver=blklogwrites,node-name=disk0,file=file0,log=log0,log-sector-size=${SECTOR}`],
    ...DISK_DEVICE,
  ];
}

/** Reads a log, as far as it is whole. */
export function readLog(path: string): readonly DiskRequest[] {
  const file = openSync(path, 'r');
  try {
    const { size } = statSync(path);
    const header = Buffer.alloc(SECTOR);
    readSync(file, header, 0, SECTOR, 0);
    if (header.readBigUInt64LE(0) !== MAGIC) throw new Error(`${path} is no log of writes`);
    const requests: DiskRequest[] = [];
    for (let at = SECTOR; at + SECTOR <= size; ) {
      readSync(file, header, 0, SECTOR, at);
      const [sector, sectors, flags] = [0, 8, 16].map((offset) => header.readBigUInt64LE(offset)) as [
        bigint,
        bigint,
        bigint,
      ];
      const data = at + SECTOR;
      const kind = (flags & DISCARD) !== 0n ? 'discard' : sectors === 0n ? 'flush' : 'write';
      if (kind === 'flush' && (flags & FLUSH) === 0n) break;
      const length = kind === 'write' ? Number(sectors) * SECTOR : 0;
      if (data + length > size) break;
      requests.push({ kind, sector: Number(sector), sectors: Number(sectors), isForced: (flags & FUA) !== 0n, data });
      at = data + length;
    }
    return requests;
  } finally {
    closeSync(file);
  }
}

/**
 * Brings a disk to a state that a power cut may have left: what was written before the last flush is there; of what was
 * written since, the disk's own memory has kept what it liked, in any order, and the last one perhaps only in part.
 *
 * @param disk as it was before the first request; is changed
 * @param log that the requests were read from
 * @param cut how many requests have come to the disk
 * @param random of 0 up to 1
 * @returns how many writes are lost
 */
export function cutPowerAfter(
  disk: string,
  log: string,
  requests: readonly DiskRequest[],
  cut: number,
  random: () => number,
): number {
  const lastFlush = requests.slice(0, cut).findLastIndex(({ kind }) => kind === 'flush');
  const [target, source] = [openSync(disk, 'r+'), openSync(log, 'r')];
  let lost = 0;
  try {
    for (const [index, request] of requests.slice(0, cut).entries()) {
      if (request.kind !== 'write') continue;
      const isSafe = index < lastFlush || request.isForced;
      if (!isSafe && random() < 0.5) {
        lost++;
        continue;
      }
      const isTorn = !isSafe && index === cut - 1;
      const sectors = isTorn ? Math.ceil(random() * request.sectors) : request.sectors;
      const bytes = Buffer.alloc(sectors * SECTOR);
      readSync(source, bytes, 0, bytes.length, request.data);
      writeSync(target, bytes, 0, bytes.length, request.sector * SECTOR);
    }
  } finally {
    closeSync(target);
    closeSync(source);
  }
  return lost;
}
