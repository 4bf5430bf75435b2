import type { SetSocketOption } from '@router7/nft/node';
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const setsockopt = libc.func('int setsockopt(int fd, int level, int option, const int *value, uint32_t length)');

/** `setsockopt(2)` by koffi. */
export const setSocketOption: SetSocketOption = (fd, level, option, value) => {
  if (setsockopt(fd, level, option, [value], 4) !== 0) throw new Error(`setsockopt: errno ${koffi.errno()}`);
};
