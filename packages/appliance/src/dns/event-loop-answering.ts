import { type Asker, DatagramListener } from '@router7/dns/node';
import type { Answering, ReportHandler } from './answering.ts';
import { AnsweringDesk, type DeskSockets, MAXIMUM_DATAGRAM_ASKERS } from './answering-desk.ts';
import { AskerNumbers } from './asker-numbers.ts';
import type { DatagramCounters } from './datagram-service.ts';
import type { AnswererSettings, Order } from './orders.ts';

/** How an {@link EventLoopAnswering} is started. */
export interface EventLoopAnsweringOptions {
  readonly settings: AnswererSettings;
  readonly onReport: ReportHandler;
  /** 32 random bits. */
  readonly random: () => number;
}

/**
 * Answers on Node's event loop, with its sockets: without native code, and at several times the cost of a query. All upstream
 * servers are asked by whoever takes the reports.
 */
export class EventLoopAnswering implements Answering {
  readonly #desk: AnsweringDesk;
  readonly #askers = new AskerNumbers<Asker>(0, MAXIMUM_DATAGRAM_ASKERS);
  readonly #listeners = new Map<string, DatagramListener>();
  readonly #counters: DatagramCounters = { received: 0, strangers: 0, truncated: 0, sent: 0, unsent: 0 };
  /** What is to be done, in order. */
  readonly #actions: (() => void)[] = [];
  #acts = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is due, monotonic milliseconds. */
  #due = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor({ settings, onReport, random }: EventLoopAnsweringOptions) {
    const sockets: DeskSockets = {
      counters: this.#counters,
      reply: (asker, payload) => {
        if (payload !== undefined) this.#counters.sent++;
        this.#askers.release(asker)?.reply(payload);
      },
      asks: () => false,
      ask: () => 'unreachable',
      forget: () => undefined,
      configure: () => undefined,
      listen: () => undefined,
      unlisten: () => undefined,
      drop: () => undefined,
      stop: () => undefined,
    };
    this.#desk = new AnsweringDesk(settings, sockets, onReport, random);
    this.#attempt(() => undefined);
  }

  async listen(host: string, port: number): Promise<void> {
    const onQuery = (payload: Uint8Array, asker: Asker): void => this.#attempt(() => this.#query(payload, asker));
    // Of single clients (port unreachable).
    const onError = (): void => void this.#counters.unsent++;
    const listener = await DatagramListener.open({ address: host, port, onQuery, onError });
    if (this.#closed) await listener.close();
    else this.#listeners.set(host, listener);
  }

  unlisten(host: string): void {
    void this.#listeners.get(host)?.close();
    this.#listeners.delete(host);
  }

  tell(order: Order): void {
    this.#attempt(() => this.#desk.obey(order));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const host of [...this.#listeners.keys()]) this.unlisten(host);
  }

  #query(payload: Uint8Array, from: Asker): void {
    const { clients, answerer } = this.#desk;
    this.#counters.received++;
    if (!clients.findText(from.address)) {
      this.#counters.strangers++;
      from.reply();
      return;
    }
    const { source, group } = clients;
    const asker = this.#askers.take(from);
    if (asker < 0) from.reply();
    else answerer.query(payload, asker, source, 'udp', group);
  }

  /**
   * One thing at a time: a reply by TCP makes room for that client's next question, which comes in from within the reply. It
   * would be answered in memory where another one's answer may still be.
   */
  #attempt(action: () => void): void {
    this.#actions.push(action);
    if (this.#acts) return;
    this.#acts = true;
    for (let next = this.#actions.shift(); next !== undefined; next = this.#actions.shift()) {
      try {
        next();
      } catch (error) {
        this.#desk.fault(error);
      }
    }
    this.#acts = false;
    this.#arm();
  }

  #arm(): void {
    if (this.#closed) return;
    const now = performance.now();
    const due = now + this.#desk.answerer.wait(now);
    if (this.#timer !== undefined && Math.abs(due - this.#due) < 1) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = due;
    if (due === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#attempt(() => this.#desk.answerer.tick(performance.now()));
      },
      Math.ceil(due - now),
    );
  }
}
