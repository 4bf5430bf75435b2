import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  opendirSync,
  openSync,
} from 'node:fs';

/** The folders in it are as deep as this at most. */
const DEEPEST = 8;
/** Names below one of its folders that are looked at: a daemon can make millions, and all others wait meanwhile. */
const MOST_NAMES = 5000;
const FOLDER_MODE = 0o755;
const DEVICE_MODE = 0o640;
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants;

/**
 * Makes a service's folders below /perm if need be, and gives it what root has in them: router7 ran everything as root, and
 * so do people who put files there. Never throws: a disk that is full or read-only must not keep a service from starting.
 *
 * A daemon that has been taken over has had its folders to itself, and root must not hand it more. So nothing is reached
 * through a symbolic link, folders are held open while they are walked, and a file with another name (a hard link) is left.
 *
 * @param id of the user and the group
 */
export function settleFolders(folders: readonly string[], id: number): void {
  for (const folder of folders) {
    if (!folder.startsWith('/perm/')) continue;
    try {
      mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    } catch {
      continue;
    }
    settle(folder, id, DEEPEST, { left: MOST_NAMES });
  }
}

/** Lets a group read devices. Never throws: not every machine has them. */
export function settleDevices(devices: readonly string[], group: number): void {
  for (const device of devices) {
    try {
      chownSync(device, 0, group);
      chmodSync(device, DEVICE_MODE);
    } catch {
      // It is not there.
    }
  }
}

/**
 * @param path its last part must not be a link; the folders above it are root's, or held open
 * @param names how many more are looked at
 */
function settle(path: string, id: number, depth: number, names: { left: number }): void {
  let fd: number | undefined;
  try {
    const seen = lstatSync(path);
    if (!(seen.isDirectory() || (seen.isFile() && seen.uid === 0))) return;
    // Without waiting: it may be something else by now, a FIFO for one.
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | (seen.isDirectory() ? O_DIRECTORY : 0));
    const found = fstatSync(fd);
    if (found.isDirectory() && depth > 0) settleNames(`/proc/self/fd/${fd}`, id, depth - 1, names);
    const isGiven = found.isDirectory() || (found.isFile() && found.nlink === 1);
    // Last: what a power cut leaves half done is seen to be root's, and done the next time.
    if (isGiven && found.uid === 0) fchownSync(fd, id, id);
  } catch {
    // It has gone meanwhile, or the disk is read-only.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function settleNames(folder: string, id: number, depth: number, names: { left: number }): void {
  const entries = opendirSync(folder);
  try {
    for (let entry = entries.readSync(); entry !== null && names.left > 0; entry = entries.readSync()) {
      names.left--;
      settle(`${folder}/${entry.name}`, id, depth, names);
    }
  } finally {
    entries.closeSync();
  }
}
