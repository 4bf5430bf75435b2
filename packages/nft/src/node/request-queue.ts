import { NftError, type Replies, readMessages, sequenceAfter } from '@router7/nft';
import { type KernelSocket, type KernelSocketEvents, socketError } from './kernel-socket.ts';

interface Exchange {
  readonly replies: Replies;
  readonly settle: (error?: NftError) => void;
}

/**
 * Sends requests one after the other, in the order in which they were made, and gathers the answers to each. Opens
 * another socket after one that failed. Keeps the process alive only while a request is under way.
 */
export class RequestQueue {
  readonly #openSocket: (events: KernelSocketEvents) => KernelSocket;
  readonly #timeout: number;
  #socket: KernelSocket | undefined;
  #sequence = 1;
  #closed = false;
  #current: Exchange | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** @throws whatever `openSocket` throws */
  constructor(openSocket: (events: KernelSocketEvents) => KernelSocket, timeoutMilliseconds: number) {
    this.#openSocket = openSocket;
    this.#timeout = timeoutMilliseconds;
    this.#socket = this.#open();
  }

  /** The socket; undefined after one that failed, until the next request. */
  get socket(): KernelSocket | undefined {
    return this.#socket;
  }

  /** The first of `count` sequence numbers that nobody else has. */
  take(count: number): number {
    const first = this.#sequence;
    this.#sequence = sequenceAfter(first, count);
    return first;
  }

  /** Does `work` when all that was begun before is done; it may call {@link exchange} several times. */
  async enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return turn;
  }

  /** Sends one datagram and hands the answers to `replies` until there are no more. @throws NftError */
  async exchange(bytes: Uint8Array, replies: Replies): Promise<void> {
    if (this.#closed) throw new NftError('closed', 'the connection was closed');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      const lost = (this.#socket?.drops() ?? 0) > 0;
      this.#abandon(
        lost
          ? new NftError('overrun', 'answers did not fit the receive buffer')
          : new NftError('timeout', `no answer within ${this.#timeout} ms`),
      );
    }, this.#timeout);
    const settle = (error?: NftError): void => (error === undefined ? resolve() : reject(error));
    this.#current = { replies, settle };
    try {
      this.#socket ??= this.#open();
      this.#socket.hold();
      this.#socket.send(bytes);
      await promise;
    } finally {
      clearTimeout(timer);
      this.#current = undefined;
      this.#socket?.release();
    }
  }

  /** Ends it; what is under way fails with `closed`. May be called again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#abandon(new NftError('closed', 'the connection was closed'));
  }

  #open(): KernelSocket {
    return this.#openSocket({
      receive: (datagram) => this.#receive(datagram),
      fail: (error) => this.#abandon(error),
    });
  }

  #receive(datagram: Uint8Array): void {
    const exchange = this.#current;
    // What comes unasked answers a request that was given up.
    if (exchange === undefined) return;
    try {
      for (const message of readMessages(datagram)) {
        if (!exchange.replies.handle(message)) continue;
        this.#settle();
        return;
      }
    } catch (error) {
      this.#abandon(socketError(error));
    }
  }

  /** Fails what is under way. A half-read dump or an unsent batch must not live on: the next request has a new socket. */
  #abandon(error: NftError): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#settle(error);
  }

  #settle(error?: NftError): void {
    const exchange = this.#current;
    this.#current = undefined;
    exchange?.settle(error);
  }
}
