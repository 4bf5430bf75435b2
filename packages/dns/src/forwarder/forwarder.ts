import type { AnswerCache } from '../cache/answer-cache.ts';
import { Asker } from './asker.ts';
import { ask, endExchange } from './attempts.ts';
import type { ClientTransport, ForwarderInput } from './input.ts';
import { type ForwarderOptions, Machine } from './machine.ts';
import { onAnswer, onFailed } from './on-answer.ts';
import type { ForwarderAsk, ForwarderForget, ForwarderOutput, ForwarderReply } from './output.ts';
import { Exchange } from './pending.ts';
import { onProbeTime, probeTime } from './probes.ts';
import { onDue, onQuery, review } from './questions.ts';
import { writeReply } from './replies.ts';
import { respond } from './respond.ts';
import type { ForwarderSettings } from './settings.ts';
import type { ForwarderStatistics } from './statistics.ts';
import { writeUpstreamQuery } from './upstream-query.ts';
import { upstreamStatistics } from './upstream-state.ts';

type Changing<T> = { -readonly [K in keyof T]: T[K] };

const NOTHING = new Uint8Array(0);

/** Payloads that are shorter are handed out in the same view each time; nearly all are. */
const SHORT = 1500;

/**
 * A DNS forwarder without input or output of its own.
 *
 * Give each query to {@link respond}, and to {@link handle} when that returns `PENDING`; drain {@link poll} after every
 * call of either; call {@link handle} with `timeout` when {@link deadline} is reached. `now` is monotonic milliseconds.
 */
export class Forwarder {
  readonly #machine: Machine;
  #now = 0;
  /** By length. */
  readonly #payloads: (Uint8Array | undefined)[] = new Array<undefined>(SHORT).fill(undefined);
  // One of each is enough: an output is good until the next one.
  readonly #reply: Changing<ForwarderReply> = { kind: 'reply', asker: 0, payload: NOTHING };
  readonly #ask: Changing<ForwarderAsk> = { kind: 'ask', exchange: 0, upstream: 0, stream: false, payload: NOTHING };
  readonly #forget: Changing<ForwarderForget> = { kind: 'forget', exchange: 0 };

  constructor(options: ForwarderOptions) {
    this.#machine = new Machine(options);
  }

  /**
   * Answers a query in place, when that takes nobody else.
   *
   * @param bytes a buffer with the query, and room for the response
   * @param start offset of the query, and of the response
   * @param length octets of the query
   * @param capacity octets from `start` that may be written; a query that leaves less than 192 of them is dropped
   * @param source the client for rate limits: its IPv4 address, a hash of its IPv6 address
   * @param group of the client, from 0 to 63
   * @returns octets of the response, 0 for no response, or `PENDING`; the query is unchanged then
   */
  respond(
    bytes: Uint8Array,
    start: number,
    length: number,
    capacity: number,
    source: number,
    transport: ClientTransport,
    group: number,
    now: number,
  ): number {
    this.#now = now;
    return respond(this.#machine, bytes, start, length, capacity, source, transport, group, now);
  }

  /** Takes an input. Octets from the network never make it throw. */
  handle(input: ForwarderInput, now: number): void {
    const m = this.#machine;
    this.#now = now;
    switch (input.kind) {
      case 'query':
        onQuery(m, input, now);
        return;
      case 'answer':
        onAnswer(m, input.exchange, input.payload, now);
        return;
      case 'failed':
        onFailed(m, input.exchange, input.reason, now);
        return;
      case 'gone':
        m.askers.gone(input.asker);
        return;
      case 'timeout':
        this.#onTimeout(now);
        return;
    }
  }

  /** The next thing to do or to know, in order; undefined when there is none. */
  poll(): ForwarderOutput | undefined {
    const m = this.#machine;
    for (let item = m.outbox.shift(); item !== undefined; item = m.outbox.shift()) {
      const output =
        item instanceof Exchange ? this.#exchange(item) : item instanceof Asker ? this.#answered(item) : item;
      if (output !== undefined) return output;
    }
    return undefined;
  }

  /** When to call {@link handle} with `timeout`, monotonic milliseconds; undefined when there is nothing to wait for. */
  deadline(): number | undefined {
    const at = Math.min(this.#machine.pendings.nextDue() ?? Number.POSITIVE_INFINITY, probeTime(this.#machine));
    return at === Number.POSITIVE_INFINITY ? undefined : Math.max(at, 0);
  }

  /**
   * Takes other settings. Questions that are under way are asked anew, since the way to upstreams may be another one;
   * sizes of tables stay what they were.
   *
   * @param cache to go on with in place of the one before, made with the same seed
   */
  configure(settings: ForwarderSettings, now: number, cache?: AnswerCache): void {
    const m = this.#machine;
    this.#now = now;
    if (cache !== undefined) m.replaceCache(cache);
    for (const exchange of m.exchanges.open()) endExchange(m, exchange);
    m.probes.length = 0;
    for (const upstream of m.upstreams) upstream.probeAt = now;
    m.configure(settings);
    for (let pending = m.pendings.oldest; pending !== undefined; ) {
      const { newer } = pending;
      const view = m.viewOf(pending);
      pending.route = m.routes.of(view.bytes, 0, view.nameLength, pending.group);
      pending.privateAllowed = m.routes.allowsPrivate(view.bytes, 0, view.nameLength);
      pending.tries.fill(0);
      pending.attempts = 0;
      ask(m, pending, now);
      review(m, pending, now);
      pending = newer;
    }
  }

  /** What was done since the start. */
  statistics(): ForwarderStatistics {
    const m = this.#machine;
    const { queries, answers, rcodes } = m.statistics;
    return {
      ...m.statistics,
      queries: { ...queries },
      answers: { ...answers },
      rcodes: [...rcodes],
      pending: m.pendings.size,
      upstreams: m.upstreams.map(upstreamStatistics),
    };
  }

  #onTimeout(now: number): void {
    const m = this.#machine;
    for (let due = m.pendings.takeDue(now); due !== undefined; due = m.pendings.takeDue(now)) {
      if (due.active) onDue(m, due, now);
    }
    onProbeTime(m, now);
  }

  #answered(asker: Asker): ForwarderReply | undefined {
    const m = this.#machine;
    const { waiting, number } = asker;
    const length = waiting ? writeReply(m, asker, this.#now) : 0;
    m.askers.release(asker);
    if (!waiting) return undefined;
    this.#reply.asker = number;
    this.#reply.payload = this.#payload(length);
    return this.#reply;
  }

  /** The first octets of the machine's output. */
  #payload(length: number): Uint8Array {
    const { output } = this.#machine;
    if (length >= this.#payloads.length) return output.subarray(0, length);
    return (this.#payloads[length] ??= output.subarray(0, length));
  }

  /** An exchange is in the outbox to be sent, and once more when it is over. */
  #exchange(exchange: Exchange): ForwarderAsk | ForwarderForget | undefined {
    const m = this.#machine;
    if (exchange.open) {
      exchange.sent = true;
      this.#ask.exchange = exchange.number;
      this.#ask.upstream = exchange.upstream.index;
      this.#ask.stream = exchange.stream;
      this.#ask.payload = this.#payload(writeUpstreamQuery(exchange, m.output));
      return this.#ask;
    }
    const { sent, number } = exchange;
    m.exchanges.release(exchange);
    if (!sent) return undefined;
    this.#forget.exchange = number;
    return this.#forget;
  }
}
