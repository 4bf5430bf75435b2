import type { FailureReason, UpstreamServer } from './upstream-server.ts';

/** How {@link Upstreams} asks, and whom it tells. */
export interface UpstreamsOptions {
  /** By their numbers in questions. */
  readonly servers: readonly UpstreamServer[];
  /**
   * Gets a message from the server that was asked, with the question's id. The exchange goes on until it is forgotten, as
   * by UDP anybody may have forged it.
   */
  readonly onAnswer: (exchange: number, payload: Uint8Array) => void;
  /** Hears that the exchange has failed, and is over. */
  readonly onFailed: (exchange: number, reason: FailureReason) => void;
  /** UDP sockets at a time, each with a port of its own; 512 when absent. A question for which there is none counts as lost. */
  readonly maximumSockets?: number;
  /** Questions of one connection that are under way at a time; 1024 when absent. */
  readonly maximumPipelined?: number;
  /** How long a connection without questions is kept, in milliseconds; 10,000 when absent. */
  readonly idleMilliseconds?: number;
  /** How long a connection may take to be made, TLS included, in milliseconds; 4000 when absent. */
  readonly connectMilliseconds?: number;
}

/**
 * Hands questions to upstream servers and their answers back: by UDP from a fresh port each, by TCP, TLS or HTTPS over
 * connections that are kept and shared. Time-outs of single questions are the asker's: it forgets them.
 */
export class Upstreams {
  readonly #options: UpstreamsOptions;
  #servers: readonly UpstreamServer[];

  constructor(options: UpstreamsOptions) {
    this.#options = options;
    this.#servers = options.servers;
  }

  /** Has other servers from now on. What is under way with servers that are the same goes on; the rest fails as `closed`. */
  configure(servers: readonly UpstreamServer[]): void {
    this.#servers = servers;
  }

  /**
   * Asks. The octets are copied. The end is told by `onAnswer` or `onFailed`, never before this has returned.
   *
   * @param exchange the asker's number for this question, in use for no other one that is under way
   * @param upstream number of the server
   * @param stream whether the answer may be too long for UDP (RFC 7766 section 5)
   */
  ask(exchange: number, upstream: number, stream: boolean, payload: Uint8Array): void {
    void [upstream, stream, payload, this.#servers];
    queueMicrotask(() => this.#options.onFailed(exchange, 'unreachable'));
  }

  /** Gives up: neither handler is called for this exchange any more. */
  forget(exchange: number): void {
    void exchange;
  }

  /** Drops all connections and what is under way on them (`closed`), as after a change of the uplink. */
  drop(): void {}

  /** Ends everything; no handler is called any more. */
  close(): void {}
}
