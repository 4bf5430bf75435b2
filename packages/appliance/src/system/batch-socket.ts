import koffi, { type node } from 'koffi';
import type { BatchSocketOptions, SocketCounters } from './batch-socket-options.ts';
import { KernelTick } from './kernel-tick.ts';
import {
  Arena,
  close,
  Errno,
  getsockopt,
  lastErrno,
  recvmmsg,
  SystemError,
  sendmmsg,
  setIntOption,
  socket,
} from './libc.ts';
import { Linger } from './linger.ts';
import { MessageBatch } from './message-batch.ts';

const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;

/** recvmmsg calls on one wake-up before other sockets and timers get their turn. */
const BATCHES_PER_WAKE = 8;
/** How long after a wake-up it may go on when replies have left, in milliseconds: the disk may take as long for each round. */
const LONGEST_TURN = 4;
/** How long a socket in error rests before it is polled again, in milliseconds. */
const ERROR_REST = 100;

/** Messages to move with one system call. 64 bring the cost of the call below that of handling one message. */
export const BATCH = 64;

/** Messages that can wait to be sent: the answers to a batch, and as many that wait for room in the socket. */
export const QUEUE = 128;

/** Messages of one length to one receiver that are worth being sent as one. */
const WORTH_JOINING = 4;

/** Called with each batch. The socket receives nothing more until a returned promise has settled. */
export type BatchHandler = (batch: MessageBatch, count: number) => void | Promise<void>;

/**
 * A non-blocking socket on the event loop that moves up to {@link BATCH} messages with one system call. What UDP,
 * packet and netlink sockets have in common; they know the addresses.
 *
 * Polling is level-triggered, so a bounded drain loses nothing. libuv stops polling when the socket is in error (an
 * interface that went down, for one); the error is read, told, and polling goes on.
 */
export class BatchSocket {
  readonly fd: number;
  readonly counters: SocketCounters = { received: 0, truncated: 0, sent: 0, dropped: 0, lastSendError: 0 };
  /** The messages to send, for writing addresses. */
  readonly out: MessageBatch;
  readonly #in: MessageBatch;
  #joins: boolean;
  readonly #linger: Linger | undefined;
  readonly #tick: KernelTick = new KernelTick();
  /** The first message that has not left. */
  #head = 0;
  /** Behind the last message that may leave. */
  #released = 0;
  /** Behind the last message that is queued. */
  #tail = 0;
  #poll: node.PollHandle | undefined;
  #events: { readable: boolean; writable: boolean } | undefined;
  #onBatch: BatchHandler | undefined;
  #onError: ((error: Error) => void) | undefined;
  #onEmpty: (() => boolean) | undefined;
  #scheduled = false;
  #busy = false;
  #closed = false;
  #rest: NodeJS.Timeout | undefined;

  /** @throws SystemError `EPERM` without CAP_NET_RAW, `EMFILE` */
  constructor(options: BatchSocketOptions) {
    this.#joins = options.joins ?? false;
    this.#linger = options.lingers === true ? new Linger() : undefined;
    this.#in = new MessageBatch(BATCH, options.payloadSize, options.nameSize, true);
    this.#in.prepare(BATCH);
    this.out = new MessageBatch(options.queue ?? QUEUE, options.payloadSize, options.nameSize, false);
    this.fd = socket(options.domain, options.type | SOCK_NONBLOCK | SOCK_CLOEXEC, options.protocol);
    if (this.fd < 0) throw new SystemError('socket', lastErrno());
    // The default of 208 KiB holds about 90 DHCP datagrams (each is charged with 2304 octets): one busy millisecond.
    try {
      setIntOption(this.fd, SOL_SOCKET, SO_RCVBUFFORCE, options.receiveBufferSize, 'SO_RCVBUFFORCE');
    } catch {
      // Without CAP_NET_ADMIN the system's limit holds.
      setIntOption(this.fd, SOL_SOCKET, SO_RCVBUF, options.receiveBufferSize, 'SO_RCVBUF');
    }
    setIntOption(this.fd, SOL_SOCKET, SO_SNDBUF, options.receiveBufferSize, 'SO_SNDBUF');
  }

  /**
   * Starts receiving.
   *
   * @param onError hears of errors that the socket survives (`ENETDOWN`) and of throwing handlers
   * @param onEmpty called when all that had come was handed in; returns whether replies have left since
   */
  start(onBatch: BatchHandler, onError: (error: Error) => void, onEmpty?: () => boolean): void {
    this.#onBatch = onBatch;
    this.#onError = onError;
    this.#onEmpty = onEmpty;
    this.#watch();
  }

  /** A free message of `out`, to leave with the next {@link flush}; -1, counted as dropped, where none is or it is too short. */
  reserve(length: number): number {
    if (this.#tail === this.out.capacity || length > this.out.payloadSize || this.#closed) {
      this.counters.dropped++;
      return -1;
    }
    return this.#tail++;
  }

  /** Messages that {@link BatchSocket.reserve} still has room for. */
  get room(): number {
    return this.out.capacity - this.#tail;
  }

  /**
   * Sends what is queued. When the socket's buffer is full the rest leaves as soon as there is room; a message that the
   * kernel refuses is dropped and counted, and does not hold up the others.
   */
  flush(): void {
    this.#released = this.#tail;
    this.#send();
    this.#watch();
  }

  /** Sends what was released. What is queued behind it may be waiting for the disk. */
  #send(): void {
    while (this.#head < this.#released && !this.#closed) {
      const run = this.#joins ? this.out.runLength(this.#head, this.#released) : 1;
      const joined = run >= WORTH_JOINING;
      if (joined) this.out.join(this.#head, run);
      const count = joined ? 1 : this.#unlike(run);
      const sent = sendmmsg(this.fd, this.out.header(this.#head), count, MSG_DONTWAIT);
      const errno = sent > 0 ? 0 : lastErrno();
      if (joined) this.out.part(this.#head);
      if (sent > 0) {
        // A short count: the next one failed. The next round, with that one first, tells why.
        this.#head += joined ? run : sent;
        this.counters.sent += joined ? run : sent;
        continue;
      }
      if (errno === Errno.EINTR) continue;
      if (errno === Errno.EAGAIN) break;
      if (joined && (errno === Errno.EIO || errno === Errno.EINVAL || errno === Errno.EMSGSIZE)) {
        // An interface without checksum offload, among others.
        this.#joins = false;
        continue;
      }
      // Gone for good: no route (ENETUNREACH), link down (ENETDOWN, ENXIO), queue of the interface full (ENOBUFS; it
      // has no event to wait for, and every protocol here sends again).
      this.#head++;
      this.counters.dropped++;
      this.counters.lastSendError = errno;
    }
    if (this.#head === this.#tail) this.#head = this.#released = this.#tail = 0;
  }

  /** How many messages, after a run that is too short, can go with one call before a run begins that is worth joining. */
  #unlike(run: number): number {
    if (!this.#joins) return this.#released - this.#head;
    let count = run;
    while (this.#head + count < this.#released) {
      const next = this.out.runLength(this.#head + count, this.#released);
      if (next >= WORTH_JOINING) break;
      count += next;
    }
    return count;
  }

  /** Stops and closes. Queued messages that could not be sent are lost. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#rest);
    this.#poll?.close();
    close(this.fd);
  }

  /** Polls for what is of interest now. */
  #watch(): void {
    if (this.#closed || this.#rest !== undefined) return;
    const readable = this.#onBatch !== undefined && !this.#busy;
    const writable = this.#head < this.#released;
    if (this.#events?.readable === readable && this.#events.writable === writable) return;
    this.#events = { readable, writable };
    if (!readable && !writable) this.#poll?.stop();
    else if (this.#poll === undefined) this.#poll = koffi.node.poll(this.fd, this.#events, this.#wake);
    else this.#poll.start(this.#events, this.#wake);
  }

  // koffi calls this outside of Node's callback scope: promises and ticks would wait for some other event, and an
  // exception would leave libuv in the middle. So it only asks for a turn in the same loop iteration's check phase.
  readonly #wake = (status: unknown): void => {
    // libuv has stopped polling by itself then.
    if (typeof status === 'number' && status < 0) this.#events = { readable: false, writable: false };
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#turn, typeof status === 'number' && status < 0);
  };

  readonly #turn = (failed: boolean): void => {
    this.#scheduled = false;
    if (this.#closed) return;
    if (failed) this.#readError();
    const now = performance.now();
    this.#tick.keep(now);
    const until = now + LONGEST_TURN;
    this.#send();
    if (!this.#busy) this.#receive();
    // To look again costs less than another turn of the event loop.
    while (!this.#busy && !this.#closed && performance.now() < until && this.#onEmpty?.() === true) this.#drain(0);
    this.#watch();
  };

  #receive(): void {
    const linger = this.#linger;
    if (linger === undefined) return void this.#drain(0);
    let cameAt = performance.now();
    linger.wake(cameAt);
    let count = this.#drain(0);
    for (;;) {
      // Where several came there are more to come, and more at a time if they are not snatched one by one.
      if (count !== 1 || this.#busy || this.#closed) return;
      const until = linger.until(cameAt, performance.now());
      if (until === undefined) return;
      do {
        cameAt = performance.now();
        count = this.#drain(0);
      } while (count === 0 && cameAt < until);
      linger.learn(count === 0);
    }
  }

  /** @returns how many messages there were before the socket was empty, or a handler asked to wait */
  #drain(from: number): number {
    let total = 0;
    for (let batches = from; batches < BATCHES_PER_WAKE && !this.#closed && this.#onBatch !== undefined; batches++) {
      const count = recvmmsg(this.fd, this.#in.header(0), BATCH, MSG_DONTWAIT, 0);
      if (count < 0) {
        const errno = lastErrno();
        if (errno === Errno.EINTR) continue;
        if (errno !== Errno.EAGAIN) this.#fail(new SystemError('recvmmsg', errno));
        return total;
      }
      total += count;
      this.counters.received += count;
      for (let i = 0; i < count; i++) if (this.#in.isTruncated(i)) this.counters.truncated++;
      let pending: undefined | void | Promise<void>;
      try {
        pending = this.#onBatch(this.#in, count);
      } catch (error) {
        this.#fail(error);
      }
      if (pending !== undefined) {
        this.#busy = true;
        pending
          .catch((error: unknown) => this.#fail(error))
          .finally(() => {
            this.#busy = false;
            this.#in.prepare(count);
            this.#drain(batches + 1);
            this.#watch();
          });
        return total;
      }
      this.#in.prepare(count);
      // While several were handled others have come; behind a single one there is nothing most of the time.
      if (count === 1) break;
    }
    return total;
  }

  /** Reads SO_ERROR, which clears it. An error that comes back at once must not keep the event loop busy. */
  #readError(): void {
    const arena = new Arena(8);
    arena.u32[1] = 4;
    getsockopt(this.fd, SOL_SOCKET, SO_ERROR, arena.address, arena.address + 4);
    const errno = arena.u32[0] as number;
    if (errno !== 0) this.#fail(new SystemError('poll', errno));
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      this.#watch();
    }, ERROR_REST);
  }

  #fail(error: unknown): void {
    this.#onError?.(error instanceof Error ? error : new Error(String(error)));
  }
}
