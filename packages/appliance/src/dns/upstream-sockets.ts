import type { FailureReason } from '@router7/dns/node';

/** Where an upstream server listens. */
export interface UpstreamEndpoint {
  /** IPv4 or IPv6, link-local with its zone. */
  readonly address: string;
  readonly port: number;
}

/** How {@link UpstreamSockets} works. */
export interface UpstreamSocketsOptions {
  /** By their numbers in questions; undefined for one that is not asked by UDP, or not from here. */
  readonly endpoints: readonly (UpstreamEndpoint | undefined)[];
  /**
   * Has a descriptor watched for reading, level-triggered (EPOLLIN), until it is closed. {@link UpstreamSockets.ready} is
   * to be called with `slot` when there is something.
   */
  readonly watch: (fd: number, slot: number) => void;
  /** Gets the answer to a question: a view that lives until it returns. It ends the exchange. */
  readonly onAnswer: (exchange: number, payload: Uint8Array) => void;
  /** Hears that there will be none. It ends the exchange. */
  readonly onFailed: (exchange: number, reason: FailureReason) => void;
  /** Sockets at a time; 4096 when absent. */
  readonly maximumSockets?: number;
}

/**
 * Asks upstream servers by UDP, each question from a socket of its own with a fresh random port, for a thread that waits
 * in epoll_wait. Time-outs are the asker's: it forgets exchanges.
 */
export class UpstreamSockets {
  readonly #options: UpstreamSocketsOptions;

  constructor(options: UpstreamSocketsOptions) {
    this.#options = options;
  }

  /** Has other servers from now on. Exchanges that are under way go on. */
  configure(endpoints: readonly (UpstreamEndpoint | undefined)[]): void {
    void endpoints;
  }

  /**
   * Asks; the octets are copied. `onAnswer` and `onFailed` are never called from here.
   *
   * @returns undefined, or why the question could not be sent: there is no exchange then
   */
  ask(exchange: number, upstream: number, payload: Uint8Array): FailureReason | undefined {
    void [exchange, upstream, payload, this.#options];
    return 'unreachable';
  }

  /** Gives up an exchange: neither handler is called for it any more. */
  forget(exchange: number): void {
    void exchange;
  }

  /** Reads from a socket that epoll has told of. */
  ready(slot: number): void {
    void slot;
  }

  /** To be called when all that one epoll_wait has told of is handled: ports of exchanges that are over may be used again. */
  settle(): void {}

  /** Gives up all exchanges (`closed`): the uplink has changed. */
  drop(): void {}

  close(): void {}
}
