import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { deflateSync } from 'node:zlib';

const MIB = 1024 * 1024;
const BLOCK = 128 * 1024;

/** What belongs together, by what paths begin with; the first that fits. */
const GROUPS: readonly (readonly [name: string, start: string])[] = [
  ['Node', 'gokrazy/node'],
  ['programs of router7', 'gokrazy/'],
  ['kernel for UEFI and kexec', 'boot/vmlinuz'],
  ['kernel for BIOS', 'boot/vmlinux'],
  ['initrd', 'boot/initrd'],
  ['kernel modules', 'lib/modules/'],
  ['libraries', 'lib'],
  ['busybox and other programs', 'bin/'],
  ['everything else', ''],
];

/**
 * What takes the room, as lines of a table: octets of files, and which part of the packed image they are. The latter is
 * estimated by a quick compression.
 *
 * @param packed size of the image, in octets
 */
export function roomTable(root: string, packed: number): readonly string[] {
  const sizes = new Map(GROUPS.map(([name]) => [name, { plain: 0, packed: 0 }]));
  let total = 0;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!lstatSync(path).isFile()) continue;
    const size = sizes.get(groupOf(relative(root, path))) as { plain: number; packed: number };
    const data = readFileSync(path);
    const estimate = packedSize(data);
    size.plain += data.length;
    size.packed += estimate;
    total += estimate;
  }
  const cell = (octets: number): string => (octets / MIB).toFixed(1).padStart(8);
  return [
    '   files   packed  MiB',
    ...[...sizes].map(([name, size]) => `${cell(size.plain)} ${cell((size.packed / total) * packed)}  ${name}`),
  ];
}

function groupOf(path: string): string {
  return GROUPS.find(([, start]) => path.startsWith(start))?.[0] ?? '';
}

function packedSize(data: Buffer): number {
  let size = 0;
  for (let at = 0; at < data.length; at += BLOCK) {
    size += deflateSync(data.subarray(at, at + BLOCK), { level: 1 }).length;
  }
  return size;
}
