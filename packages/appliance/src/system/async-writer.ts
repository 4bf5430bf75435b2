import koffi, { type node } from 'koffi';
import { Bell, Epoll } from './epoll.ts';
import { Arena, Errno, lastErrno, SystemError, systemCall, systemCallOfFive } from './libc.ts';

/** Numbers of io_setup, io_destroy, io_getevents and io_submit(2): each machine has its own. */
const CALLS: { readonly [arch: string]: readonly [setup: number, destroy: number, events: number, submit: number] } = {
  x64: [206, 207, 208, 209],
  arm64: [0, 1, 4, 2],
};
const IOCB_CMD_PWRITE = 1;
const IOCB_FLAG_RESFD = 1;

/*
 * One block of memory, for the kernel to read and write:
 *
 *   0  struct iocb (linux/aio_abi.h), 64 octets: data (8), key (4), flags (4), operation (2), priority (2), descriptor (4),
 *      buffer (8), octets (8), offset (8), reserved (8), flags (4), descriptor of the event counter (4)
 *  64  struct io_event, 32 octets    96  address of the iocb (8)
 */
const FD = 20 / 4;
const BUFFER = 24 / 8;
const OCTETS = 32 / 8;
const OFFSET = 40 / 8;
const FLAGS = 56 / 4;
const COUNTER = 60 / 4;
const EVENT = 64;
const LIST = 96;

/*
 * What the kernel has mapped at the address that is the context (struct aio_ring, fs/aio.c): numbers of 32 bits: id, places,
 * head, tail, magic, compatible features, incompatible ones, octets of this head; then places for struct io_event: data (8),
 * iocb (8), result (8), second result (8). Whoever moves the head has taken an event, without a system call: libaio does so.
 */
const PLACES = 1;
const HEAD = 2;
const TAIL = 3;
const MAGIC = 4;
const FEATURES = 6;
const HEADER = 7;
const RING_MAGIC = 0xa10a10a1;
const RING_HEADER = 32;
const RING_EVENT = 32;
const RING_RESULT = 16;

/** Who has rung, in the words of {@link Epoll}. */
const COMPLETION = 0;
const SOCKET = 1;

/** Hears how a write has ended. @param result octets, some of them at least, or a negative errno */
export type WriteDone = (result: number) => void;

/** A write that the kernel is at. What it reads stays in memory. */
interface Underway {
  readonly bytes: Uint8Array;
  readonly done: WriteDone;
}

/**
 * Writes past the page cache while the caller goes on (io_submit(2)): without a thread, which on a busy processor would have
 * to wait for its turn first. For descriptors that were opened with O_DIRECT; other ones make the call itself wait.
 *
 * One write at a time. Its end is told by {@link AsyncWriter.look}, which costs no system call, by {@link AsyncWriter.wait},
 * or after {@link AsyncWriter.sleep} by the event loop.
 */
export class AsyncWriter {
  readonly #calls: (typeof CALLS)[string];
  readonly #context: number;
  readonly #ring: Uint32Array;
  readonly #arena = new Arena(128);
  readonly #bell = new Bell();
  readonly #epoll = new Epoll();
  #poll: node.PollHandle | undefined;
  #sleeps = false;
  #underway: Underway | undefined;

  private constructor(calls: (typeof CALLS)[string], context: number, ring: Uint32Array) {
    this.#calls = calls;
    this.#context = context;
    this.#ring = ring;
    this.#epoll.addEdge(this.#bell.fd, COMPLETION, 0);
    const { view, u32, u64, address } = this.#arena;
    view.setUint16(16, IOCB_CMD_PWRITE, true);
    u32[FLAGS] = IOCB_FLAG_RESFD;
    u32[COUNTER] = this.#bell.fd;
    u64[LIST / 8] = BigInt(address);
  }

  /** @returns undefined where the system has no such writes, or no more of them */
  static open(): AsyncWriter | undefined {
    const calls = CALLS[process.arch];
    if (calls === undefined) return undefined;
    const result = new Arena(8);
    if (systemCall(calls[0], 1, result.address, 0, 0) < 0) return undefined;
    const context = Number(result.u64[0]);
    try {
      const head = new Uint32Array(koffi.view(result.u64[0], RING_HEADER));
      if (head[MAGIC] !== RING_MAGIC || head[FEATURES] !== 0 || head[HEADER] !== RING_HEADER)
        throw new Error('unknown ring');
      const size = RING_HEADER + (head[PLACES] as number) * RING_EVENT;
      return new AsyncWriter(calls, context, new Uint32Array(koffi.view(result.u64[0], size)));
    } catch {
      systemCall(calls[1], context, 0, 0, 0);
      return undefined;
    }
  }

  /** Whether a write is under way. */
  get isBusy(): boolean {
    return this.#underway !== undefined;
  }

  /**
   * Begins to write.
   *
   * @param bytes what `address` lies in; they stay as they are until it is done
   * @param address of the first octet
   * @returns false when the system does not take it, now or ever: then `done` hears nothing
   */
  write(fd: number, bytes: Uint8Array, address: number, length: number, offset: number, done: WriteDone): boolean {
    const { u32, u64 } = this.#arena;
    u32[FD] = fd;
    u64[BUFFER] = BigInt(address);
    u64[OCTETS] = BigInt(length);
    u64[OFFSET] = BigInt(offset);
    if (systemCall(this.#calls[3], this.#context, 1, this.#arena.address + LIST, 0) !== 1) return false;
    this.#underway = { bytes, done };
    return true;
  }

  /** Tells the end of the write if it has come. @returns whether it has */
  look(): boolean {
    const ring = this.#ring;
    if (this.#underway === undefined) return false;
    const head = ring[HEAD] as number;
    if (head === Atomics.load(ring, TAIL)) return false;
    const result = ring[(RING_HEADER + head * RING_EVENT + RING_RESULT) / 4] as number;
    Atomics.store(ring, HEAD, (head + 1) % (ring[PLACES] as number));
    this.#end(result | 0);
    return true;
  }

  /** Has {@link AsyncWriter.wait} come back when this descriptor becomes readable, too. @throws SystemError */
  watch(fd: number): void {
    this.#epoll.add(fd, SOCKET, fd);
  }

  /**
   * Waits for the end of the write, and tells it; comes back before that when something can be read from what is watched.
   *
   * @param ms no longer than this, in whole milliseconds
   * @returns whether it has ended
   */
  wait(ms: number): boolean {
    while (!this.look()) {
      const count = this.#epoll.wait(ms);
      // Alone, it may be the bell of a write whose end was seen in the ring.
      if (count !== 1 || this.#epoll.kind(0) !== COMPLETION) return this.look();
    }
    return true;
  }

  /** Waits for the end of the write, as long as it takes, and tells it. */
  finish(): void {
    if (this.#underway === undefined || this.look()) return;
    const { view, address } = this.#arena;
    for (;;) {
      if (systemCallOfFive(this.#calls[2], this.#context, 1, 1, address + EVENT, 0) === 1) break;
      if (lastErrno() !== Errno.EINTR) throw new SystemError('io_getevents', lastErrno());
    }
    this.#end(view.getInt32(EVENT + RING_RESULT, true));
  }

  /** Has the event loop tell the end of the write, which keeps the process alive meanwhile. */
  sleep(): void {
    if (this.#underway === undefined || this.#sleeps) return;
    this.#bell.silence();
    // It may have rung for this one just now.
    if (this.look()) return;
    this.#sleeps = true;
    if (this.#poll === undefined) this.#poll = koffi.node.poll(this.#bell.fd, { readable: true }, this.#wake);
    else this.#poll.start({ readable: true }, this.#wake);
    this.#poll.ref();
  }

  /** Waits for the end of a write that is under way, and tells it; closes. */
  close(): void {
    this.finish();
    this.#poll?.close();
    this.#epoll.close();
    this.#bell.close();
    systemCall(this.#calls[1], this.#context, 0, 0, 0);
  }

  #end(result: number): void {
    const done = this.#underway?.done;
    this.#underway = undefined;
    if (this.#sleeps) {
      this.#sleeps = false;
      this.#poll?.stop();
    }
    done?.(result);
  }

  // koffi calls this outside of Node's callback scope, so the news waits for a turn of its own.
  readonly #wake = (): void => {
    this.#poll?.stop();
    this.#sleeps = false;
    setImmediate(() => {
      if (!this.look()) this.sleep();
    });
  };
}
