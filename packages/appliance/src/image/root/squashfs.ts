import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

/** GRUB reads these, and loads them the faster for it; both are compressed in themselves. */
const UNCOMPRESSED = ['vmlinuz', 'initrd'];

/**
 * Packs a folder into a SquashFS of blocks of 128 KiB, compressed by zlib: GRUB reads no better one. Everything belongs to
 * root; the same folder gives the same bytes.
 *
 * @param time of all files
 */
export function makeSquashfs(folder: string, path: string, time: Date): void {
  rmSync(path, { force: true });
  const seconds = Math.floor(time.getTime() / 1000).toString();
  const names = UNCOMPRESSED.map((name) => `name(${name})`).join('||');
  execFileSync(
    'mksquashfs',
    [
      ...[folder, path, '-noappend', '-no-progress', '-quiet', '-all-root', '-no-xattrs', '-reproducible'],
      ...['-comp', 'gzip', '-b', '128K', '-mkfs-time', seconds, '-all-time', seconds],
      ...['-action', `uncompressed@type(f)&&(${names})`],
    ],
    // This variable and the options that say the same are refused together.
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, SOURCE_DATE_EPOCH: undefined } },
  );
}
