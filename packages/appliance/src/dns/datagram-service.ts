import { AnswerBatch } from '../system/answer-batch.ts';
import { Arena, Errno, lastErrno, nanosleep, recvmmsg } from '../system/libc.ts';
import { MessageBatch } from '../system/message-batch.ts';
import type { Clients } from './clients.ts';

const MSG_DONTWAIT = 0x40;
/** sockaddr_in6; a sockaddr_in has room in it. */
const NAME_SIZE = 28;
/** Datagrams to move with one system call. */
const BATCH = 64;
/** Batches from one socket before the others get their turn. */
const BATCHES_PER_TURN = 8;
/**
 * Answers that have left joined with others, after which more queries are let come in before the next look. Looked at at once,
 * 64 queries of one client come nine at a time, and there is little to join: 2.8 us of CPU each instead of 2.0. A client that
 * asks one thing after the other, or each thing from another socket, is never waited for.
 */
const WORTH_WAITING = 4;
/** For how long, in nanoseconds; the kernel may add 50 microseconds (prctl(2), PR_SET_TIMERSLACK). */
const PAUSE = 150_000;
/** Queries that have to have come in meanwhile: a client that never has as many under way would only be slowed down. */
const WORTH_THE_PAUSE = 16;
/** Looks without a pause after one that was not worth it. */
const LOOKS_AT_ONCE = 64;
/** Octets of a datagram, both of queries and of answers; longer queries are dropped, longer answers are cut (TC). */
export const DATAGRAM_SIZE = 4096;

/** What a {@link DatagramService} has done. */
export interface DatagramCounters {
  received: number;
  /** Dropped: from somebody who is not answered. */
  strangers: number;
  /** Dropped: longer than the buffer. */
  truncated: number;
  sent: number;
  /** Answers that the kernel did not take: its buffer was full, the client unreachable. */
  unsent: number;
}

/** What answers the queries. */
export interface DatagramHandler {
  /**
   * Turns the query at `start` into its answer, in place.
   *
   * @param source a number that stands for the client in limits of rate
   * @param group the group of clients that it belongs to
   * @returns octets of the answer, 0 for none, -1 when it comes later: {@link DatagramHandler.later} is called then
   */
  respond(
    bytes: Uint8Array,
    start: number,
    length: number,
    capacity: number,
    source: number,
    group: number,
    now: number,
  ): number;
  /** Takes a query over that could not be answered at once. `batch` holds it, and the client's address, until it returns. */
  later(batch: MessageBatch, index: number, listener: number, source: number, group: number, now: number): void;
  /** Hears what the others have thrown. */
  failed(error: unknown): void;
}

/**
 * Answers datagrams: reads up to 64 with one system call, has each turned into its answer where it lies, and sends all
 * answers with another one from where they lie. Nothing is copied and nothing allocated. One serves any number of sockets, one
 * after the other, as it keeps nothing between calls.
 */
export class DatagramService {
  readonly counters: DatagramCounters = { received: 0, strangers: 0, truncated: 0, sent: 0, unsent: 0 };
  readonly #handler: DatagramHandler;
  readonly #clients: Clients;
  readonly #in = new MessageBatch(BATCH, DATAGRAM_SIZE, NAME_SIZE, false);
  readonly #answers = new AnswerBatch(this.#in);
  readonly #pause = new Arena(16);
  /** Looks that follow without a pause. */
  #looksAtOnce = 0;

  constructor(handler: DatagramHandler, clients: Clients) {
    this.#handler = handler;
    this.#clients = clients;
    this.#pause.u32[2] = PAUSE;
  }

  /**
   * Reads what has come to a socket, and answers.
   *
   * @param listener the number that the handler knows the socket by
   * @returns errno of a receive that failed, which reading has cleared; 0 otherwise
   */
  serve(fd: number, listener: number, now: number): number {
    let hasPaused = false;
    for (let batches = 0; batches < BATCHES_PER_TURN; batches++) {
      const count = recvmmsg(fd, this.#in.header(0), BATCH, MSG_DONTWAIT, 0);
      if (hasPaused && count < WORTH_THE_PAUSE) this.#looksAtOnce = LOOKS_AT_ONCE;
      if (count <= 0) {
        const errno = lastErrno();
        return errno === Errno.EAGAIN || errno === Errno.EINTR ? 0 : errno;
      }
      this.#answer(count, listener, now);
      const joined = this.#send(fd);
      this.#in.prepare(count);
      // While several were answered others have come, and to look costs less than to wait. Behind a single one there is
      // nothing most of the time.
      if (count === 1) return 0;
      hasPaused = joined >= WORTH_WAITING && count < BATCH && this.#looksAtOnce === 0;
      if (hasPaused) nanosleep(this.#pause.address, 0);
      else if (this.#looksAtOnce > 0) this.#looksAtOnce--;
    }
    return 0;
  }

  #answer(count: number, listener: number, now: number): void {
    const batch = this.#in;
    const { bytes, words } = batch;
    const handler = this.#handler;
    const clients = this.#clients;
    const counters = this.counters;
    counters.received += count;
    for (let index = 0; index < count; index++) {
      if (!clients.find(bytes, words, batch.name(index))) {
        counters.strangers++;
        continue;
      }
      if (batch.isTruncated(index)) {
        counters.truncated++;
        continue;
      }
      const { source, group } = clients;
      try {
        const start = batch.start(index);
        const length = handler.respond(bytes, start, batch.length(index), DATAGRAM_SIZE, source, group, now);
        if (length > 0) this.#answers.add(index, length);
        else if (length < 0) handler.later(batch, index, listener, source, group, now);
      } catch (error) {
        // A mistake of ours, and possibly one that a datagram can provoke again at will: to end here would be a way to
        // take everybody's names away.
        handler.failed(error);
      }
    }
  }

  /** @returns how many answers have left together with others */
  #send(fd: number): number {
    const answers = this.#answers;
    if (answers.count === 0) return 0;
    const joined = answers.send(fd);
    this.counters.sent += answers.sent;
    this.counters.unsent += answers.unsent;
    return joined;
  }
}
