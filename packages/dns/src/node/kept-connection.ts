import type { Connection, ConnectionEnd } from './connection.ts';
import type { Exchange, Transport } from './exchange.ts';

/** How often a question is sent at most when connections end under it. */
const MAXIMUM_ATTEMPTS = 3;

/** How {@link KeptConnection} gets its connection. */
export interface KeptConnectionOptions {
  /** Where the server is: at once when that is known; none when nobody can tell. */
  readonly addresses: () => readonly string[] | Promise<readonly string[]>;
  /** Opens a connection to one of the addresses, which are one or more. */
  readonly open: (addresses: readonly string[], onEnd: (end: ConnectionEnd) => void) => Connection;
}

/**
 * Asks a server over one connection that is opened when there is a question, kept for the next ones, and opened again
 * when it has ended (RFC 7766 section 6.2.2: no more than one to a server). A question that the server left unanswered
 * when it closed is asked again, as long as it answers others.
 */
export class KeptConnection implements Transport {
  readonly #options: KeptConnectionOptions;
  #connection: Connection | undefined;
  /** What waits for the addresses. */
  #waiting: Set<Exchange> | undefined;
  /** Which address comes first: another one after one where nobody was. */
  #turn = 0;
  #dropping = false;
  #closed = false;

  constructor(options: KeptConnectionOptions) {
    this.#options = options;
  }

  ask(exchange: Exchange): void {
    if (this.#closed) return;
    if (this.#waiting !== undefined) this.#waiting.add(exchange);
    else if (this.#connection !== undefined && !this.#connection.isEnding) this.#send(this.#connection, exchange);
    else {
      this.#waiting = new Set([exchange]);
      const addresses = this.#options.addresses();
      if (addresses instanceof Promise) void addresses.then((found) => this.#open(found));
      else this.#open(addresses);
    }
  }

  forget(exchange: Exchange): void {
    this.#waiting?.delete(exchange);
    this.#connection?.forget(exchange);
  }

  drop(): void {
    this.#dropping = true;
    this.#connection?.destroy('closed');
    this.#dropping = false;
  }

  close(): void {
    this.#closed = true;
    this.#waiting = undefined;
    this.#connection?.destroy('closed');
  }

  #open(addresses: readonly string[]): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (this.#closed) return;
    if (addresses.length === 0) {
      // Nobody may be told before `ask` has returned.
      for (const exchange of waiting) queueMicrotask(() => exchange.failed('unreachable'));
      return;
    }
    const first = this.#turn % addresses.length;
    const inTurn = [...addresses.slice(first), ...addresses.slice(0, first)];
    const connection = this.#options.open(inTurn, (end) => this.#ended(connection, end));
    this.#connection = connection;
    for (const exchange of waiting) this.#send(connection, exchange);
  }

  /** What has no room counts as lost: the asker asks somebody else, or again. */
  #send(connection: Connection, exchange: Exchange): void {
    if (connection.hasRoom) connection.send(exchange);
  }

  #ended(connection: Connection, { unanswered, established, answered, reason }: ConnectionEnd): void {
    if (this.#connection === connection) this.#connection = undefined;
    if (!established) this.#turn++;
    if (this.#closed) return;
    for (const exchange of unanswered) {
      // A server may close whenever it likes, also when a question is on its way to it.
      const again = established && answered && reason === 'closed' && !this.#dropping;
      if (again && exchange.attempts < MAXIMUM_ATTEMPTS) this.ask(exchange);
      else exchange.failed(reason);
    }
  }
}
