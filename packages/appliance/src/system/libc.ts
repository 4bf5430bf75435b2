import { getSystemErrorName } from 'node:util';
import koffi from 'koffi';

// Debian's glibc, in the image as on every machine the tests run on.
const libc = koffi.load('libc.so.6');

/** A system call has failed. `code` is the errno's name (`ENETDOWN`), as in Node's own system errors. */
export class SystemError extends Error {
  override readonly name: string = 'SystemError';
  /** The errno's name, such as `EADDRINUSE`. */
  readonly code: string;
  /** The errno's number, positive. */
  readonly errno: number;
  /** The call that failed, such as `bind`. */
  readonly syscall: string;

  constructor(syscall: string, errno: number, what: string = '') {
    const code = errnoName(errno);
    super(`${syscall}${what === '' ? '' : ` ${what}`}: ${code}`);
    this.syscall = syscall;
    this.errno = errno;
    this.code = code;
  }
}

/** The name of a positive errno, `E<number>` when nobody knows it. */
export function errnoName(errno: number): string {
  const name = errno > 0 ? getSystemErrorName(-errno) : '';
  return /^E[A-Z0-9]+$/.test(name) ? name : `E${errno}`;
}

/** The `code` of any error that has one (Node's, {@link SystemError}); undefined otherwise. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** errno of the last call on this thread; koffi keeps it from being overwritten in between. */
export function lastErrno(): number {
  return koffi.errno();
}

/** Errno numbers that callers branch on (asm-generic/errno.h; the same on amd64 and arm64). */
export const Errno = {
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EAGAIN: 11,
  ENOMEM: 12,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  EMSGSIZE: 90,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ENOBUFS: 105,
  ECONNREFUSED: 111,
  EHOSTUNREACH: 113,
} as const;

// Pointers go as uint64_t: an address computed once costs nothing per call, while koffi's `void *` looks its argument
// up every time. A user-space address has 47 bits, so a number holds it exactly.
/** socket(2) */
export const socket: (domain: number, type: number, protocol: number) => number =
  libc.func('int socket(int, int, int)');
/** bind(2) */
export const bind: (fd: number, address: number, length: number) => number = libc.func(
  'int bind(int, uint64_t, uint32_t)',
);
/** getsockname(2) */
export const getsockname: (fd: number, address: number, length: number) => number = libc.func(
  'int getsockname(int, uint64_t, uint64_t)',
);
/** setsockopt(2) */
export const setsockopt: (fd: number, level: number, name: number, value: number, length: number) => number = libc.func(
  'int setsockopt(int, int, int, uint64_t, uint32_t)',
);
/** getsockopt(2) */
export const getsockopt: (fd: number, level: number, name: number, value: number, length: number) => number = libc.func(
  'int getsockopt(int, int, int, uint64_t, uint64_t)',
);
/** recvmmsg(2); -1 and errno, or the number of messages */
export const recvmmsg: (fd: number, vector: number, count: number, flags: number, timeout: number) => number =
  libc.func('int recvmmsg(int, uint64_t, uint32_t, int, uint64_t)');
/** sendmmsg(2); -1 and errno, or the number of messages that have left */
export const sendmmsg: (fd: number, vector: number, count: number, flags: number) => number = libc.func(
  'int sendmmsg(int, uint64_t, uint32_t, int)',
);
/** connect(2) */
export const connect: (fd: number, address: number, length: number) => number = libc.func(
  'int connect(int, uint64_t, uint32_t)',
);
/** send(2); -1 and errno, or the number of octets */
export const send: (fd: number, bytes: number, length: number, flags: number) => number = libc.func(
  'int send(int, uint64_t, uint64_t, int)',
);
/** recv(2); -1 and errno, or the number of octets */
export const recv: (fd: number, bytes: number, length: number, flags: number) => number = libc.func(
  'int recv(int, uint64_t, uint64_t, int)',
);
/** sendto(2); -1 and errno, or the number of octets */
export const sendto: (
  fd: number,
  bytes: number,
  length: number,
  flags: number,
  address: number,
  addressLength: number,
) => number = libc.func('int sendto(int, uint64_t, uint64_t, int, uint64_t, uint32_t)');
/** recvfrom(2); -1 and errno, or the number of octets */
export const recvfrom: (
  fd: number,
  bytes: number,
  length: number,
  flags: number,
  address: number,
  addressLength: number,
) => number = libc.func('int recvfrom(int, uint64_t, uint64_t, int, uint64_t, uint64_t)');
/** epoll_create1(2) */
export const epollCreate: (flags: number) => number = libc.func('int epoll_create1(int)');
/** epoll_ctl(2) */
export const epollControl: (epoll: number, operation: number, fd: number, event: number) => number = libc.func(
  'int epoll_ctl(int, int, int, uint64_t)',
);
/** epoll_wait(2); -1 and errno, or the number of events */
export const epollWait: (epoll: number, events: number, most: number, timeoutMs: number) => number = libc.func(
  'int epoll_wait(int, uint64_t, int, int)',
);
/** eventfd(2) */
export const eventfd: (initial: number, flags: number) => number = libc.func('int eventfd(uint32_t, int)');
/** eventfd_write(3) */
export const eventfdWrite: (fd: number, value: number) => number = libc.func('int eventfd_write(int, uint64_t)');
/** eventfd_read(3) */
export const eventfdRead: (fd: number, value: number) => number = libc.func('int eventfd_read(int, uint64_t)');
/** mkfifo(3) */
export const mkfifo: (path: string, mode: number) => number = libc.func('int mkfifo(const char *, uint32_t)');
/** syscall(2), for calls that older versions of the C library do not have; numbers of up to 32 bits and addresses */
export const systemCall: (number: number, a: number, b: number, c: number, d: number) => number = libc.func(
  'long syscall(long, long, long, uint64_t, uint64_t)',
);
/** close(2) */
export const close: (fd: number) => number = libc.func('int close(int)');
/** flock(2) */
export const flock: (fd: number, operation: number) => number = libc.func('int flock(int, int)');
/** fallocate(2) */
export const fallocate: (fd: number, mode: number, offset: number, length: number) => number = libc.func(
  'int fallocate(int, int, int64_t, int64_t)',
);
/** nanosleep(2) */
export const nanosleep: (time: number, left: number) => number = libc.func('int nanosleep(uint64_t, uint64_t)');
/** clock_gettime(2) */
export const clockGettime: (clock: number, time: number) => number = libc.func('int clock_gettime(int, uint64_t)');
/** clock_settime(2) */
export const clockSettime: (clock: number, time: number) => number = libc.func('int clock_settime(int, uint64_t)');
/** adjtimex(2); -1 and errno, or the state of the clock */
export const adjtimex: (timex: number) => number = libc.func('int adjtimex(uint64_t)');
/** ioctl(2) with a pointer to its argument */
export const ioctl: (fd: number, request: number, argument: number) => number = libc.func(
  'int ioctl(int, uint64_t, uint64_t)',
);
const ifNameToIndex: (name: string) => number = libc.func('uint32_t if_nametoindex(const char *)');

/** The index of the interface that has this name now; undefined when there is none. */
export function interfaceIndex(name: string): number | undefined {
  const index = ifNameToIndex(name);
  return index === 0 ? undefined : index;
}

/**
 * Memory at a fixed address that system calls read and write. V8 never moves an ArrayBuffer's memory, and it lives as
 * long as this object: whoever hands `address` to the kernel keeps the Arena.
 */
export class Arena {
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;
  readonly view: DataView;
  /** Address of the first octet. */
  readonly address: number;

  /** @param size octets, rounded up to a multiple of 64 */
  constructor(size: number) {
    const buffer = new ArrayBuffer((size + 63) & ~63);
    this.u8 = new Uint8Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.u64 = new BigUint64Array(buffer);
    this.view = new DataView(buffer);
    this.address = Number(koffi.address(this.u8));
  }
}

/** Sets a socket option whose value is an int. @throws SystemError */
export function setIntOption(fd: number, level: number, name: number, value: number, what: string): void {
  const arena = new Arena(4);
  arena.view.setInt32(0, value, true);
  if (setsockopt(fd, level, name, arena.address, 4) < 0) throw new SystemError('setsockopt', lastErrno(), what);
}

/** Sets a socket option whose value is a row of octets. @throws SystemError */
export function setBytesOption(fd: number, level: number, name: number, value: Uint8Array, what: string): void {
  const arena = new Arena(value.length);
  arena.u8.set(value);
  if (setsockopt(fd, level, name, arena.address, value.length) < 0) {
    throw new SystemError('setsockopt', lastErrno(), what);
  }
}
