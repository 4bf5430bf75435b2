import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CpioEntry, encodeCpio } from './cpio.ts';

const DIRECTORIES = ['bin', 'dev', 'lib', 'lib/modules', 'proc', 'root', 'sys'];
/** What the script calls. */
const APPLETS = [
  'cat',
  'dd',
  'hexdump',
  'modprobe',
  'mount',
  'sh',
  'sort',
  'switch_root',
  'umount',
  'uname',
  'usleep',
  'xargs',
];

/**
 * The file system that the kernel starts from: busybox, the drivers of disks, and a script that finds the root partition.
 *
 * @param busybox path of one that needs no library
 * @param modules path of a folder lib/modules/RELEASE with the drivers
 */
export function encodeInitrd(busybox: string, modules: string, release: string): Uint8Array {
  const home = `lib/modules/${release}`;
  return encodeCpio([
    ...DIRECTORIES.map((path): CpioEntry => ({ kind: 'directory', path, mode: 0o755 })),
    // Before anything is mounted, the kernel gives its first process this as input and output.
    { kind: 'device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
    { kind: 'file', path: 'bin/busybox', mode: 0o755, data: readFileSync(busybox) },
    ...APPLETS.map((name): CpioEntry => ({ kind: 'link', path: `bin/${name}`, target: 'busybox' })),
    { kind: 'file', path: 'init', mode: 0o755, data: readFileSync(new URL('initrd-init', import.meta.url)) },
    { kind: 'directory', path: home, mode: 0o755 },
    ...folderEntries(modules, home),
  ]);
}

function folderEntries(folder: string, name: string): readonly CpioEntry[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): readonly CpioEntry[] => {
      const path = `${name}/${entry.name}`;
      const from = join(folder, entry.name);
      if (entry.isDirectory()) return [{ kind: 'directory', path, mode: 0o755 }, ...folderEntries(from, path)];
      return [{ kind: 'file', path, mode: 0o644, data: readFileSync(from) }];
    });
}
