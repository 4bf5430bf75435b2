import type { FailureReason } from '@router7/dns';
import { SOCKADDR_IN6 } from '../system/ipv6-socket.ts';
import { Arena, Errno, lastErrno, recvfrom, recvmmsg, sendto } from '../system/libc.ts';
import { SocketPool } from './socket-pool.ts';
import { type UpstreamEndpoint, writeEndpoint } from './upstream-endpoint.ts';

const MSG_DONTWAIT = 0x40;
const MSG_ERRQUEUE = 0x2000;

/** Octets of a datagram at most, of a message's header, and of a socket address, padded. */
const LONGEST = 65_536;
const HEADER = 12;
const NAME = 32;
/** Datagrams that are read from one socket before others get their turn. */
const READS_PER_WAKE = 8;
/** Entries of a socket's error queue that one call takes, each a struct mmsghdr of 64 octets. */
const ERRORS = 4;
/** Exchanges have small numbers. */
const LARGEST_EXCHANGE = 1 << 20;
/** Not the number of an exchange. */
const NONE = -1;

// In the arena: a datagram to send, one that was received, its source, the length of that, and headers for the error
// queue (zeros: what is in it is of no interest).
const RECEIVED = LONGEST;
const SOURCE = RECEIVED + LONGEST;
const SOURCE_LENGTH = SOURCE + NAME;
const ERROR_HEADERS = SOURCE_LENGTH + 32;
const ARENA = ERROR_HEADERS + ERRORS * 64;

/** How {@link UpstreamSockets} works. */
export interface UpstreamSocketsOptions {
  /** By their numbers in questions; undefined for one that is not asked by UDP, or not from here. */
  readonly endpoints: readonly (UpstreamEndpoint | undefined)[];
  /**
   * Has a descriptor watched for reading, level-triggered (EPOLLIN), until it is closed. {@link UpstreamSockets.ready} is
   * to be called with `slot` when there is something.
   */
  readonly watch: (fd: number, slot: number) => void;
  /**
   * Gets a message from the server that was asked, with the question's id: a view that lives until it returns, and the
   * time that {@link UpstreamSockets.ready} was told. The exchange goes on until it is forgotten, as anybody may have
   * forged it.
   */
  readonly onAnswer: (exchange: number, payload: Uint8Array, now: number) => void;
  /** Hears that the exchange has failed, and is over. */
  readonly onFailed: (exchange: number, reason: FailureReason) => void;
  /** Sockets at a time; 4096 when absent. */
  readonly maximumSockets?: number;
}

/** What has happened, in numbers that only grow. */
export interface UpstreamSocketCounters {
  asked: number;
  /** Questions that were not sent, as if lost on the way: no socket left, or no room in the kernel's queues. */
  dropped: number;
  /** Datagrams from others than the one who was asked, or with another id. */
  foreign: number;
}

/**
 * Asks upstream servers by UDP, each question from a fresh random port (RFC 5452 section 9.2), for a thread that waits in
 * epoll_wait. Time-outs are the asker's: it forgets exchanges.
 */
export class UpstreamSockets {
  readonly counters: UpstreamSocketCounters = { asked: 0, dropped: 0, foreign: 0 };
  readonly #options: UpstreamSocketsOptions;
  readonly #pool: SocketPool;
  #given: readonly (UpstreamEndpoint | undefined)[] = [];
  /** Socket addresses of the endpoints, and their lengths: 0 for one that is not asked from here. */
  #endpoints: Arena = new Arena(NAME);
  #lengths: number[] = [];
  /** By slot: exchange, the question's id, and the socket address that was asked. */
  readonly #exchanges: number[] = [];
  readonly #ids: number[] = [];
  readonly #asked: Uint32Array;
  /** Slot of an exchange, plus 1. */
  #slots: Uint16Array = new Uint16Array(1024);
  #pending = 0;
  readonly #arena = new Arena(ARENA);
  /** The view that was handed out last: many answers are as long as the one before. */
  #view: Uint8Array = new Uint8Array(0);

  /** @throws EncodeError `bad-value` for an endpoint that is no address */
  constructor(options: UpstreamSocketsOptions) {
    this.#options = options;
    const maximum = Math.min(options.maximumSockets ?? 4096, 0xffff);
    this.#pool = new SocketPool(maximum, options.watch);
    this.#asked = new Uint32Array((maximum * NAME) / 4);
    this.configure(options.endpoints);
  }

  /** Exchanges that are under way. */
  get pending(): number {
    return this.#pending;
  }

  /** Sockets there are. */
  get sockets(): number {
    return this.#pool.size;
  }

  /**
   * Has other servers from now on. Exchanges that are under way go on.
   *
   * @throws EncodeError `bad-value` for an endpoint that is no address
   */
  configure(endpoints: readonly (UpstreamEndpoint | undefined)[]): void {
    this.#given = endpoints;
    const arena = new Arena((endpoints.length + 1) * NAME);
    this.#lengths = endpoints.map((endpoint, i) =>
      endpoint === undefined ? 0 : writeEndpoint(arena.view, i * NAME, endpoint),
    );
    this.#endpoints = arena;
  }

  /**
   * Asks; the octets are copied. Neither handler is called from here.
   *
   * @param exchange a small number that is not in use
   * @returns undefined, or why the question cannot be sent: the exchange is over then. One that is dropped for want of
   *   room counts as lost on the way
   */
  ask(exchange: number, upstream: number, payload: Uint8Array): FailureReason | undefined {
    const length = this.#lengths[upstream] ?? 0;
    if (length === 0) return 'unreachable';
    const fits = exchange < LARGEST_EXCHANGE && payload.length >= HEADER && payload.length < LONGEST;
    const slot = fits ? this.#pool.take(length) : -1;
    if (slot < 0) {
      this.counters.dropped++;
      return undefined;
    }
    const errno = this.#send(slot, upstream * NAME, length, payload);
    if (errno !== 0) {
      this.#exchanges[slot] = NONE;
      this.#pool.release(slot);
      if (errno !== Errno.EAGAIN && errno !== Errno.ENOBUFS) return failureOf(errno);
      this.counters.dropped++;
      return undefined;
    }
    const endpoints = this.#endpoints.u32;
    for (let word = 0; word < 8; word++) this.#asked[slot * 8 + word] = endpoints[upstream * 8 + word] as number;
    this.#ids[slot] = ((payload[0] as number) << 8) | (payload[1] as number);
    this.#exchanges[slot] = exchange;
    while (exchange >= this.#slots.length) this.#grow();
    this.#slots[exchange] = slot + 1;
    this.#pending++;
    this.counters.asked++;
    return undefined;
  }

  /** Gives up an exchange, if there is one of that number: neither handler is called for it any more. */
  forget(exchange: number): void {
    const slot = (this.#slots[exchange] ?? 0) - 1;
    if (slot >= 0) this.#end(slot, exchange);
  }

  /** Reads from a socket that epoll has told of. */
  ready(slot: number, now: number): void {
    const fd = this.#pool.fd(slot);
    if (fd < 0) return;
    const { u8, u32, address } = this.#arena;
    if (this.#exchanges[slot] === NONE) this.#pool.disconnect();
    // What is in the queue of a socket that rests has an end, since it has no port, and has to go.
    for (let reads = 0; reads < READS_PER_WAKE || this.#exchanges[slot] === NONE; reads++) {
      const exchange = this.#exchanges[slot] as number;
      u32[SOURCE_LENGTH / 4] = NAME;
      const source = address + SOURCE;
      const length = recvfrom(fd, address + RECEIVED, LONGEST, MSG_DONTWAIT, source, address + SOURCE_LENGTH);
      if (length < 0) {
        const errno = lastErrno();
        if (errno === Errno.EAGAIN) return;
        this.#clearErrors(fd);
        if (exchange === NONE || errno === Errno.EINTR) continue;
        this.#end(slot, exchange);
        this.#options.onFailed(exchange, failureOf(errno));
        return;
      }
      if (exchange === NONE) continue;
      const id = ((u8[RECEIVED] as number) << 8) | (u8[RECEIVED + 1] as number);
      // RFC 5452 section 9.1: an answer comes from the address and port that were asked, to the port that was used, and
      // has the same id. The question in it is the engine's to compare.
      if (length < HEADER || id !== this.#ids[slot] || !this.#isFromAsked(slot)) {
        this.counters.foreign++;
        continue;
      }
      if (this.#view.length !== length) this.#view = u8.subarray(RECEIVED, RECEIVED + length);
      this.#options.onAnswer(exchange, this.#view, now);
      // Nearly always that was the answer. What came behind a forged one is told by the next epoll_wait.
      return;
    }
  }

  /**
   * To be called when all that one epoll_wait has told of is handled, and what has come of it was sent: ports are given back
   * here, behind the answers.
   *
   * @param complete whether it had room to tell of more
   */
  settle(complete: boolean): void {
    this.#pool.disconnect();
    if (complete) this.#pool.settle(this.#pending);
  }

  /** Gives up all exchanges, which fail as `closed`: the uplink has changed, and with it the numbers of zones maybe. */
  drop(): void {
    this.configure(this.#given);
    const dropped: number[] = [];
    this.#exchanges.forEach((exchange, slot) => {
      if (exchange === NONE) return;
      this.#end(slot, exchange);
      dropped.push(exchange);
    });
    for (const exchange of dropped) this.#options.onFailed(exchange, 'closed');
  }

  /** Closes all sockets; no handler is called any more. */
  close(): void {
    this.#pool.close();
    this.#lengths = [];
    this.#slots.fill(0);
  }

  /** @returns errno, 0 when it was sent */
  #send(slot: number, endpoint: number, length: number, payload: Uint8Array): number {
    const { u8, address: bytes } = this.#arena;
    const fd = this.#pool.fd(slot);
    const address = this.#endpoints.address + endpoint;
    u8.set(payload);
    if (sendto(fd, bytes, payload.length, MSG_DONTWAIT, address, length) >= 0) return 0;
    // An error of the question before is told to whoever sends next (udp(7)); the second call means this one.
    if (sendto(fd, bytes, payload.length, MSG_DONTWAIT, address, length) >= 0) return 0;
    return lastErrno();
  }

  #end(slot: number, exchange: number): void {
    this.#slots[exchange] = 0;
    this.#exchanges[slot] = NONE;
    this.#pending--;
    this.#pool.release(slot);
  }

  /** Whether the datagram that was received is from where this slot's question went. */
  #isFromAsked(slot: number): boolean {
    const asked = this.#asked;
    const { u32 } = this.#arena;
    const a = slot * 8;
    const b = SOURCE / 4;
    // Family and port, then the address; an IPv6 one has a flow before it, which is the answerer's choice, and a zone behind.
    if (asked[a] !== u32[b]) return false;
    if (this.#pool.addressLength(slot) !== SOCKADDR_IN6) return asked[a + 1] === u32[b + 1];
    for (let word = 2; word < SOCKADDR_IN6 / 4; word++) if (asked[a + word] !== u32[b + word]) return false;
    return true;
  }

  #grow(): void {
    const slots = new Uint16Array(2 * this.#slots.length);
    slots.set(this.#slots);
    this.#slots = slots;
  }

  /** Takes the entries from a socket's error queue: epoll tells of it as long as there are some. */
  #clearErrors(fd: number): void {
    const headers = this.#arena.address + ERROR_HEADERS;
    while (recvmmsg(fd, headers, ERRORS, MSG_DONTWAIT | MSG_ERRQUEUE, 0) === ERRORS);
  }
}

function failureOf(errno: number): FailureReason {
  return errno === Errno.ECONNREFUSED ? 'refused' : 'unreachable';
}
