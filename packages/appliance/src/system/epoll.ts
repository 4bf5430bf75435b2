import {
  Arena,
  close,
  Errno,
  epollControl,
  epollCreate,
  epollWait,
  eventfd,
  eventfdRead,
  eventfdWrite,
  lastErrno,
  SystemError,
} from './libc.ts';

const EPOLL_CLOEXEC = 0o2000000;
const EFD_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;
const ADD = 1;
const REMOVE = 2;
const EPOLLIN = 1;

/** Events that one {@link Epoll.wait} brings at most: more than there are as a rule, so that nearly all waits tell of everything. */
export const MAXIMUM_EVENTS = 512;
/**
 * struct epoll_event (epoll_ctl(2)): what is awaited (4), and 8 octets of the caller's; packed on amd64, so that a 32-bit
 * program's is the same, and padded before the 8 elsewhere.
 */
const EVENT = process.arch === 'x64' ? 12 : 16;
const DATA = EVENT - 8;

/**
 * Waits for descriptors to become readable, for a thread that has nothing else to wait for: Node's own event loop costs
 * several times as much per turn, and does not run meanwhile.
 *
 * A descriptor is told with the two numbers that it was added with. An event may be one of a descriptor that was closed
 * and whose number is in use again: whoever closes some while going through the events puts something into `value` that
 * tells them apart.
 */
export class Epoll {
  readonly #fd: number;
  readonly #events = new Arena(MAXIMUM_EVENTS * EVENT);
  readonly #event = new Arena(EVENT);

  /** @throws SystemError `EMFILE` */
  constructor() {
    this.#fd = epollCreate(EPOLL_CLOEXEC);
    if (this.#fd < 0) throw new SystemError('epoll_create1', lastErrno());
  }

  /**
   * Waits for `fd` from now on, until it is removed or closed.
   *
   * @param kind whose it is, a number of up to 32 bits
   * @param value which one it is, a number of up to 32 bits
   * @throws SystemError `ENOMEM`, `ENOSPC`
   */
  add(fd: number, kind: number, value: number): void {
    const { u32, address } = this.#event;
    u32[0] = EPOLLIN;
    u32[DATA / 4] = value;
    u32[DATA / 4 + 1] = kind;
    if (epollControl(this.#fd, ADD, fd, address) < 0) throw new SystemError('epoll_ctl', lastErrno());
  }

  /** Waits for it no more. Closing a descriptor does the same when no other one stands for the same file. */
  remove(fd: number): void {
    epollControl(this.#fd, REMOVE, fd, this.#event.address);
  }

  /**
   * Waits until something is readable (or in error: reading tells).
   *
   * @param timeoutMs 0 only looks, -1 waits for ever
   * @returns the number of events, 0 when there was none in time or a signal came
   * @throws SystemError
   */
  wait(timeoutMs: number): number {
    const count = epollWait(this.#fd, this.#events.address, MAXIMUM_EVENTS, timeoutMs);
    if (count >= 0) return count;
    const errno = lastErrno();
    if (errno === Errno.EINTR) return 0;
    throw new SystemError('epoll_wait', errno);
  }

  /** Whose the descriptor of event `index` is. */
  kind(index: number): number {
    return this.#events.u32[(index * EVENT + DATA) / 4 + 1] as number;
  }

  /** Which one the descriptor of event `index` is. */
  value(index: number): number {
    return this.#events.u32[(index * EVENT + DATA) / 4] as number;
  }

  close(): void {
    close(this.#fd);
  }
}

/** A bell between threads (eventfd(2)): rung by one, it makes a descriptor readable that another one waits for. */
export class Bell {
  readonly fd: number;
  readonly #value = new Arena(8);

  /**
   * @param fd of a bell that another thread has made; a new one when absent
   * @throws SystemError `EMFILE`
   */
  constructor(fd?: number) {
    this.fd = fd ?? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (this.fd < 0) throw new SystemError('eventfd', lastErrno());
  }

  /** Makes the descriptor readable, if it is not. */
  ring(): void {
    eventfdWrite(this.fd, 1);
  }

  /** Makes it unreadable until it is rung again. */
  silence(): void {
    eventfdRead(this.fd, this.#value.address);
  }

  close(): void {
    close(this.fd);
  }
}
