import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECTOR } from '@router7/appliance/image/disk/gpt';
import { diskPartitions } from '@router7/appliance/image/disk/layout';

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
      env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin', LC_ALL: 'C' },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What e2fsck(8) says of /perm on a disk; it changes nothing there. */
export function checkPerm(disk: string): { readonly status: number; readonly output: string } {
  const { offset, length } = permPartition(disk);
  const folder = mkdtempSync(join(tmpdir(), 'perm-'));
  const copy = join(folder, 'perm.img');
  try {
    const blocks = ['bs=1M', 'iflag=skip_bytes,count_bytes', `skip=${offset}`, `count=${length}`, 'conv=sparse'];
    execFileSync('dd', [`if=${disk}`, `of=${copy}`, 'status=none', ...blocks]);
    return runCheck(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runCheck(copy: string): { readonly status: number; readonly output: string } {
  try {
    const output = execFileSync('e2fsck', ['-p', copy], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin', LC_ALL: 'C' },
    });
    return { status: 0, output };
  } catch (error) {
    const { status, stdout } = error as { status: number | null; stdout: string };
    return { status: status ?? -1, output: stdout };
  }
}
