import { performance } from 'node:perf_hooks';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { FailureReason, ForwarderAsk } from '@router7/dns';
import { MemoryTidier } from '../runtime/memory-tidier.ts';
import { type Bell, Epoll, MAXIMUM_EVENTS } from '../system/epoll.ts';
import { KernelTick } from '../system/kernel-tick.ts';
import { close } from '../system/libc.ts';
import type { MessageBatch } from '../system/message-batch.ts';
import { AnsweringDesk, type DeskSockets } from './answering-desk.ts';
import { DatagramAskers } from './datagram-askers.ts';
import { type DatagramCounters, type DatagramHandler, DatagramService } from './datagram-service.ts';
import type { AnswererSettings, Order } from './orders.ts';
import type { UpstreamEndpoint } from './upstream-endpoint.ts';
import { UpstreamSockets } from './upstream-sockets.ts';

/** Whose descriptors are waited for. */
const Waiting = { bell: 0, listener: 1, upstream: 2 } as const;

/** The longest wait, in milliseconds: a process that ends waits for its threads. */
const LONGEST_WAIT = 1000;

/** Longest waits without anything to do before memory is tidied up: who asks meanwhile waits for a tenth of a second. */
const IDLE_WAITS = 3;

/** What the thread that answers needs from the one that starts it. */
export interface AnsweringLoopOptions {
  readonly settings: AnswererSettings;
  /** Rung after each order. */
  readonly bell: Bell;
  /** Orders come in, reports go out. */
  readonly port: MessagePort;
  /** 32 random bits. */
  readonly random: () => number;
}

/**
 * The thread that answers: it waits for its sockets and for orders, and does nothing else. Node's event loop of this
 * thread does not run; what it has to say is posted to the main thread.
 */
export class AnsweringLoop implements DeskSockets, DatagramHandler {
  readonly counters: DatagramCounters;
  readonly #bell: Bell;
  readonly #port: MessagePort;
  readonly #epoll = new Epoll();
  readonly #desk: AnsweringDesk;
  readonly #service: DatagramService;
  readonly #askers: DatagramAskers;
  readonly #upstreams: UpstreamSockets;
  /** Sockets by the numbers of the listeners. */
  readonly #sockets = new Map<number, number>();
  #endpoints: readonly (UpstreamEndpoint | undefined)[];
  readonly #tick = new KernelTick();
  readonly #tidier = new MemoryTidier(performance.now());
  #running = true;

  constructor({ settings, bell, port, random }: AnsweringLoopOptions) {
    this.#bell = bell;
    this.#port = port;
    this.#endpoints = settings.endpoints;
    this.#desk = new AnsweringDesk(settings, this, (report) => port.postMessage(report), random);
    const { answerer, clients } = this.#desk;
    this.#service = new DatagramService(this, clients);
    this.counters = this.#service.counters;
    this.#askers = new DatagramAskers(this.counters);
    this.#upstreams = new UpstreamSockets({
      endpoints: settings.endpoints,
      watch: (fd, slot) => this.#epoll.add(fd, Waiting.upstream, slot),
      onAnswer: (exchange, payload, now) => answerer.answer(exchange, payload, now),
      onFailed: (exchange, reason) => answerer.handle({ kind: 'failed', exchange, reason }, performance.now()),
    });
    this.#epoll.add(bell.fd, Waiting.bell, 0);
  }

  /** Answers until it is told to stop. */
  run(): void {
    const { answerer } = this.#desk;
    let idle = 0;
    while (this.#running) {
      // Rounded up: to wake early would only mean to wait again.
      const wait = Math.min(Math.ceil(answerer.wait(performance.now())), LONGEST_WAIT);
      const count = this.#epoll.wait(wait);
      const now = performance.now();
      if (count > 0) idle = 0;
      else if (wait === LONGEST_WAIT) idle++;
      if (idle >= IDLE_WAITS) this.#tidier.look(now);
      for (let index = 0; index < count; index++) this.#turn(this.#epoll.kind(index), this.#epoll.value(index), now);
      try {
        answerer.tick(now);
      } catch (error) {
        this.failed(error);
      }
      this.#askers.flush();
      this.#upstreams.settle(count < MAXIMUM_EVENTS);
      if (count > 0) this.#tick.keep(now);
    }
    this.#upstreams.close();
    this.#epoll.close();
  }

  respond(
    bytes: Uint8Array,
    start: number,
    length: number,
    capacity: number,
    source: number,
    group: number,
    now: number,
  ): number {
    return this.#desk.answerer.respond(bytes, start, length, capacity, source, 'udp', group, now);
  }

  later(batch: MessageBatch, index: number, listener: number, source: number, group: number, now: number): void {
    const asker = this.#askers.take(batch, index, listener);
    if (asker >= 0) this.#desk.answerer.later(batch.payload(index), asker, source, 'udp', group, now);
  }

  failed(error: unknown): void {
    this.#desk.fault(error);
  }

  reply(asker: number, payload: Uint8Array | undefined): void {
    this.#askers.reply(asker, payload);
  }

  asks(upstream: number): boolean {
    return this.#endpoints[upstream] !== undefined;
  }

  ask({ exchange, upstream, payload }: ForwarderAsk): FailureReason | undefined {
    return this.#upstreams.ask(exchange, upstream, payload);
  }

  forget(exchange: number): void {
    this.#upstreams.forget(exchange);
  }

  configure({ endpoints }: AnswererSettings): void {
    this.#endpoints = endpoints;
    this.#upstreams.configure(endpoints);
  }

  listen(listener: number, fd: number): void {
    this.#sockets.set(listener, fd);
    this.#askers.opened(listener, fd);
    this.#epoll.add(fd, Waiting.listener, listener);
  }

  unlisten(listener: number): void {
    const fd = this.#sockets.get(listener);
    if (fd === undefined) return;
    this.#sockets.delete(listener);
    this.#askers.closed(listener);
    close(fd);
  }

  drop(): void {
    this.#upstreams.drop();
  }

  stop(): void {
    this.#running = false;
    for (const listener of [...this.#sockets.keys()]) this.unlisten(listener);
  }

  #turn(kind: number, value: number, now: number): void {
    try {
      if (kind === Waiting.listener) this.#serve(value, now);
      else if (kind === Waiting.upstream) this.#upstreams.ready(value, now);
      else this.#obeyAll();
    } catch (error) {
      this.failed(error);
    }
  }

  #serve(listener: number, now: number): void {
    const fd = this.#sockets.get(listener);
    // Errors are of single clients (port unreachable), and gone once they are read.
    if (fd !== undefined) this.#service.serve(fd, listener, now);
  }

  #obeyAll(): void {
    this.#bell.silence();
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      try {
        this.#desk.obey(received.message as Order);
      } catch (error) {
        this.failed(error);
      }
    }
  }
}
