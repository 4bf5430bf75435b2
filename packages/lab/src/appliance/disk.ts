import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECTOR } from '@router7/appliance/image/disk/gpt';
import { diskPartitions } from '@router7/appliance/image/disk/layout';

const ENVIRONMENT = { PATH: '/usr/sbin:/sbin:/usr/bin:/bin', LC_ALL: 'C' };

/** Copies a disk, holes as holes: what is then written to the copy does not spoil the original. */
export function copyDisk(from: string, to: string): void {
  execFileSync('cp', ['--sparse=always', '--reflink=auto', from, to]);
}

/** Where the file system of /perm is on a disk: its first byte, and how many there are. */
export function permPartition(disk: string): { readonly offset: number; readonly length: number } {
  const perm = diskPartitions('', statSync(disk).size / SECTOR)[3];
  if (perm === undefined) throw new Error(`${disk} has no partition for /perm`);
  return { offset: perm.firstSector * SECTOR, length: perm.sectors * SECTOR };
}

/** Copies the root partition in the first slot of a disk to the second slot, which is empty. @returns where the two begin, in octets */
export function fillSecondSlot(disk: string): readonly [first: number, second: number] {
  const slots = diskPartitions('', statSync(disk).size / SECTOR).slice(1, 3);
  const [first = 0, second = 0] = slots.map(({ firstSector }) => firstSector * SECTOR);
  const bytes = `bs=1M iflag=skip_bytes oflag=seek_bytes skip=${first} seek=${second} count=${(second - first) >> 20}`;
  execFileSync('dd', [`if=${disk}`, `of=${disk}`, 'status=none', 'conv=notrunc,sparse', ...bytes.split(' ')]);
  return [first, second];
}

/** Copies the boot partition out of a disk, as a file of its own. */
export function extractBoot(disk: string, file: string): void {
  const { firstSector = 0, sectors = 0 } = diskPartitions('', statSync(disk).size / SECTOR)[0] ?? {};
  execFileSync('dd', [`if=${disk}`, `of=${file}`, 'status=none', `skip=${firstSector}`, `count=${sectors}`, 'bs=512']);
}

/** Makes the file system of /perm on a disk, holding what `fill` writes to the folder that it is given. */
export function makePerm(disk: string, fill: (folder: string) => void): void {
  const { offset, length } = permPartition(disk);
  const folder = mkdtempSync(join(tmpdir(), 'perm-'));
  try {
    fill(folder);
    const extended = `offset=${offset},lazy_itable_init=1,lazy_journal_init=1`;
    const options = ['-q', '-F', '-t', 'ext4', '-L', 'perm', '-E', extended, '-d', folder];
    execFileSync('mke2fs', [...options, disk, `${Math.floor(length / 1024)}k`], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: ENVIRONMENT,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What stands at the partition's end while its file system is made: see /etc/init.d/perm of the image. */
const MARKER = 'router7: /perm is being made';
const BLOCK = 4096;

/** Whether the router will make the file system of /perm on its next start: nothing is there yet, or power failed meanwhile. */
export function isPermUnmade(disk: string): boolean {
  const { offset, length } = permPartition(disk);
  const last = offset + (Math.floor(length / BLOCK) - 1) * BLOCK;
  const file = openSync(disk, 'r');
  try {
    const read = (at: number): Buffer => {
      const block = Buffer.alloc(BLOCK);
      readSync(file, block, 0, BLOCK, at);
      return block;
    };
    return read(last).toString('latin1', 0, MARKER.length) === MARKER || read(offset).every((octet) => octet === 0);
  } finally {
    closeSync(file);
  }
}

/** Copies the file system of /perm out of a disk, as a file of its own. */
export function extractPerm(disk: string, file: string): void {
  const { offset, length } = permPartition(disk);
  const blocks = ['bs=1M', 'iflag=skip_bytes,count_bytes', `skip=${offset}`, `count=${length}`, 'conv=sparse'];
  execFileSync('dd', [`if=${disk}`, `of=${file}`, 'status=none', ...blocks]);
}

/** Has e2fsck(8) repair a file system as the router does: what can be repaired without being asked. */
export function checkPerm(file: string): { readonly status: number; readonly output: string } {
  const { status, stdout } = spawnSync('e2fsck', ['-p', file], { encoding: 'utf8', env: ENVIRONMENT });
  return { status: status ?? -1, output: stdout };
}

/** Text of a file in such a file system, undefined when it is not there. */
export function permFile(file: string, path: string): string | undefined {
  const { stdout, stderr } = spawnSync('debugfs', ['-R', `cat /${path}`, file], { encoding: 'utf8', env: ENVIRONMENT });
  return stderr.includes('File not found') ? undefined : stdout;
}
