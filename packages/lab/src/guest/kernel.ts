import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  const version = currentKernel();
  const folder = join(cache, version);
  if (!existsSync(folder)) unpack(version, folder);
  const modules = join(folder, 'lib/modules');
  const [release = ''] = readdirSync(modules);
  return {
    image: join(folder, 'boot', `vmlinuz-${release}`),
    version: release,
    modules,
    busybox: join(folder, 'bin/busybox'),
  };
}

/** `PACKAGE=VERSION` of the newest kernel that the archive has, or that is unpacked already when apt knows none. */
function currentKernel(): string {
  const name = /linux-image-\d\S+/.exec(tryRun('apt-cache', ['depends', KERNEL]))?.[0];
  const version =
    name === undefined ? undefined : /Candidate: (\d\S*)/.exec(tryRun('apt-cache', ['policy', name]))?.[1];
  if (version !== undefined) return `${name}=${version}`;
  const unpacked = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('linux-image-')) : [];
  const newest = unpacked.sort().at(-1);
  if (newest === undefined) throw new MissingForGuest(`package ${KERNEL} is not in the lists of apt (apt-get update)`);
  return newest;
}

function unpack(version: string, folder: string): void {
  mkdirSync(cache, { recursive: true });
  removeStale();
  const temporary = mkdtempSync(join(cache, 'unpacking-'));
  try {
    for (const name of [version, 'busybox-static']) {
      download(name, temporary);
      const [file = ''] = readdirSync(temporary).filter((name) => name.endsWith('.deb'));
      execFileSync('dpkg-deb', ['-x', join(temporary, file), temporary]);
      rmSync(join(temporary, file));
    }
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

function download(name: string, folder: string): void {
  try {
    execFileSync('apt-get', ['-q', 'download', name], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const reason = stderr.split('\n').find((line) => line.startsWith('E:')) ?? (error as Error).message;
    throw new MissingForGuest(`package ${name} cannot be downloaded: ${reason}`);
  }
}

/** Removes what was left when somebody was killed while unpacking. */
function removeStale(): void {
  for (const name of readdirSync(cache).filter((name) => name.startsWith('unpacking-'))) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > HOUR_MS) rmSync(path, { recursive: true, force: true });
  }
}

function tryRun(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    });
  } catch {
    return '';
  }
}
