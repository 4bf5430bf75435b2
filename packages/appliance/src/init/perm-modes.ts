import { closeSync, constants, fchmodSync, fchownSync, fstatSync, openSync, watch } from 'node:fs';
import { join } from 'node:path';
import { groupIdOf, PASSWORD_GROUP } from './accounts.ts';

/** What root keeps directly below /perm, and who may read it. */
export interface PermEntry {
  readonly name: string;
  /** Who may read it besides root: a group, everyone, or nobody. */
  readonly readers: { readonly group: string } | 'everyone' | 'nobody';
  /** Services to be told when they could not read it before. */
  readonly tells: readonly string[];
}

/** The secrets, and what several daemons read. What is not in it stays as whoever wrote it has left it. */
export const permEntries: readonly PermEntry[] = [
  { name: 'wireguard.json', readers: { group: 'netconfigd' }, tells: ['netconfigd'] },
  { name: 'gokr-pw.txt', readers: { group: PASSWORD_GROUP }, tells: [] },
  { name: 'dyndns.json', readers: 'nobody', tells: [] },
  { name: 'breakglass.host_key', readers: 'nobody', tells: [] },
  { name: 'random.seed', readers: 'nobody', tells: [] },
  // The key of the web server's certificate is in it.
  { name: 'ssl', readers: 'nobody', tells: [] },
  { name: 'interfaces.json', readers: 'everyone', tells: ['netconfigd', 'dhcp4d', 'radvd', 'dhcp6d', 'dnsd'] },
  { name: 'ipv6.json', readers: 'everyone', tells: ['netconfigd', 'radvd', 'dhcp6', 'dhcp6d', 'dnsd'] },
  { name: 'firewall.json', readers: 'everyone', tells: ['netconfigd'] },
  { name: 'portforwardings.json', readers: 'everyone', tells: ['netconfigd'] },
  { name: 'dns.json', readers: 'everyone', tells: ['dnsd', 'radvd'] },
  { name: 'dhcp6d.json', readers: 'everyone', tells: ['dhcp6d'] },
  { name: 'ntp.json', readers: 'everyone', tells: ['ntpd'] },
];

/**
 * Gives what is directly below /perm the owner and the mode it is to have. People write there as root with whatever umask
 * they have: a secret that everyone can read, or a configuration that no daemon can.
 *
 * @returns the services to be told of what they can read from now on. Never throws
 */
export function settlePerm(perm: string, names?: readonly string[]): readonly string[] {
  const entries = permEntries.filter(({ name }) => names === undefined || names.includes(name));
  return [...new Set(entries.flatMap((entry) => (settleEntry(join(perm, entry.name), entry) ? entry.tells : [])))];
}

/** {@link settlePerm}, now and whenever something there changes. @returns ends that */
export function keepPermSettled(perm: string, tell: (service: string) => void): () => void {
  settlePerm(perm);
  try {
    const watcher = watch(perm, (_, name) => {
      for (const service of settlePerm(perm, name === null ? undefined : [name])) tell(service);
    });
    // The disk has gone; what was set stays.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}

/** @returns whether its readers may read it only now */
function settleEntry(path: string, { readers }: PermEntry): boolean {
  let fd: number | undefined;
  try {
    // Only root can make a link here, but even so: what it leads to is not what is meant.
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = fstatSync(fd);
    if (!(found.isFile() || found.isDirectory())) return false;
    const group = typeof readers === 'object' ? groupIdOf(readers.group) : 0;
    const mode = wantedMode(found.mode & 0o777, readers, found.isDirectory());
    const isOwned = found.uid === 0 && found.gid === group;
    if (isOwned && (found.mode & 0o7777) === mode) return false;
    const couldRead =
      readers === 'everyone' ? (found.mode & 0o004) !== 0 : found.gid === group && (found.mode & 0o040) !== 0;
    // Nobody more than before until its group is the right one.
    fchmodSync(fd, mode & found.mode & 0o777);
    if (!isOwned) fchownSync(fd, 0, group);
    fchmodSync(fd, mode);
    return readers !== 'nobody' && !couldRead;
  } catch {
    // It is not there, or has gone meanwhile; or the disk is read-only.
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function wantedMode(mode: number, readers: PermEntry['readers'], isFolder: boolean): number {
  if (readers === 'everyone') return (mode & 0o755) | 0o644;
  if (readers === 'nobody') return isFolder ? 0o700 : 0o600;
  return 0o640;
}
