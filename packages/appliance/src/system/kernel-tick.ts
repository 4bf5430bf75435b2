import { close, socket } from './libc.ts';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;

/** From one socket that is given away to the next, in milliseconds: a tick of the kernel at 250 Hz. */
const INTERVAL = 4;
/** Work that comes so soon after other work belongs to a load, in milliseconds. */
const PROMPT = 2;

/**
 * Has the kernel keep its tick while there is work.
 *
 * A processor that goes idle stops its tick, and starts it anew with the next wake-up, which takes a virtual machine 10 us
 * and more each time: where work comes thousands of times a second and a daemon sleeps in between, for its clients or for
 * the disk, that is up to a quarter of its processor time. As long as there is something that RCU has to free, the processor
 * keeps the tick. A closed socket is such a thing; servers that open one for each question have that without knowing.
 */
export class KernelTick {
  #workedAt = -Infinity;
  #keptAt = -Infinity;

  /**
   * Tells that there is work, again and again while there is: at most one socket is opened and closed in
   * {@link INTERVAL}, and none where work comes now and then.
   *
   * @param now monotonic milliseconds
   * @returns whether that has cost a socket
   */
  keep(now: number): boolean {
    const isLoad = now - this.#workedAt < PROMPT;
    this.#workedAt = now;
    if (!isLoad || now - this.#keptAt < INTERVAL) return false;
    this.#keptAt = now;
    const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    // Without room for one more descriptor the tick stops, and that is all.
    if (fd >= 0) close(fd);
    return fd >= 0;
  }
}
