import {
  AnswerCache,
  BlockList,
  type ClientTransport,
  type FailureReason,
  Forwarder,
  type ForwarderAsk,
  type ForwarderEvent,
  type ForwarderInput,
  type ForwarderOutput,
  LocalAnswers,
  PENDING,
} from '@router7/dns';
import type { AnswererSettings, EngineStatistics, KnowledgeOrder } from './orders.ts';

/** The longest message. */
const MAXIMUM_MESSAGE = 65_535;
/** Numbers of questions that are counted each; more are counted together. */
const QUESTION_COUNTS = 10;
/** Offset of QDCOUNT in a message. */
const QUESTION_COUNT = 4;

type Changing<T> = { -readonly [K in keyof T]: T[K] };

/** Where the answerer's outputs go. Payloads are views that live until the call returns. */
export interface AnswererOutlet {
  /** Without a payload the client gets no answer. */
  reply(asker: number, payload: Uint8Array | undefined): void;
  /** @returns why it cannot be asked; there is no exchange then */
  ask(ask: ForwarderAsk): FailureReason | undefined;
  forget(exchange: number): void;
  event(event: ForwarderEvent): void;
}

/** The time of an answerer: monotonic and wall milliseconds. */
export interface AnswererClock {
  now(): number;
  wall(): number;
}

/**
 * The forwarder with its cache and with what it knows by itself: the same in a thread of its own as on Node's event loop.
 * Its outputs are handed out after each call.
 */
export class Answerer {
  readonly #outlet: AnswererOutlet;
  readonly #clock: AnswererClock;
  readonly #seed: number;
  readonly #local = new LocalAnswers();
  readonly #blocks = new BlockList();
  readonly #questions: number[] = new Array<number>(QUESTION_COUNTS + 1).fill(0);
  /** For queries that did not come in a buffer with room for their answer. */
  readonly #scratch = new Uint8Array(MAXIMUM_MESSAGE);
  // One of each is enough, as the forwarder is done with an input when it returns.
  readonly #query: Changing<ForwarderInput & { kind: 'query' }> = {
    kind: 'query',
    payload: this.#scratch,
    asker: 0,
    transport: 'udp',
    source: 0,
    group: 0,
  };
  readonly #answer: Changing<ForwarderInput & { kind: 'answer' }> = {
    kind: 'answer',
    exchange: 0,
    payload: this.#scratch,
  };
  /** Exchanges that could not be begun. */
  readonly #failed: { readonly exchange: number; readonly reason: FailureReason }[] = [];
  #settings: AnswererSettings;
  #cache: AnswerCache;
  /** When there is something to do, monotonic milliseconds. */
  #due = Number.POSITIVE_INFINITY;
  readonly #forwarder: Forwarder;

  /** @param random 32 bits that nobody can foresee */
  constructor(settings: AnswererSettings, outlet: AnswererOutlet, clock: AnswererClock, random: () => number) {
    this.#outlet = outlet;
    this.#clock = clock;
    this.#seed = random();
    this.#settings = settings;
    this.#cache = this.#newCache();
    this.#forwarder = new Forwarder({
      settings: settings.forwarder,
      cache: this.#cache,
      local: this.#local,
      blocks: this.#blocks,
      seed: this.#seed,
      random,
    });
  }

  /**
   * Answers a datagram in place, as `Forwarder.respond` does.
   *
   * @returns octets of the answer, 0 for none, {@link PENDING} when it is to be handed to {@link Answerer.later}
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
    const questions = length < 12 ? 0 : this.#questionCount(bytes, start);
    (this.#questions[questions] as number)++;
    const result = this.#forwarder.respond(bytes, start, length, capacity, source, transport, group, now);
    // An answer that is about to expire is asked for again.
    this.#drain();
    return result;
  }

  /** Takes a query for which {@link Answerer.respond} gave {@link PENDING}. */
  later(
    payload: Uint8Array,
    asker: number,
    source: number,
    transport: ClientTransport,
    group: number,
    now: number,
  ): void {
    const query = this.#query;
    query.payload = payload;
    query.asker = asker;
    query.transport = transport;
    query.source = source;
    query.group = group;
    this.handle(query, now);
  }

  /** Takes what an upstream, or who forges its address, has said. */
  answer(exchange: number, payload: Uint8Array, now: number): void {
    this.#answer.exchange = exchange;
    this.#answer.payload = payload;
    this.handle(this.#answer, now);
  }

  /** Takes a query wherever its octets are; the outlet gets the answer, or that there is none. */
  query(payload: Uint8Array, asker: number, source: number, transport: ClientTransport, group: number): void {
    const now = this.#clock.now();
    if (payload.length > MAXIMUM_MESSAGE) {
      this.#outlet.reply(asker, undefined);
      return;
    }
    this.#scratch.set(payload);
    const { length } = payload;
    const result = this.respond(this.#scratch, 0, length, MAXIMUM_MESSAGE, source, transport, group, now);
    if (result === PENDING) this.later(payload, asker, source, transport, group, now);
    else this.#outlet.reply(asker, result > 0 ? this.#scratch.subarray(0, result) : undefined);
  }

  /** Hands an input to the forwarder. */
  handle(input: ForwarderInput, now: number): void {
    this.#forwarder.handle(input, now);
    this.#drain();
  }

  /** Milliseconds until {@link Answerer.tick} is to be called; Infinity when there is nothing to wait for. */
  wait(now: number): number {
    this.#due = this.#forwarder.deadline() ?? Number.POSITIVE_INFINITY;
    return Math.max(this.#due - now, 0);
  }

  /** Does what was due when {@link Answerer.wait} was called last. */
  tick(now: number): void {
    if (this.#due <= now) this.handle({ kind: 'timeout' }, now);
  }

  /** Goes by other settings from now on. */
  configure(settings: AnswererSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (sameCache(before, settings)) {
      this.#forwarder.configure(settings.forwarder, this.#clock.now());
      if (!sameDomains(before, settings)) this.#cache.flush();
      else if (sameServers(before, settings)) this.#cache.invalidate();
      // Other servers may know other names; but when the uplink is gone, and its servers with it, the old ones were better.
      else this.#cache.expire(this.#clock.now());
    } else {
      // The same forwarder: clients are waiting for what it has asked, and so are their numbers.
      this.#cache = this.#newCache();
      this.#forwarder.configure(settings.forwarder, this.#clock.now(), this.#cache);
    }
    this.#drain();
  }

  /** Takes in what it answers from, or what it does not answer. */
  know(order: KnowledgeOrder): void {
    switch (order.kind) {
      case 'local':
        this.#local.configure(order.data, this.#clock.now());
        return;
      case 'block':
        this.#blocks.configure(order.table, order.policies);
        this.#cache.invalidate();
        return;
      case 'policies':
        this.#blocks.setPolicies(order.policies);
        this.#cache.invalidate();
    }
  }

  /** Who did not answer may answer now. */
  uplinkChanged(): void {
    this.#cache.forgetFailures();
  }

  /** Takes in what {@link Answerer.snapshot} of an earlier one gave. @returns answers that there are now */
  restore(bytes: Uint8Array): number {
    return this.#cache.restore(bytes, this.#clock.now(), this.#clock.wall());
  }

  /** What is in the cache, in pieces. */
  snapshot(): Uint8Array[] {
    return [...this.#cache.snapshot(this.#clock.now(), this.#clock.wall())];
  }

  /** What has been done, in a form that can be posted. */
  statistics(): EngineStatistics {
    return {
      questions: [...this.#questions],
      forwarder: structuredClone(this.#forwarder.statistics()),
      cache: this.#cache.statistics,
    };
  }

  #drain(): void {
    for (;;) {
      const output = this.#forwarder.poll();
      if (output !== undefined) {
        this.#perform(output);
        continue;
      }
      // Told one after the other, not from within each other: each can lead to another question that fails.
      const failed = this.#failed.pop();
      if (failed === undefined) return;
      this.#forwarder.handle({ kind: 'failed', ...failed }, this.#clock.now());
    }
  }

  #perform(output: ForwarderOutput): void {
    switch (output.kind) {
      case 'reply':
        this.#outlet.reply(output.asker, output.payload);
        return;
      case 'ask': {
        const { exchange } = output;
        const reason = this.#outlet.ask(output);
        if (reason !== undefined) this.#failed.push({ exchange, reason });
        return;
      }
      case 'forget':
        this.#outlet.forget(output.exchange);
        return;
      case 'event':
        this.#outlet.event(output);
    }
  }

  #questionCount(bytes: Uint8Array, start: number): number {
    const at = start + QUESTION_COUNT;
    const count = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    return Math.min(count, QUESTION_COUNTS);
  }

  #newCache(): AnswerCache {
    const { cacheBytes, cacheLimits } = this.#settings;
    return new AnswerCache({ maximumBytes: cacheBytes, seed: this.#seed, limits: cacheLimits });
  }
}

function sameCache(before: AnswererSettings, after: AnswererSettings): boolean {
  const key = ({ cacheBytes, cacheLimits }: AnswererSettings): string => JSON.stringify([cacheBytes, cacheLimits]);
  return key(before) === key(after);
}

function sameDomains(before: AnswererSettings, after: AnswererSettings): boolean {
  const key = ({ forwarder: { upstreams, domains } }: AnswererSettings): string =>
    JSON.stringify(domains.map(({ suffix, upstreams: own }) => [suffix, own.map((index) => upstreams[index]?.label)]));
  return key(before) === key(after);
}

function sameServers(before: AnswererSettings, after: AnswererSettings): boolean {
  const key = ({ forwarder: { upstreams } }: AnswererSettings): string => JSON.stringify(upstreams);
  return key(before) === key(after);
}
