import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { FailureReason } from '@router7/dns';
import { type Exchange, idOf, isResponse, type Transport } from './exchange.ts';
import { failureOf } from './failure.ts';

/** How many sockets there may be, shared by all servers. */
export class SocketBudget {
  #left: number;

  constructor(maximum: number) {
    this.#left = maximum;
  }

  /** @returns whether there was one left */
  take(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }

  giveBack(): void {
    this.#left++;
  }
}

/** Asks a server by UDP, each question from a socket of its own: a fresh random port (RFC 5452 section 9.2). */
export class DatagramExchanges implements Transport {
  readonly #addresses: () => readonly string[] | Promise<readonly string[]>;
  readonly #port: number;
  readonly #budget: SocketBudget;
  readonly #sockets = new Map<Exchange, Socket | undefined>();
  /** Which address is asked: the next one after one where nobody is. */
  #turn = 0;
  #closed = false;

  constructor(addresses: () => readonly string[] | Promise<readonly string[]>, port: number, budget: SocketBudget) {
    this.#addresses = addresses;
    this.#port = port;
    this.#budget = budget;
  }

  ask(exchange: Exchange): void {
    if (this.#closed) return;
    this.#sockets.set(exchange, undefined);
    const addresses = this.#addresses();
    if (addresses instanceof Promise) void addresses.then((found) => this.#send(exchange, found));
    else this.#send(exchange, addresses);
  }

  forget(exchange: Exchange): void {
    const socket = this.#sockets.get(exchange);
    this.#sockets.delete(exchange);
    if (socket === undefined) return;
    socket.close();
    this.#budget.giveBack();
  }

  drop(): void {
    for (const exchange of [...this.#sockets.keys()]) this.#fail(exchange, 'closed');
  }

  close(): void {
    this.#closed = true;
    for (const exchange of [...this.#sockets.keys()]) this.forget(exchange);
  }

  #send(exchange: Exchange, addresses: readonly string[]): void {
    if (!this.#sockets.has(exchange)) return;
    const address = addresses[this.#turn % Math.max(addresses.length, 1)];
    if (address === undefined) {
      queueMicrotask(() => this.#fail(exchange, 'unreachable'));
      return;
    }
    // Without a socket it counts as lost on the way: the asker asks somebody else, or again.
    if (!this.#budget.take()) return;
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    this.#sockets.set(exchange, socket);
    socket.on('error', (error) => {
      this.#turn++;
      this.#fail(exchange, failureOf(error));
    });
    socket.on('message', (message) => {
      // RFC 5452 section 9.1: who is connected hears only whom it has asked; the question is the asker's to compare.
      if (isResponse(message) && idOf(message) === idOf(exchange.payload)) exchange.answer(message);
    });
    socket.on('connect', () => {
      if (this.#sockets.get(exchange) !== socket) return;
      socket.send(exchange.payload, (error) => {
        if (error !== null) this.#fail(exchange, failureOf(error));
      });
    });
    socket.connect(this.#port, address);
  }

  #fail(exchange: Exchange, reason: FailureReason): void {
    if (!this.#sockets.has(exchange)) return;
    this.forget(exchange);
    exchange.failed(reason);
  }
}
