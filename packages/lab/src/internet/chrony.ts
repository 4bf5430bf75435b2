import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../../../.run', import.meta.url));
const unpacked = join(cache, 'chrony');

/**
 * Path of chronyd: the machine's own, or one that is unpacked from Debian's package without installing it, for that would
 * take away whatever keeps the machine's time. Only started with -x, it sets no clock.
 *
 * @returns undefined when it is neither installed nor unpacked nor to be had
 */
export function chronyd(): string | undefined {
  for (const path of ['/usr/sbin/chronyd', join(unpacked, 'usr/sbin/chronyd')]) if (runs(path)) return path;
  try {
    unpack();
  } catch {
    return undefined;
  }
  const path = join(unpacked, 'usr/sbin/chronyd');
  return runs(path) ? path : undefined;
}

function unpack(): void {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'unpacking-'));
  try {
    execFileSync('apt-get', ['-q', 'download', 'chrony'], { cwd: folder, stdio: 'ignore', timeout: 60_000 });
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    execFileSync('dpkg-deb', ['-x', join(folder, file), folder]);
    if (!existsSync(unpacked)) renameSync(folder, unpacked);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether it is there with all its libraries. */
function runs(path: string): boolean {
  try {
    execFileSync(path, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
