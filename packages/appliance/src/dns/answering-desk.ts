import { performance } from 'node:perf_hooks';
import type { FailureReason, ForwarderAsk, ForwarderEvent } from '@router7/dns';
import { Answerer, type AnswererOutlet } from './answerer.ts';
import type { ReportHandler } from './answering.ts';
import { Clients } from './clients.ts';
import type { DatagramCounters } from './datagram-service.ts';
import type { AnswererSettings, Order } from './orders.ts';
import { RemoteExchanges } from './remote-exchanges.ts';
import { StreamAskers } from './stream-askers.ts';

/** Clients that can wait for answers to datagrams at a time. Their numbers are below this one. */
export const MAXIMUM_DATAGRAM_ASKERS = 4096;

/** The sockets of an {@link AnsweringDesk}. Payloads are views that live until the call returns. */
export interface DeskSockets {
  readonly counters: DatagramCounters;
  /** Sends the answer to a client that has asked by UDP; without a payload it gets none. */
  reply(asker: number, payload: Uint8Array | undefined): void;
  /** Whether this upstream is asked from here; otherwise the main thread does. */
  asks(upstream: number): boolean;
  /** @returns why it cannot be asked; there is no exchange then */
  ask(ask: ForwarderAsk): FailureReason | undefined;
  forget(exchange: number): void;
  /** Goes by other settings. */
  configure(settings: AnswererSettings): void;
  listen(listener: number, fd: number): void;
  unlisten(listener: number): void;
  /** The uplink may be another one: gives up all exchanges. */
  drop(): void;
  /** Ends. */
  stop(): void;
}

/** Has an answerer do what it is ordered to, and reports what is not for the sockets beside it. */
export class AnsweringDesk implements AnswererOutlet {
  readonly clients: Clients;
  readonly answerer: Answerer;
  readonly #sockets: DeskSockets;
  readonly #report: ReportHandler;
  readonly #streams = new StreamAskers(MAXIMUM_DATAGRAM_ASKERS);
  /** Exchanges with upstreams that the main thread asks. */
  readonly #remote = new RemoteExchanges();

  /** @param random 32 bits that nobody can foresee */
  constructor(settings: AnswererSettings, sockets: DeskSockets, report: ReportHandler, random: () => number) {
    this.#sockets = sockets;
    this.#report = report;
    this.clients = new Clients(settings.clients, random());
    const clock = { now: () => performance.now(), wall: () => Date.now() };
    this.answerer = new Answerer(settings, this, clock, random);
  }

  reply(asker: number, payload: Uint8Array | undefined): void {
    if (asker < MAXIMUM_DATAGRAM_ASKERS) {
      this.#sockets.reply(asker, payload);
      return;
    }
    const client = this.#streams.release(asker);
    if (client !== undefined) this.#report({ kind: 'reply', client, payload: payload?.slice() });
  }

  ask(ask: ForwarderAsk): FailureReason | undefined {
    const { exchange, upstream, stream, payload } = ask;
    if (!stream && this.#sockets.asks(upstream)) return this.#sockets.ask(ask);
    const ticket = this.#remote.begin(exchange);
    this.#report({ kind: 'ask', ticket, upstream, stream, payload: payload.slice() });
    return undefined;
  }

  forget(exchange: number): void {
    const ticket = this.#remote.end(exchange);
    if (ticket === undefined) this.#sockets.forget(exchange);
    else this.#report({ kind: 'forget', ticket });
  }

  event(event: ForwarderEvent): void {
    this.#report({ kind: 'event', event: { ...event } });
  }

  /** Tells of a mistake of ours that was survived: it may be one that a packet can provoke again at will. */
  fault(error: unknown): void {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    this.#report({ kind: 'fault', message, stack });
  }

  /** Does what it is told. */
  obey(order: Order): void {
    switch (order.kind) {
      case 'settings':
        this.clients.configure(order.settings.clients);
        this.#sockets.configure(order.settings);
        this.answerer.configure(order.settings);
        return;
      case 'listen':
        this.#sockets.listen(order.listener, order.fd);
        return;
      case 'unlisten':
        this.#sockets.unlisten(order.listener);
        return;
      case 'query': {
        const asker = this.#streams.take(order.client);
        if (asker < 0) this.#report({ kind: 'reply', client: order.client, payload: undefined });
        else this.answerer.query(order.payload, asker, order.source, 'tcp', order.group);
        return;
      }
      case 'gone': {
        const asker = this.#streams.forget(order.client);
        if (asker !== undefined) this.answerer.handle({ kind: 'gone', asker }, performance.now());
        return;
      }
      case 'answer': {
        const exchange = this.#remote.find(order.ticket);
        if (exchange === undefined) return;
        this.answerer.answer(exchange, order.payload, performance.now());
        return;
      }
      case 'failed': {
        const exchange = this.#remote.find(order.ticket);
        if (exchange === undefined) return;
        this.#remote.end(exchange);
        this.answerer.handle({ kind: 'failed', exchange, reason: order.reason }, performance.now());
        return;
      }
      case 'uplink-changed':
        this.#sockets.drop();
        this.answerer.uplinkChanged();
        return;
      case 'restore':
        this.#report({ kind: 'restored', answers: this.answerer.restore(order.bytes) });
        return;
      case 'statistics': {
        const datagrams = { ...this.#sockets.counters };
        this.#report({ kind: 'statistics', statistics: { ...this.answerer.statistics(), datagrams } });
        return;
      }
      case 'stop':
        this.#sockets.stop();
        this.#report({ kind: 'stopped', cache: order.keep ? this.answerer.snapshot() : [] });
        return;
      default:
        this.answerer.know(order);
    }
  }
}
