import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groupLines, passwdLines } from '../../init/accounts.ts';
import { kernelParametersFile } from '../../init/kernel-parameters.ts';
import { supervisorOptions } from '../../init/programs.ts';
import { encodeInitrd } from '../boot/initrd.ts';
import { plainKernel } from '../boot/plain-kernel.ts';
import type { SerialPort } from '../boot/serial-port.ts';
import type { DebianPackage } from '../debian/debian-package.ts';
import { copyModules, DISK_MODULES, makeModuleLists, ROUTER_MODULES } from './kernel-modules.ts';
import { copyLibraries } from './libraries.ts';
import { type WebSettings, webSettingsFiles } from './web-settings.ts';

/** Files of this project that are on the root partition as they are here. */
const files = fileURLToPath(new URL('files', import.meta.url));

/** Something is mounted there, or nothing ever is. */
const FOLDERS = ['boot', 'dev', 'perm', 'proc', 'root', 'run', 'sys', 'tmp'];

/** Programs besides busybox: package, path in it, path in the image. They go before an applet of the same name. */
const PROGRAMS: readonly (readonly [name: string, from: string, to: string])[] = [
  ['e2fsprogs', 'sbin/mke2fs', 'bin/mke2fs'],
  ['e2fsprogs', 'sbin/e2fsck', 'bin/e2fsck'],
  ['e2fsprogs', 'etc/mke2fs.conf', 'etc/mke2fs.conf'],
  ['util-linux', 'usr/bin/setpriv', 'bin/setpriv'],
];

/** Packages of which something is in the image; the kernel's comes with its version. */
export const PACKAGES: readonly string[] = [
  'busybox-static',
  'ca-certificates',
  ...new Set(PROGRAMS.map(([name]) => name)),
  'libatomic1',
  'libblkid1',
  'libc6',
  'libcap-ng0',
  'libcom-err2',
  'libext2fs2',
  'libgcc-s1',
  'libstdc++6',
  'libuuid1',
];

/** What the root partition is made of. */
export interface RootContent {
  readonly hostname: string;
  /** Of the LAN, with prefix length; for the first start. */
  readonly lanAddress: string;
  /** For the web; the router makes one itself when absent. */
  readonly password: string | undefined;
  /** The port that offers a shell, if there is one. */
  readonly serial: SerialPort | undefined;
  readonly web: WebSettings;
  readonly kernel: DebianPackage;
  readonly packages: ReadonlyMap<string, DebianPackage>;
}

/**
 * Makes all of the root partition but the programs of router7 in an empty folder.
 *
 * @param scratch an empty folder
 */
export function makeRootTree(root: string, scratch: string, content: RootContent): void {
  const { hostname, kernel, packages } = content;
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  cpSync(files, root, { recursive: true });
  const write = (path: string, text: string, mode: number = 0o644): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), mode);
  };
  const supervisor = readFileSync(join(files, 'etc/init.d/supervisor'), 'utf8');
  write('etc/init.d/supervisor', supervisor.replace('@options@', supervisorOptions.join(' ')), 0o755);
  write('etc/inittab', inittab(readFileSync(join(files, 'etc/inittab'), 'utf8'), content.serial));
  write('etc/hostname', `${hostname}\n`);
  write('etc/hosts', `127.0.0.1 localhost\n::1 localhost\n127.0.1.1 ${hostname}\n`);
  write('etc/passwd', passwdLines().join(''));
  write('etc/group', groupLines().join(''));
  write('etc/sysctl.conf', kernelParametersFile());
  write('etc/router7/first-start.json', `${JSON.stringify({ lanAddress: content.lanAddress })}\n`);
  if (content.password !== undefined) write('etc/gokr-pw.txt', `${content.password}\n`, 0o640);
  for (const { path, text, mode } of webSettingsFiles(content.web)) write(path, text, mode);
  write('etc/ssl/certs/ca-certificates.crt', certificates(folderOf(packages, 'ca-certificates')));
  symlinkSync('/tmp/resolv.conf', join(root, 'etc/resolv.conf'));
  copyPrograms(root, packages);
  copyKernel(root, scratch, kernel, join(root, 'bin/busybox'));
}

/** Busybox' list of what it runs, with the shell at another serial port, or at none. */
export function inittab(text: string, serial: SerialPort | undefined): string {
  return text.replace(/^ttyS0(:.*\n)/m, serial === undefined ? '' : `ttyS${serial.unit}$1`);
}

/** Copies the libraries that the programs need; the last thing to be done. */
export function completeLibraries(root: string, packages: ReadonlyMap<string, DebianPackage>): void {
  copyLibraries(
    root,
    [...packages.values()].map(({ folder }) => folder),
  );
}

function folderOf(packages: ReadonlyMap<string, DebianPackage>, name: string): string {
  const found = packages.get(name);
  if (found === undefined) throw new Error(`package ${name} is not among those fetched`);
  return found.folder;
}

/** All authorities that Debian trusts, as one file. */
function certificates(folder: string): string {
  const home = join(folder, 'usr/share/ca-certificates');
  const names = globSync('**/*.crt', { cwd: home }).sort();
  return names.map((name) => readFileSync(join(home, name), 'utf8')).join('');
}

function copyPrograms(root: string, packages: ReadonlyMap<string, DebianPackage>): void {
  mkdirSync(join(root, 'bin'), { recursive: true });
  symlinkSync('bin', join(root, 'sbin'));
  const busybox = join(root, 'bin/busybox');
  copyFileSync(join(folderOf(packages, 'busybox-static'), 'bin/busybox'), busybox);
  for (const [name, from, to] of PROGRAMS) copyFileSync(join(folderOf(packages, name), from), join(root, to));
  const present = new Set(readdirSync(join(root, 'bin')));
  for (const applet of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
    if (!present.has(applet)) symlinkSync('busybox', join(root, 'bin', applet));
  }
}

function copyKernel(root: string, scratch: string, { folder }: DebianPackage, busybox: string): void {
  const [release = ''] = readdirSync(join(folder, 'lib/modules'));
  // Debian has the lists made when the package is installed.
  makeModuleLists(folder, release);
  copyModules(folder, root, release, [...DISK_MODULES, ...ROUTER_MODULES]);
  copyModules(folder, scratch, release, DISK_MODULES);
  const image = join(folder, 'boot', `vmlinuz-${release}`);
  copyFileSync(image, join(root, 'boot/vmlinuz'));
  writeFileSync(join(root, 'boot/vmlinux'), plainKernel(readFileSync(image)));
  const initrd = encodeInitrd(busybox, join(scratch, 'lib/modules', release), release);
  writeFileSync(join(root, 'boot/initrd'), initrd);
}
