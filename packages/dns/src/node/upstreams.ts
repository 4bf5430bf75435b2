import type { FailureReason } from '@router7/dns';
import type { ConnectionLimits } from './connection.ts';
import { SocketBudget } from './datagram-exchanges.ts';
import type { Exchange, Transport } from './exchange.ts';
import { createTransport, type TransportSettings } from './transports.ts';
import type { UpstreamServer } from './upstream-server.ts';

/** How {@link Upstreams} asks, and whom it tells. */
export interface UpstreamsOptions extends Partial<ConnectionLimits> {
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
  /** Certificates to trust instead of those that Node knows, PEM. */
  readonly certificateAuthorities?: readonly string[];
  /** Whether an address that was found for a server's name is one of this machine's, and not to be asked. */
  readonly isOwn?: (address: string) => boolean;
}

/** 1024 questions on a connection, 10 s without any, 5 s without an answer, 4 s to connect. */
const LIMITS: ConnectionLimits = {
  maximumPipelined: 1024,
  idleMilliseconds: 10_000,
  silenceMilliseconds: 5000,
  connectMilliseconds: 4000,
};

/** A question, with the way that it went. */
interface Asked {
  readonly exchange: Exchange;
  readonly transport: Transport;
}

/**
 * Hands questions to upstream servers and their answers back: by UDP from a fresh port each, by TCP, TLS or HTTPS over
 * connections that are kept and shared. Time-outs of single questions are the asker's: it forgets them.
 */
export class Upstreams {
  readonly #options: UpstreamsOptions;
  readonly #settings: TransportSettings;
  readonly #asked = new Map<number, Asked>();
  /** Ways to servers, by all that is known of them. */
  readonly #transports = new Map<string, Transport>();
  #servers: readonly UpstreamServer[] = [];

  constructor(options: UpstreamsOptions) {
    this.#options = options;
    this.#settings = {
      limits: {
        maximumPipelined: options.maximumPipelined ?? LIMITS.maximumPipelined,
        idleMilliseconds: options.idleMilliseconds ?? LIMITS.idleMilliseconds,
        silenceMilliseconds: options.silenceMilliseconds ?? LIMITS.silenceMilliseconds,
        connectMilliseconds: options.connectMilliseconds ?? LIMITS.connectMilliseconds,
      },
      budget: new SocketBudget(options.maximumSockets ?? 512),
      certificateAuthorities: options.certificateAuthorities,
      isOwn: options.isOwn ?? (() => false),
      helpers: () => this.#helpers(),
    };
    this.configure(options.servers);
  }

  /** Questions that are under way. */
  get pending(): number {
    return this.#asked.size;
  }

  /** Has other servers from now on. What is under way with servers that are the same goes on; the rest fails as `closed`. */
  configure(servers: readonly UpstreamServer[]): void {
    this.#servers = servers;
    const wanted = new Set(servers.map(keyOf));
    for (const [key, transport] of [...this.#transports]) {
      if (wanted.has(key)) continue;
      this.#transports.delete(key);
      transport.close();
      for (const [number, asked] of [...this.#asked]) {
        if (asked.transport === transport) this.#fail(number, asked.exchange, 'closed');
      }
    }
    for (const server of servers) {
      const key = keyOf(server);
      if (!this.#transports.has(key)) this.#transports.set(key, createTransport(server, this.#settings));
    }
  }

  /**
   * Asks. The octets are copied. The end is told by `onAnswer` or `onFailed`, never before this has returned; a question
   * for which there is no room counts as lost, and nothing is told.
   *
   * @param exchange the asker's number for this question, in use for no other one until it is forgotten or has failed
   * @param upstream number of the server
   * @param stream whether the answer may be too long for UDP (RFC 7766 section 5)
   */
  ask(exchange: number, upstream: number, stream: boolean, payload: Uint8Array): void {
    const server = this.#servers[upstream];
    const transport = server === undefined ? undefined : this.#transports.get(keyOf(server));
    if (transport === undefined || payload.length < 12 || payload.length > 65_535) {
      queueMicrotask(() => this.#options.onFailed(exchange, 'unreachable'));
      return;
    }
    const asked: Exchange = {
      payload: payload.slice(),
      stream,
      attempts: 0,
      answer: (message) => {
        if (this.#asked.get(exchange)?.exchange === asked) this.#options.onAnswer(exchange, message);
      },
      failed: (reason) => this.#fail(exchange, asked, reason),
    };
    this.forget(exchange);
    this.#asked.set(exchange, { exchange: asked, transport });
    transport.ask(asked);
  }

  /** Gives up: neither handler is called for this exchange any more. */
  forget(exchange: number): void {
    const asked = this.#asked.get(exchange);
    if (asked === undefined) return;
    this.#asked.delete(exchange);
    asked.transport.forget(asked.exchange);
  }

  /** Drops all connections and what is under way (`closed`), as after a change of the uplink. */
  drop(): void {
    for (const transport of this.#transports.values()) transport.drop();
    for (const [number, { exchange }] of [...this.#asked]) this.#fail(number, exchange, 'closed');
  }

  /** Ends everything; no handler is called any more. */
  close(): void {
    this.#asked.clear();
    for (const transport of this.#transports.values()) transport.close();
    this.#transports.clear();
    this.#servers = [];
  }

  #fail(number: number, exchange: Exchange, reason: FailureReason): void {
    if (this.#asked.get(number)?.exchange !== exchange) return;
    this.#asked.delete(number);
    this.#options.onFailed(number, reason);
  }

  /** Servers that have addresses, and can be asked for those of others. */
  #helpers(): readonly Transport[] {
    return this.#servers.flatMap((server) => {
      if (server.addresses === undefined || server.addresses.length === 0) return [];
      const transport = this.#transports.get(keyOf(server));
      return transport === undefined ? [] : [transport];
    });
  }
}

function keyOf({ protocol, addresses, name, port, path, privacy, clearPort }: UpstreamServer): string {
  return JSON.stringify([protocol, addresses, name, port, path, privacy, clearPort]);
}
