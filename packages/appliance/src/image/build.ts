import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BOOT_PACKAGES, makeBootImage } from './boot/boot-image.ts';
import { type DebianPackage, debianPackages, dependencyOf, MissingPackage } from './debian/debian-package.ts';
import { SECTOR } from './disk/gpt.ts';
import { diskPartitions } from './disk/layout.ts';
import { writeDisk } from './disk/write-disk.ts';
import { completeLibraries, makeRootTree, PACKAGES } from './root/root-tree.ts';
import { makeSquashfs } from './root/squashfs.ts';

/** Debian's metapackage, which depends on the package of the current kernel. */
const KERNEL = 'linux-image-amd64';

/** What an image is to be like. */
export interface ImageOptions {
  readonly hostname: string;
  /** Folder for the files; made when it is not there. */
  readonly out: string;
  /** Of the LAN on the first start, with prefix length. */
  readonly lanAddress: string;
  /** For the web; the router makes one itself when absent. */
  readonly password?: string;
  /** Size of the disk, in octets; a multiple of 512. */
  readonly diskSize: number;
  /** Of all files, and what the image says of when it was built. */
  readonly time: Date;
  /** Told what is being done. */
  readonly progress?: (step: string) => void;
}

/** The files of an image, as paths. */
export interface ImageFiles {
  /** All of a disk, with holes. */
  readonly disk: string;
  readonly boot: string;
  readonly root: string;
  readonly mbr: string;
}

/**
 * Makes an image from what Debian's archive has now. The same input gives the same bytes.
 *
 * @throws MissingPackage
 */
export async function buildImage(options: ImageOptions): Promise<ImageFiles> {
  const { hostname, out, time, diskSize, progress = () => {} } = options;
  const diskSectors = diskSize / SECTOR;
  const partitions = diskPartitions(hostname, diskSectors);
  mkdirSync(out, { recursive: true });
  progress('fetching Debian packages');
  const kernel = currentKernel();
  const packages = debianPackages([kernel, ...PACKAGES, ...BOOT_PACKAGES]);
  const path = (name: string): string => join(out, name);
  const files = { disk: path('disk.img'), boot: path('boot.img'), root: path('root.img'), mbr: path('mbr.img') };
  const temporary = mkdtempSync(path('.building-'));
  try {
    progress('root: kernel, libraries, programs');
    const root = join(temporary, 'root');
    makeRootTree(root, join(temporary, 'initrd'), {
      hostname,
      lanAddress: options.lanAddress,
      password: options.password,
      kernel: packages.get(kernel) as DebianPackage,
      packages,
    });
    completeLibraries(root, packages);
    progress('root: packing');
    makeSquashfs(root, files.root, time);
  } finally {
    rmSync(temporary, { recursive: true });
  }
  progress('boot partition and disk');
  const boot = makeBootImage(hostname, packages, time);
  writeFileSync(files.boot, boot.partition);
  writeFileSync(files.mbr, boot.bootCode);
  writeDisk(files.disk, {
    hostname,
    diskSectors,
    partitions,
    bootCode: boot.bootCode,
    images: [files.boot, files.root],
  });
  return files;
}

/** Name of the package of the newest kernel. */
function currentKernel(): string {
  const name = dependencyOf(KERNEL, /linux-image-\d\S+/);
  if (name === undefined) throw new MissingPackage(`package ${KERNEL} is not in the lists of apt (apt-get update)`);
  return name;
}

/** SHA-256 of a file, in hexadecimal. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
