import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type DebianPackage,
  debianPackages,
  dependencyOf,
  MissingPackage,
} from '@router7/appliance/image/debian/debian-package';
import { readModuleDependencies } from '@router7/appliance/image/root/module-dependencies';

/** Where unpacked packages are kept: nothing of them is installed on the machine. */
const cache = fileURLToPath(new URL('../../../../.run/guest', import.meta.url));

/** Debian's metapackage, which depends on the package of the current kernel. */
const KERNEL = 'linux-image-amd64';
const HOUR_MS = 3_600_000;

/** Something that a guest needs and this machine does not have; the message names it. */
export class MissingForGuest extends Error {
  override readonly name = 'MissingForGuest';
}

/** What a guest starts from. */
export interface GuestKernel {
  /** Path of the compressed kernel. */
  readonly image: string;
  readonly version: string;
  /** Path of `lib/modules`, with `modules.dep` and its companions made. */
  readonly modules: string;
  /** Path of a busybox that needs no library. */
  readonly busybox: string;
}

/**
 * Debian's current kernel, unpacked from its package without installing it, and busybox-static. Downloads them when
 * they are not there or newer ones are.
 *
 * @throws MissingForGuest
 */
export function guestKernel(): GuestKernel {
  const folder = currentKernel();
  const modules = join(folder, 'lib/modules');
  const [release = ''] = readdirSync(modules);
  return {
    image: join(folder, 'boot', `vmlinuz-${release}`),
    version: release,
    modules,
    busybox: join(folder, 'bin/busybox'),
  };
}

/** The folder of the newest kernel that the archive has, or that is there already when apt knows none. */
function currentKernel(): string {
  const name = dependencyOf(KERNEL, /linux-image-\d\S+/);
  if (name !== undefined) return unpacked(name);
  const present = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('linux-image-')) : [];
  const newest = present.sort().at(-1);
  if (newest === undefined) throw new MissingForGuest(`package ${KERNEL} is not in the lists of apt (apt-get update)`);
  return join(cache, newest);
}

function unpacked(name: string): string {
  const packages = fetched([name, 'busybox-static']);
  const folder = join(cache, `${name}=${packages.get(name)?.version}`);
  if (!existsSync(folder)) put(packages.values(), folder);
  return folder;
}

function fetched(names: readonly string[]): ReadonlyMap<string, DebianPackage> {
  try {
    return debianPackages(names);
  } catch (error) {
    throw error instanceof MissingPackage ? new MissingForGuest(error.message) : error;
  }
}

/** Puts files of packages together in one folder, and makes lists of the modules there. */
function put(packages: Iterable<DebianPackage>, folder: string): void {
  mkdirSync(cache, { recursive: true });
  removeStale();
  const temporary = mkdtempSync(join(cache, 'unpacking-'));
  try {
    // Links: nothing of it is written to.
    for (const one of packages) execFileSync('cp', ['--archive', '--link', `${one.folder}/.`, temporary]);
    // The kernel's package has it made when it is installed.
    const [release = ''] = readdirSync(join(temporary, 'lib/modules'));
    execFileSync('depmod', ['-b', temporary, release], { env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' } });
    readModuleDependencies(join(temporary, 'lib/modules', release));
    try {
      renameSync(temporary, folder);
    } catch (error) {
      // Another test has unpacked it meanwhile.
      if (!existsSync(folder)) throw error;
    }
    for (const name of readdirSync(cache)) {
      if (name.startsWith('linux-image-') && join(cache, name) !== folder)
        rmSync(join(cache, name), { recursive: true });
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Removes what was left when somebody was killed while unpacking. */
function removeStale(): void {
  for (const name of readdirSync(cache).filter((name) => name.startsWith('unpacking-'))) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > HOUR_MS) rmSync(path, { recursive: true, force: true });
  }
}
