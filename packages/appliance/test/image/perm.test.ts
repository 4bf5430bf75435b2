import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

/** Size of the partition: room for a spare superblock of each block size. */
const SIZE = 160 * 1024 * 1024;
const LAST_BLOCK = SIZE - 4096;
const MARKER = 'router7: /perm is being made\n';

const script = readFileSync(new URL('../../src/image/root/files/etc/init.d/perm', import.meta.url), 'utf8');
const tools = ['mke2fs', 'e2fsck', 'mkfs.vfat'].map((name) => join('/usr/sbin', name));
const missing = ['/usr/bin/busybox', ...tools].find((path) => !existsSync(path));

/** A partition in a file, and what the script says about it. */
class Partition {
  readonly #folder: string;
  readonly path: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, 'disk4');
    for (const name of ['bin', 'run', 'block/disk4']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'mounts'), '/dev/disk1 / squashfs ro 0 0\n');
    writeFileSync(join(folder, 'block/disk4/size'), `${SIZE / 512}\n`);
    writeFileSync(this.path, '');
    this.write(SIZE - 1, '\0');
  }

  write(at: number, data: string | Uint8Array): void {
    const fd = openSync(this.path, 'r+');
    if (at >= SIZE - 1) ftruncateSync(fd, SIZE);
    writeSync(fd, Buffer.from(data), 0, data.length, at);
    closeSync(fd);
  }

  run(program: string, ...args: readonly string[]): string {
    return execFileSync(join('/usr/sbin', program), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  }

  /** As a new router makes it, with a mount and a file. */
  fill(): void {
    this.run('mke2fs', '-q', '-F', '-t', 'ext4', '-b', '4096', this.path, String(SIZE / 4096 - 1));
    writeFileSync(join(this.#folder, 'file'), 'kept');
    this.run('debugfs', '-w', '-R', `write ${join(this.#folder, 'file')} interfaces.json`, this.path);
    this.run('debugfs', '-w', '-R', 'set_super_value mnt_count 3', this.path);
  }

  get file(): string {
    return this.run('debugfs', '-R', 'cat interfaces.json', this.path);
  }

  /** What is said when the router starts. */
  start(prefix: string = ''): string {
    const text = script
      .replaceAll('/proc/mounts', join(this.#folder, 'mounts'))
      .replaceAll('/sys/class/block', join(this.#folder, 'block'))
      .replaceAll('/run/', `${this.#folder}/run/`)
      .replaceAll('${perm#/dev/}', 'disk4')
      .replaceAll('perm=/dev/', `perm=${this.#folder}/`)
      .replaceAll('/bin/mke2fs', '/usr/sbin/mke2fs')
      .replaceAll('/bin/e2fsck', '/usr/sbin/e2fsck');
    const before = `say() { echo "$*"; }\nmount() { echo "mount $2"; }\n${prefix}\n`;
    return execFileSync('/usr/bin/busybox', ['sh', '-c', before + text], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }
}

t.test(
  'IN-01 /perm is made where nothing is, and never again',
  { skip: missing !== undefined && `needs ${missing}` },
  (t) => {
    const fresh = (): Partition => new Partition(t.testdir({}));
    const empty = fresh();
    t.match(empty.start(), /^\/perm is empty; making a file system\nmount ext4\n$/);
    t.equal(empty.start(), 'mount ext4\n', 'once');

    const cut = fresh();
    cut.write(LAST_BLOCK, MARKER);
    cut.write(2000, 'half of a file system');
    t.match(cut.start(), /power failed while it was made/);
    t.equal(cut.start(), 'mount ext4\n', 'the marker is gone');

    const unmade = fresh();
    unmade.write(LAST_BLOCK, MARKER);
    unmade.fill();
    unmade.write(LAST_BLOCK, MARKER);
    t.equal(unmade.start(), 'mount ext4\n', 'a marker that could not be removed, and a file system since then');
    t.equal(unmade.file, 'kept');

    const damaged = fresh();
    damaged.fill();
    damaged.write(0, new Uint8Array(4096));
    t.match(
      damaged.start(),
      /damaged; repairing it\nmount ext4/,
      'its first block is empty, its spare superblocks are there',
    );
    t.equal(damaged.file, 'kept');

    const unreadable = fresh();
    unreadable.fill();
    const bad = 'dd() { case "$*" in *of=*) echo WRITTEN ;; *skip=0* | *count=16*) return 1 ;; esac; }';
    t.notMatch(unreadable.start(bad), /making|WRITTEN/, 'a disk that cannot be read');
    t.equal(unreadable.file, 'kept');

    const later = fresh();
    later.write(65_600, '_BHRfS_M');
    t.notMatch(later.start(), /making/, 'a file system that begins later');
    t.end();
  },
);

t.test(
  'IN-01 another file system in place of /perm is left alone',
  { skip: missing !== undefined && `needs ${missing}` },
  (t) => {
    const other = new Partition(t.testdir({}));
    other.fill();
    other.run('mkfs.vfat', '-F', '16', other.path);
    const before = readFileSync(other.path).subarray(0, 1 << 20);
    t.match(other.start(), /is not ext4, and is left alone: .*vfat/);
    t.ok(before.equals(readFileSync(other.path).subarray(0, 1 << 20)));
    t.end();
  },
);
