import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { groupIdOf, PASSWORD_GROUP } from '../../init/accounts.ts';

/** Compressed in itself. */
const UNCOMPRESSED = 'vmlinuz';

/** Those who belong to another group than root's, by name. */
const GROUPS: Readonly<Record<string, number>> = { 'gokr-pw.txt': groupIdOf(PASSWORD_GROUP) };
/** Those that not everybody may read: they keep the mode that they have. */
const OWN_MODE: readonly string[] = ['gokrazy-web.key.pem', ...Object.keys(GROUPS)];

/**
 * Packs a folder into a SquashFS of blocks of 128 KiB, compressed by LZO: it takes a third of zlib's instructions to decompress, and
 * what would take fewer GRUB does not read, nor holes. Everything belongs to root, but for a few files' groups; the same folder
 * gives the same bytes.
 *
 * @param time of all files
 */
export function makeSquashfs(folder: string, path: string, time: Date): void {
  rmSync(path, { force: true });
  const seconds = Math.floor(time.getTime() / 1000).toString();
  execFileSync(
    'mksquashfs',
    [
      ...[folder, path, '-noappend', '-no-progress', '-quiet', '-no-xattrs', '-reproducible', '-no-sparse'],
      ...['-comp', 'lzo', '-b', '128K', '-mkfs-time', seconds, '-all-time', seconds],
      ...['-action', `uncompressed@name(${UNCOMPRESSED})`],
      // Whatever umask the files were made, or checked out, with.
      ...['-action', `chmod(u=rwX,go=rX)@${OWN_MODE.map((name) => `!name(${name})`).join('&&')}`],
      // Not by -all-root, which has the last word.
      ...['-action', 'guid(0,0)@true'],
      ...Object.entries(GROUPS).flatMap(([name, id]) => ['-action', `guid(0,${id})@name(${name})`]),
    ],
    // This variable and the options that say the same are refused together.
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, SOURCE_DATE_EPOCH: undefined } },
  );
}
