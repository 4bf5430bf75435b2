import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { Arena, ioctl, lastErrno, SystemError } from './libc.ts';

const DEVICE = '/dev/urandom';
/** RNDADDENTROPY of linux/random.h: `_IOW('R', 0x03, int[2])`. */
const RNDADDENTROPY = 0x4008_5203;

/** Stirs octets into the kernel's pool, without it counting them as random. @throws Node's system error */
export function stirPool(octets: Uint8Array, device: string = DEVICE): void {
  withDevice(device, 'w', (fd) => void writeSync(fd, octets));
}

/**
 * Adds octets that nobody else can know to the kernel's pool and has them counted as such (random(4)). It takes
 * CAP_SYS_ADMIN.
 *
 * @throws SystemError `EPERM`; Node's system error when the device cannot be opened
 */
export function creditPool(octets: Uint8Array, device: string = DEVICE): void {
  // struct rand_pool_info: bits of entropy, octets of the buffer, the buffer.
  const arena = new Arena(8 + octets.length);
  arena.u32[0] = octets.length * 8;
  arena.u32[1] = octets.length;
  arena.u8.set(octets, 8);
  withDevice(device, 'r+', (fd) => {
    if (ioctl(fd, RNDADDENTROPY, arena.address) < 0) throw new SystemError('RNDADDENTROPY', lastErrno());
  });
}

/** Octets of the pool as it is: unlike Node's, they never keep anybody waiting. @throws Node's system error */
export function readPool(length: number, device: string = DEVICE): Uint8Array {
  const octets = new Uint8Array(length);
  withDevice(device, 'r', (fd) => {
    for (let at = 0; at < length; ) at += readSync(fd, octets, at, length - at, null);
  });
  return octets;
}

function withDevice(device: string, flags: string, use: (fd: number) => void): void {
  const fd = openSync(device, flags);
  try {
    use(fd);
  } finally {
    closeSync(fd);
  }
}
