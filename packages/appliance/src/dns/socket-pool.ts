import { AF_INET6, SOCKADDR_IN6, SOL_IPV6 } from '../system/ipv6-socket.ts';
import { Arena, close, connect, setIntOption, socket } from '../system/libc.ts';
import { familyOf } from './upstream-endpoint.ts';

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const IPPROTO_IP = 0;
const IP_RECVERR = 11;
const IPV6_RECVERR = 25;
/** Octets of a struct sockaddr, of which AF_UNSPEC is all zeros. */
const SOCKADDR = 16;

/** An answer has 1232 octets at most; whoever floods a port shall not fill the kernel's memory. */
const RECEIVE_BUFFER = 32_768;
/** Sockets that are kept for the next questions when few are under way. */
const KEPT = 256;

/**
 * UDP sockets that have a fresh random port each time they are used, by slot.
 *
 * To open, connect, watch and close a socket per question costs more than all else together (13.6 us of CPU a question,
 * where 5.4 are left). So sockets are kept, never bound and never connected: the first datagram has the kernel choose a
 * random port, and connect(2) to AF_UNSPEC gives the port back. What was in a socket's queue by then must not be taken
 * for an answer to its next question: it rests until epoll_wait has had the chance to tell of it once more.
 * That nothing is closed costs the processor's tick: whoever waits here has a KernelTick.
 */
export class SocketPool {
  readonly #maximum: number;
  readonly #watch: (fd: number, slot: number) => void;
  readonly #fds: number[] = [];
  readonly #sizes: number[] = [];
  readonly #free4: number[] = [];
  readonly #free6: number[] = [];
  /** Slots that were given back since, and before, the last epoll_wait. An array that grows anew each time is garbage. */
  #resting: Uint16Array;
  #restingCount = 0;
  /** Those of the resting ones that have no port any more. */
  #disconnected = 0;
  #rested: Uint16Array;
  #restedCount = 0;
  /** Slots without a socket. */
  readonly #empty: number[] = [];
  readonly #unspecified = new Arena(SOCKADDR);

  /**
   * @param maximum sockets at a time, at most 65,536
   * @param watch has a descriptor watched for reading until it is closed
   */
  constructor(maximum: number, watch: (fd: number, slot: number) => void) {
    this.#maximum = maximum;
    this.#resting = new Uint16Array(maximum);
    this.#rested = new Uint16Array(maximum);
    this.#watch = watch;
  }

  /** Sockets there are. */
  get size(): number {
    return this.#fds.length - this.#empty.length;
  }

  /** The descriptor; -1 when there is no such socket any more. */
  fd(slot: number): number {
    return this.#fds[slot] ?? -1;
  }

  /** Length of the socket addresses of this socket's family. */
  addressLength(slot: number): number {
    return this.#sizes[slot] as number;
  }

  /**
   * Takes a socket without port.
   *
   * @param addressLength length of the socket addresses that it is for
   * @returns its slot; -1 when there can be no more
   */
  take(addressLength: number): number {
    const slot = this.#freeOf(addressLength).pop();
    if (slot !== undefined) return slot;
    return this.size < this.#maximum ? this.#open(addressLength) : -1;
  }

  /** Gives a socket back. It may be taken again after the next {@link settle} but one. */
  release(slot: number): void {
    this.#resting[this.#restingCount++] = slot;
  }

  /** Takes the ports from the sockets that were given back: when there is nothing more urgent to do, such as to reply. */
  disconnect(): void {
    for (; this.#disconnected < this.#restingCount; this.#disconnected++) {
      const fd = this.#fds[this.#resting[this.#disconnected] as number] as number;
      connect(fd, this.#unspecified.address, SOCKADDR);
    }
  }

  /**
   * All that one epoll_wait has told of, with room for more, has been read. {@link disconnect} came before.
   *
   * @param inUse sockets in use: with few, some of the idle ones are closed
   */
  settle(inUse: number): void {
    for (let at = 0; at < this.#restedCount; at++) {
      const slot = this.#rested[at] as number;
      const free = this.#freeOf(this.#sizes[slot] as number);
      if (free.length < KEPT + inUse) free.push(slot);
      else this.#close(slot);
    }
    const rested = this.#rested;
    this.#rested = this.#resting;
    this.#restedCount = this.#restingCount;
    this.#resting = rested;
    this.#restingCount = this.#disconnected = 0;
  }

  /** Closes all of them. */
  close(): void {
    this.#fds.forEach((fd, slot) => {
      if (fd >= 0) this.#close(slot);
    });
    this.#free4.length = this.#free6.length = 0;
    this.#restingCount = this.#disconnected = this.#restedCount = 0;
  }

  #freeOf(addressLength: number): number[] {
    return addressLength === SOCKADDR_IN6 ? this.#free6 : this.#free4;
  }

  #open(addressLength: number): number {
    const family = familyOf(addressLength);
    const fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    const slot = this.#empty.pop() ?? this.#fds.length;
    try {
      setIntOption(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER, 'SO_RCVBUF');
      // ICMP errors are told to sockets that are not connected only if they ask for them (ip(7), ipv6(7)).
      if (family === AF_INET6) setIntOption(fd, SOL_IPV6, IPV6_RECVERR, 1, 'IPV6_RECVERR');
      else setIntOption(fd, IPPROTO_IP, IP_RECVERR, 1, 'IP_RECVERR');
      this.#watch(fd, slot);
    } catch {
      close(fd);
      if (slot < this.#fds.length) this.#empty.push(slot);
      return -1;
    }
    this.#fds[slot] = fd;
    this.#sizes[slot] = addressLength;
    return slot;
  }

  #close(slot: number): void {
    close(this.#fds[slot] as number);
    this.#fds[slot] = -1;
    this.#empty.push(slot);
  }
}
