import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { grubConfiguration, grubEnvironment } from '../../src/image/boot/grub-configuration.ts';
import { plainKernel } from '../../src/image/boot/plain-kernel.ts';
import { USUAL_PORT } from '../../src/image/boot/serial-port.ts';
import { encodeFat16, type Fat16Options } from '../../src/image/disk/fat16.ts';
import { inittab } from '../../src/image/root/root-tree.ts';

const BUSYBOX = '/usr/bin/busybox';

const options: Fat16Options = {
  sectors: 204800,
  hiddenSectors: 8192,
  reserved: Buffer.from('core of the boot loader'),
  reservedSectors: 1024,
  volumeId: 0x020a4549,
  label: 'ROUTER7',
  time: new Date('2026-11-22T16:00:00Z'),
};

t.test('IM-02 a FAT16 file system: where its parts are, and what refers to what', (t) => {
  const long = Buffer.alloc(5000, 'x');
  const bytes = Buffer.from(
    encodeFat16({ EFI: { BOOT: { 'BOOTX64.EFI': long } }, grubenv: Buffer.from('slot=A') }, options),
  );
  t.equal(bytes.toString('latin1', 3, 11), 'gokrazy!');
  t.equal(bytes.readUInt16LE(510), 0xaa55);
  t.equal(bytes.toString('latin1', 512, 535), 'core of the boot loader', 'left alone, in front of everything');
  const tableSectors = bytes.readUInt16LE(22);
  const table = bytes.subarray(1024 * 512);
  // EFI and BOOT take a cluster each, the file three, grubenv one.
  const chain = Array.from({ length: 8 }, (_, index) => table.readUInt16LE(index * 2));
  t.same(chain.slice(0, 2), [0xfff8, 0xffff]);
  t.same(chain.slice(2), [0xffff, 0xffff, 5, 6, 0xffff, 0xffff]);
  t.same(table.subarray(0, 16), table.subarray(tableSectors * 512, tableSectors * 512 + 16), 'both copies');
  const root = bytes.subarray((1024 + 2 * tableSectors) * 512);
  t.equal(root.toString('latin1', 0, 11), 'ROUTER7    ');
  t.equal(root.toString('latin1', 32, 43), 'EFI        ');
  t.equal(root.toString('latin1', 64, 75), 'GRUBENV    ');
  const data = root.subarray(32 * 512);
  const boot = data.subarray(2048);
  t.equal(boot.toString('latin1', 0, 11), '.          ');
  t.equal(boot.readUInt16LE(26), 3, 'itself');
  t.equal(boot.readUInt16LE(32 + 26), 2, 'its parent');
  t.equal(boot.toString('latin1', 64, 75), 'BOOTX64 EFI');
  t.equal(boot.readUInt16LE(64 + 26), 4);
  t.equal(boot.readUInt32LE(64 + 28), 5000);
  t.same(data.subarray(2 * 2048, 2 * 2048 + 5000), long);
  t.end();
});

t.test('IM-02 what a FAT16 file system refuses', (t) => {
  t.throws(() => encodeFat16({ 'a.very.long.name': Buffer.of() }, options), RangeError);
  t.throws(() => encodeFat16({ ümlaut: Buffer.of() }, options), RangeError);
  t.throws(() => encodeFat16({}, { ...options, reserved: Buffer.alloc(1023 * 512 + 1) }), RangeError);
  t.throws(() => encodeFat16({}, { ...options, sectors: 4000 }), RangeError, 'that would be FAT12');
  t.throws(() => encodeFat16({ a: Buffer.alloc(20 << 20) }, { ...options, sectors: 32768 }), RangeError, 'full');
  t.end();
});

const fsck = spawnSync('fsck.fat', ['--help'], { env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` } });
t.test(
  'IM-02 fsck.fat finds nothing',
  { skip: fsck.error !== undefined && 'needs fsck.fat (package dosfstools)' },
  (t) => {
    const path = join(t.testdir(), 'boot.img');
    const files = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`FILE${n}`, Buffer.alloc(n * 100, n)]));
    writeFileSync(path, encodeFat16({ many: files, empty: {}, none: Buffer.of() }, options));
    truncateSync(path, options.sectors * 512);
    const { status, stdout } = spawnSync('fsck.fat', ['-n', path], {
      encoding: 'utf8',
      env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    });
    t.equal(status, 0, stdout);
    t.match(stdout, /104 files/);
    t.end();
  },
);

t.test('IM-05 the kernel is told its root partition, and the other slot is tried when one cannot be read', (t) => {
  const text = grubConfiguration('router7');
  t.match(text, 'panic=10 root=PARTUUID=60c24cc1-f3f9-427a-8199-020a45490001/PARTNROFF=$2;');
  t.match(text, /= B \]; then\n {2}start 3 2\n {2}start 2 1\nelse\n {2}start 2 1\n {2}start 3 2\n/);
  t.match(text, /^if serial --unit=0 --speed=115200; then\n {2}terminal_output console serial\nfi$/m);
  t.match(text, /boot\/\$kernel console=tty0 console=ttyS0,115200 quiet /);
  const block = Buffer.from(grubEnvironment({ slot: 'A' })).toString();
  t.equal(block.length, 1024);
  t.match(block, /^# GRUB Environment Block\nslot=A\n#+$/);
  t.throws(() => grubEnvironment({ slot: 'A'.repeat(1000) }), RangeError);
  t.end();
});

t.test('IM-08 another console, and further words for the kernel', (t) => {
  const first = (text: string): string | undefined => /^ *if linux .*$/m.exec(text)?.[0];
  const one = { serial: { unit: 1, speed: 9600 }, kernelArguments: ['pci=nomsi', 'dyndbg=a;$x'] };
  const text = grubConfiguration('router7', one);
  t.match(text, /^if serial --unit=1 --speed=9600; then$/m);
  t.match(first(text), / console=tty0 console=ttyS1,9600 quiet .* pci=nomsi 'dyndbg=a;\$x' root=PARTUUID=/);
  const none = grubConfiguration('router7', { serial: undefined, kernelArguments: [] });
  t.notMatch(none, 'serial');
  t.match(first(none), / console=tty0 quiet /);
  for (const word of ['', 'a b', "a'", 'a"b"', 'a\\b', 'ä']) {
    t.throws(() => grubConfiguration('router7', { serial: undefined, kernelArguments: [word] }), RangeError, word);
  }
  const list = readFileSync(new URL('../../src/image/root/files/etc/inittab', import.meta.url), 'utf8');
  t.match(inittab(list, one.serial), /\nttyS1::askfirst:-\/bin\/sh\ntty1::/);
  t.equal(inittab(list, undefined), list.replace('ttyS0::askfirst:-/bin/sh\n', ''));
  t.equal(inittab(list, USUAL_PORT), list);
  t.end();
});

/** A kernel as small as it gets: a setup of two sectors, and an ELF file of one segment compressed by xz. */
function bzImage(address: number): Buffer {
  const elf = Buffer.alloc(0x1100);
  elf.write('\x7fELF', 'latin1');
  elf.writeBigUInt64LE(BigInt(address), 24); // where it starts
  elf.writeBigUInt64LE(64n, 32);
  elf.writeUInt16LE(1, 56);
  elf.writeUInt32LE(1, 64); // to be loaded
  elf.writeBigUInt64LE(0x1000n, 64 + 8);
  elf.writeBigUInt64LE(BigInt(address), 64 + 24);
  elf.writeBigUInt64LE(0x100n, 64 + 32);
  elf.writeBigUInt64LE(0x5000n, 64 + 40);
  elf.write('kernel', 0x1000);
  const payload = execFileSync('xz', ['--stdout', '--check=crc32'], { input: elf });
  const image = Buffer.alloc(1024 + 16 + payload.length + 4);
  image.writeUInt8(1, 0x1f1);
  image.write('HdrS', 0x202);
  image.writeUInt8(1, 0x234);
  image.writeUInt32LE(16, 0x248);
  image.writeUInt32LE(payload.length + 4, 0x24c);
  image.set(payload, 1024 + 16);
  image.writeUInt32LE(elf.length, image.length - 4);
  return image;
}

t.test('a kernel that need not be decompressed', (t) => {
  const plain = Buffer.from(plainKernel(bzImage(0x1000000)));
  t.equal(plain.readUInt8(0x234), 0, 'is loaded where it says');
  t.equal(plain.readUInt32LE(0x214), 0x100000);
  t.equal(plain.readUInt32LE(0x260), 0x1005000 - 0x100000, 'asks for all the memory that it will use');
  t.equal(plain.readUInt32LE(0x1f4) * 16, plain.length - 1024);
  const code = plain.subarray(1024);
  // It copies one page from behind the page tables to its place, backwards, and clears the rest.
  const [source, target, words] = [0x107000 + 0x1000 - 4, 0x1001000 - 4, 0x1000 / 4];
  const hex = (value: number): string => Buffer.from(Uint32Array.of(value).buffer).toString('hex');
  t.match(code.toString('hex'), `fa89f5fdbe${hex(source)}bf${hex(target)}b9${hex(words)}f3a5fc`);
  t.match(code.toString('hex'), `bf${hex(0x1001000)}b9${hex(0x4000 / 4)}31c0f3ab`);
  t.equal(code.readBigUInt64LE(0x1000), 0x102003n, 'tables of pages');
  t.equal(code.readBigUInt64LE(0x2000 + 24), 0x106003n);
  t.equal(code.readBigUInt64LE(0x3000 + 4095 * 0 + 8), 0x200083n, 'the second page of 2 MiB is where it is');
  t.equal(code.readBigUInt64LE(0x7000 - 8), 0xffe00083n, 'and the last one below 4 GiB');
  t.equal(code.toString('latin1', 0x7000, 0x7006), 'kernel');
  t.throws(() => plainKernel(bzImage(0x100000)), RangeError, 'one that would overwrite the code');
  t.throws(() => plainKernel(Buffer.alloc(4096)), RangeError);
  t.end();
});

t.test(
  'IM-05 the first process finds the root partition, and says what is odd about the disks',
  { skip: !existsSync(BUSYBOX) && 'busybox is not installed' },
  (t) => {
    const guid = Uint8Array.from({ length: 16 }, (_, i) => i);
    const script = readFileSync(new URL('../../src/image/boot/initrd-init', import.meta.url), 'utf8');
    /**
     * What is said and done with these disks, of which some partitions can be mounted, and some of those not be read; /root is
     * as slot B has it.
     */
    const start = (
      disks: readonly string[],
      good: readonly string[],
      release = '6.1',
      broken: readonly string[] = [],
    ): string => {
      const folder = mkdtempSync(join(tmpdir(), 'router7-initrd-'));
      t.teardown(() => rmSync(folder, { recursive: true }));
      const write = (path: string, content: string | Uint8Array, mode = 0o644): void => {
        mkdirSync(join(folder, path, '..'), { recursive: true });
        writeFileSync(join(folder, path), content, { mode });
      };
      write('proc/cmdline', 'quiet root=PARTUUID=03020100-0504-0706-0809-0a0b0c0d0e0f/PARTNROFF=1');
      write('root/lib/modules/6.1/modules.dep', '');
      for (const name of ['inittab', 'init.d/start']) write(`root/etc/${name}`, '');
      mkdirSync(join(folder, 'root/sbin'));
      write('dev/console', '');
      for (const disk of disks) {
        write(`dev/${disk}`, Buffer.concat([new Uint8Array(1040), guid]));
        for (const number of [1, 2, 3, 4]) write(`sys/block/${disk}/${disk}${number}/partition`, `${number}\n`);
      }
      const stub = (name: string, text: string): void => write(`bin/${name}`, `#!${BUSYBOX} sh\n${text}\n`, 0o755);
      for (const name of ['dd', 'hexdump', 'cat', 'sort', 'xargs']) stub(name, `exec ${BUSYBOX} ${name} "$@"`);
      const cases = good.map((name) => {
        // A folder cannot be read as a file.
        const init = broken.includes(name) ? 'mkdir' : 'touch';
        const path = `${folder}/root/sbin/init`;
        const made = `${BUSYBOX} rm -rf ${path}; ${BUSYBOX} ${init} ${path}`;
        return `*/${name}) echo "mount ${name}" >>${folder}/dev/console; ${made} ;;`;
      });
      stub('mount', `[ "$2" = squashfs ] || exit 0\ncase $5 in ${cases.join(' ')} *) exit 1 ;; esac`);
      stub('uname', `echo ${release}`);
      for (const name of ['modprobe', 'usleep', 'umount']) stub(name, '');
      stub('switch_root', `echo started >>${folder}/dev/console`);
      const text = script
        .replaceAll(/\/(bin|dev|proc|sys|root)(?=[/ \n])/g, `${folder}/$1`)
        .replace('-lt 300', '-lt 12')
        .replace('-ge 20', '-ge 11');
      spawnSync(BUSYBOX, ['sh', '-c', text], { stdio: 'ignore' });
      return readFileSync(join(folder, 'dev/console'), 'utf8').trim().replaceAll('\n', '; ');
    };
    t.equal(start(['sda'], ['sda2', 'sda3']), 'mount sda2; started');
    t.match(
      start(['sda', 'sdb'], ['sda2', 'sdb2']),
      /^router7: sda2 sdb2 are of disks .* starting from sda2\..*; mount sda2; started$/,
    );
    t.match(start(['sda', 'sdb'], ['sdb2']), /mount sdb2; started$/, 'one of them is damaged');
    t.match(
      start(['sda'], ['sda3']),
      /^mount sda3; router7: sda2 cannot be read, starting from sda3, the other slot; started$/,
    );
    t.match(start(['sda'], ['sda3'], '6.12'), /router7: sda2 cannot be read, nor is there another slot that fits/);
    t.match(
      start(['sda'], ['sda2', 'sda3'], '6.1', ['sda2']),
      /^mount sda2; mount sda2; mount sda3; router7: sda2 cannot be read, starting from sda3, the other slot; started$/,
      'its superblock is whole: two looks are enough, each may take as long as the disk tries',
    );
    t.notMatch(start(['sda'], ['sda2', 'sda3'], '6.1', ['sda2', 'sda3']), /started/);
    t.match(start(['sda'], []), /router7: sda2 cannot be read, nor/);
    t.match(start([], []), /^router7: no disk has a root partition for 03020100-0504/);
    t.end();
  },
);

t.test(
  'IM-05 programs are those of the other slot when Node ends soon and cannot be read',
  { skip: !existsSync(BUSYBOX) && 'busybox is not installed' },
  (t) => {
    const scripts = new URL('../../src/image/root/files/etc/init.d/', import.meta.url);
    const read = (name: string): string => readFileSync(new URL(name, scripts), 'utf8');
    const sh = (text: string): string => {
      const { stdout } = spawnSync(BUSYBOX, ['sh', '-c', text], { encoding: 'utf8' });
      return stdout.trim().replaceAll('\n', '; ');
    };
    const files = ['gokrazy/node', 'gokrazy/lib/init.js', 'lib64/ld.so', 'lib/x86_64-linux-gnu/libc.so'];
    /** What is said and done twice, where these slots can be mounted, and of these one file is damaged. */
    const look = (root: string, slots: readonly string[], damaged: readonly string[], file = 0): string => {
      const folder = t.testdir({ run: {}, mounts: `proc /proc proc rw 0 0\n/dev/${root} / squashfs ro 0 0\n` });
      for (const slot of slots) {
        for (const [index, name] of files.entries()) {
          // A folder cannot be read as a file.
          const isWhole = index !== file || !damaged.includes(slot);
          mkdirSync(join(folder, slot, isWhole ? join(name, '..') : name), { recursive: true });
          if (isWhole) writeFileSync(join(folder, slot, name), '');
        }
      }
      const mounting = `cp -r ${folder}/\${5#/dev/}/. $6`;
      const mount = `mount() { if [ $1 = --bind ]; then echo "bind $3"; else ${mounting}; fi; }`;
      const text = read('other-slot')
        .replaceAll('export PATH=/bin', 'umount() { :; }')
        .replaceAll('/run/', `${folder}/run/`)
        .replaceAll('/proc/mounts', `${folder}/mounts`)
        .replaceAll(`is_whole ''`, `is_whole ${folder}/${root}`)
        .replaceAll(' >/dev/console', '');
      return [1, 2].map(() => sh(`${mount}\n${text}`)).join('|');
    };
    const bound = 'bind /gokrazy; bind /user; bind /lib64; bind /lib/x86_64-linux-gnu|';
    const both = ['sda2', 'sda3'];
    t.equal(look('sda2', both, []), '|', 'it ended for another reason');
    for (const file of files.keys()) {
      const told =
        'router7: sda2 cannot be read, going on with the programs of sda3, the other slot: write the image anew';
      t.equal(look('sda2', both, ['sda2'], file), `${told}; ${bound}`, `${files[file]}`);
    }
    t.match(look('nvme0n1p3', ['nvme0n1p2', 'nvme0n1p3'], ['nvme0n1p3']), /programs of nvme0n1p2, .*; bind \/gokrazy/);
    const none = 'router7: sda2 cannot be read, nor is there another slot: write the image anew|';
    t.equal(look('sda2', both, both), none);
    t.equal(look('sda2', ['sda2'], ['sda2']), none, 'an image that was never updated');

    /** What is done by supervisors that start at these times after the machine. */
    const starts = (...times: readonly string[]): string => {
      const folder = t.testdir({ run: {} });
      const text = read('supervisor')
        .replaceAll('/run/', `${folder}/run/`)
        .replaceAll('/proc/uptime', `${folder}/uptime`)
        .replace('sh /etc/init.d/other-slot', 'echo looks')
        .replace(/^exec .*$/m, 'echo starts');
      return times.map((time) => sh(`echo ${time} 3.21 >${folder}/uptime\n${text}`)).join('|');
    };
    t.equal(starts('3.99', '63.00', '72.10', '82.00'), 'starts|starts|looks; starts|starts');
    t.end();
  },
);
