import { constants } from 'node:os';
import koffi, { type node } from 'koffi';
import { close, Errno, lastErrno, SystemError, systemCall } from './libc.ts';

/** Numbers of the calls (asm-generic/unistd.h; amd64 has the same). */
const PIDFD_SEND_SIGNAL = 424;
const PIDFD_OPEN = 434;

/**
 * A process that need not be a child of ours (pidfd_open(2)). Its number may be in use again once it has ended; this never
 * stands for another one.
 */
export class Pidfd {
  readonly #fd: number;
  #poll: node.PollHandle | undefined;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** @returns undefined when there is no process of that number. @throws SystemError `EMFILE` */
  static open(pid: number): Pidfd | undefined {
    const fd = systemCall(PIDFD_OPEN, pid, 0, 0, 0);
    if (fd >= 0) return new Pidfd(fd);
    const errno = lastErrno();
    if (errno === Errno.ESRCH || errno === Errno.EINVAL) return undefined;
    throw new SystemError('pidfd_open', errno, String(pid));
  }

  /** Sends a signal. @returns false when it has ended. @throws SystemError `EPERM` */
  signal(signal: NodeJS.Signals): boolean {
    if (systemCall(PIDFD_SEND_SIGNAL, this.#fd, constants.signals[signal], 0, 0) === 0) return true;
    const errno = lastErrno();
    if (errno === Errno.ESRCH) return false;
    throw new SystemError('pidfd_send_signal', errno, signal);
  }

  /** Calls once when the process has ended, and keeps this one alive until then. */
  onEnd(ended: () => void): void {
    this.#poll = koffi.node.poll(this.#fd, { readable: true }, () => {
      // It stays readable. koffi calls outside of Node's callback scope, so the news waits for a turn of its own.
      this.#poll?.stop();
      setImmediate(ended);
    });
  }

  close(): void {
    this.#poll?.close();
    close(this.#fd);
  }
}
