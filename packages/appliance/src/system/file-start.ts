import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * The beginning of a file that somebody with fewer rights may have made: it may be endless, or something that nothing is
 * ever read from.
 *
 * @param most octets that are read
 * @throws Node's system error: `ELOOP` for a symbolic link. Error for what is no file
 */
export function readFileStart(path: string, most: number): string {
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!fstatSync(fd).isFile()) throw new Error(`${path} is no file`);
    const octets = Buffer.alloc(most);
    let length = 0;
    for (let read = 1; read > 0 && length < most; length += read)
      read = readSync(fd, octets, length, most - length, null);
    return octets.toString('utf8', 0, length);
  } finally {
    closeSync(fd);
  }
}
