import assert from 'node:assert/strict';
import { DecodeError, Ipv4Address, Ipv6Address } from '@router7/wire';
import {
  AnswerCache,
  type BlockList,
  type ClientTransport,
  DEFAULT_SETTINGS,
  type DnsMessage,
  decodeMessage,
  EDNS_DNSSEC_OK,
  type EdnsOption,
  ednsOptionOf,
  encodeMessage,
  type FailureReason,
  Forwarder,
  type ForwarderEvent,
  type ForwarderInput,
  type ForwarderSettings,
  HeaderFlag,
  type LocalAnswers,
  optRecordOf,
  PENDING,
  RecordType,
  type ResourceRecord,
  rcodeOf,
} from '../../src/index.ts';

/** A small generator of equally distributed numbers (mulberry32), the same row for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** An A record. */
export function a(name: string, address = '203.0.113.7', ttlSeconds = 300): ResourceRecord {
  return { kind: 'a', name, class: 1, ttlSeconds, value: Ipv4Address.parse(address) };
}

/** An AAAA record. */
export function aaaa(name: string, address = '2001:db8::7', ttlSeconds = 300): ResourceRecord {
  return { kind: 'aaaa', name, class: 1, ttlSeconds, value: Ipv6Address.parse(address) };
}

/** The SOA record of negative answers. */
export function soa(name: string, minimum = 60): ResourceRecord {
  return {
    kind: 'soa',
    name,
    class: 1,
    ttlSeconds: minimum,
    value: {
      primaryName: 'ns.example',
      responsibleName: 'x.example',
      serial: 1,
      refreshSeconds: 2,
      retrySeconds: 3,
      expireSeconds: 4,
      minimumSeconds: minimum,
    },
  };
}

/** What a test says of an answer; the rest is as the question wants it. */
export interface AnswerParts {
  readonly rcode?: number;
  readonly flags?: number;
  readonly answers?: readonly ResourceRecord[];
  readonly authorities?: readonly ResourceRecord[];
  readonly additionals?: readonly ResourceRecord[];
  readonly options?: readonly EdnsOption[];
  /** False: no OPT record. */
  readonly edns?: boolean;
}

/** Makes the answer to a question. */
export function answerTo(question: DnsMessage, parts: AnswerParts = {}): Uint8Array {
  const rcode = parts.rcode ?? 0;
  const opt: ResourceRecord = {
    kind: 'opt',
    udpPayloadSize: 1232,
    extendedRcode: rcode >>> 4,
    version: 0,
    flags: 0,
    options: parts.options ?? [],
  };
  const edns = parts.edns ?? optRecordOf(question) !== undefined;
  return encodeMessage({
    id: question.id,
    flags:
      HeaderFlag.response |
      HeaderFlag.recursionAvailable |
      (question.flags & 0x7910) |
      (parts.flags ?? 0) |
      (rcode & 0xf),
    questions: question.questions,
    answers: parts.answers ?? [],
    authorities: parts.authorities ?? [],
    additionals: [...(parts.additionals ?? []), ...(edns ? [opt] : [])],
  });
}

/** What comes back to a question: messages, each after a while, or the transport's failure. */
export type Reaction =
  | { readonly afterMs: number; readonly payload: Uint8Array }
  | { readonly afterMs: number; readonly failed: FailureReason };

/** What an upstream was asked. */
export interface Asked {
  readonly upstream: number;
  readonly stream: boolean;
  readonly at: number;
  readonly exchange: number;
  readonly payload: Uint8Array;
  readonly message: DnsMessage;
  /** The name in lower case. */
  readonly name: string;
  readonly type: number;
  /** A probe, not a client's question. */
  readonly probe: boolean;
}

/** How an upstream is: what it does about a question. */
export type Upstream = (asked: Asked) => readonly Reaction[];

/** An upstream that has one A record for every name and answers after so many milliseconds. */
export function resolver(afterMs: number, parts: (asked: Asked) => AnswerParts = plain): Upstream {
  return (asked) => [{ afterMs, payload: answerTo(asked.message, parts(asked)) }];
}

/** As {@link resolver} answers. */
export function plain({ message, name, type }: Asked): AnswerParts {
  const asIs = message.questions[0]?.name ?? name;
  if (type === RecordType.a) return { answers: [a(asIs)] };
  return type === RecordType.aaaa ? { answers: [aaaa(asIs)] } : { authorities: [soa('example')] };
}

/** An upstream that is not there. */
export const dead: Upstream = () => [];

/** A query of a client. */
export interface Query {
  readonly type?: number;
  readonly class?: number;
  readonly flags?: number;
  readonly transport?: ClientTransport;
  readonly source?: number;
  readonly group?: number;
  readonly dnssecOk?: boolean;
  readonly udpSize?: number;
  readonly edns?: boolean;
  readonly options?: readonly EdnsOption[];
}

/** A query that was asked, and what became of it. */
export interface Ticket {
  readonly askedAt: number;
  readonly query: DnsMessage;
  /** Undefined until there is one; `null`: dropped. */
  bytes: Uint8Array | undefined | null;
  ms: number;
}

interface Coming {
  readonly at: number;
  readonly order: number;
  readonly input: ForwarderInput;
}

/** What a test says of its home. */
export interface HomeParts {
  readonly upstreams: readonly Upstream[];
  readonly settings?: Partial<ForwarderSettings>;
  readonly local?: LocalAnswers;
  readonly blocks?: BlockList;
  readonly seed?: number;
  readonly limits?: object;
}

/** Clients, a forwarder and upstreams in scripted time. */
export class SimulatedHome {
  now = 1000;
  readonly upstreams: Upstream[];
  readonly settings: ForwarderSettings;
  readonly cache: AnswerCache;
  readonly forwarder: Forwarder;
  readonly random: () => number;
  /** Questions to upstreams, without probes. */
  readonly asked: Asked[] = [];
  readonly probes: Asked[] = [];
  readonly events: ForwarderEvent[] = [];
  readonly tickets: Ticket[] = [];
  readonly open = new Set<number>();
  readonly #waiting = new Map<number, Ticket>();
  #coming: Coming[] = [];
  #order = 0;
  #nextAsker = 0;

  constructor({ upstreams, settings, local, blocks, seed = 1, limits }: HomeParts) {
    this.upstreams = [...upstreams];
    this.random = seeded(seed);
    this.settings = {
      ...DEFAULT_SETTINGS,
      upstreams: upstreams.map((_, i) => ({ label: `u${i}` })),
      ...settings,
    };
    this.cache = new AnswerCache({ maximumBytes: 1 << 20, seed: 77, ...(limits === undefined ? {} : { limits }) });
    this.forwarder = new Forwarder({
      settings: this.settings,
      cache: this.cache,
      seed: 77,
      random: this.random,
      local,
      blocks,
    });
  }

  /** Sends a query; its ticket has the response as soon as there is one. */
  ask(name: string, parts: Query = {}): Ticket {
    return this.send(queryMessage(this.random() & 0xffff, name, parts), parts);
  }

  send(query: DnsMessage, parts: Query = {}): Ticket {
    return this.sendBytes(encodeMessage(query), query, parts);
  }

  sendBytes(payload: Uint8Array, query: DnsMessage, parts: Query = {}): Ticket {
    const ticket: Ticket = { askedAt: this.now, query, bytes: undefined, ms: 0 };
    this.tickets.push(ticket);
    // Not at the start of a buffer, as for a batch of datagrams; what is around must stay as it is.
    const start = 7;
    const capacity = parts.transport === 'tcp' ? 65535 : 1500;
    const buffer = new Uint8Array(start + capacity + 9).fill(0xee);
    buffer.set(payload, start);
    const source = parts.source ?? 0xc0a80002;
    const { transport = 'udp', group = 0 } = parts;
    const length = this.forwarder.respond(buffer, start, payload.length, capacity, source, transport, group, this.now);
    assert.ok(buffer.subarray(0, start).every((octet) => octet === 0xee));
    assert.ok(buffer.subarray(start + capacity).every((octet) => octet === 0xee));
    if (length === PENDING) {
      assert.deepEqual(buffer.subarray(start, start + payload.length), payload, 'the query is unchanged');
      this.drain();
      const asker = this.#nextAsker++;
      this.#waiting.set(asker, ticket);
      this.handle({ kind: 'query', payload, asker, transport, source, group });
    } else {
      ticket.bytes = length === 0 ? null : buffer.slice(start, start + length);
      this.drain();
    }
    return ticket;
  }

  /** Hands something in and does what comes of it. */
  handle(input: ForwarderInput): void {
    this.forwarder.handle(input, this.now);
    this.drain();
  }

  /** Has a message come, or a failure, later. */
  later(afterMs: number, input: ForwarderInput): void {
    this.#coming.push({ at: this.now + afterMs, order: this.#order++, input });
  }

  /** Lets so many milliseconds go by. */
  run(ms: number): void {
    const end = this.now + ms;
    for (let turns = 0; ; turns++) {
      assert.ok(turns < 1_000_000, 'no end in sight');
      const next = this.#next();
      const deadline = this.forwarder.deadline() ?? Number.POSITIVE_INFINITY;
      const at = Math.min(next?.at ?? Number.POSITIVE_INFINITY, deadline);
      if (at > end) break;
      this.now = Math.max(this.now, at);
      if (next !== undefined && next.at <= deadline) {
        this.#coming.splice(this.#coming.indexOf(next), 1);
        this.handle(next.input);
      } else {
        this.handle({ kind: 'timeout' });
        assert.ok((this.forwarder.deadline() ?? Number.POSITIVE_INFINITY) > this.now, 'the clock moves on');
      }
    }
    this.now = end;
  }

  configure(settings: Partial<ForwarderSettings>): void {
    this.forwarder.configure({ ...this.settings, ...settings }, this.now);
    this.drain();
  }

  /** The response of a ticket, decoded. */
  static responseOf(ticket: Ticket): DnsMessage {
    assert.ok(ticket.bytes, ticket.bytes === null ? 'dropped' : 'no response yet');
    return decodeMessage(ticket.bytes);
  }

  drain(): void {
    for (let output = this.forwarder.poll(); output !== undefined; output = this.forwarder.poll()) {
      switch (output.kind) {
        case 'reply': {
          const ticket = this.#waiting.get(output.asker);
          assert.ok(ticket !== undefined, 'a reply to who has asked');
          this.#waiting.delete(output.asker);
          ticket.bytes = output.payload.slice();
          ticket.ms = this.now - ticket.askedAt;
          break;
        }
        case 'ask':
          this.#ask(output.exchange, output.upstream, output.stream, output.payload.slice());
          break;
        case 'forget':
          assert.ok(this.open.delete(output.exchange), 'an open exchange is forgotten');
          break;
        case 'event':
          this.events.push(output);
          break;
      }
    }
  }

  #ask(exchange: number, upstream: number, stream: boolean, payload: Uint8Array): void {
    assert.ok(!this.open.has(exchange), 'the number of an exchange is free');
    this.open.add(exchange);
    const message = decoded(payload);
    const question = message.questions[0];
    const name = question?.name.toLowerCase() ?? '';
    const probe = name === '.' && question?.type === RecordType.ns;
    const asked = {
      upstream,
      stream,
      at: this.now,
      exchange,
      payload,
      message,
      name,
      type: question?.type ?? 0,
      probe,
    };
    (probe ? this.probes : this.asked).push(asked);
    for (const reaction of this.upstreams[upstream]?.(asked) ?? []) {
      if ('failed' in reaction) {
        this.later(reaction.afterMs, { kind: 'failed', exchange, reason: reaction.failed });
      } else this.later(reaction.afterMs, { kind: 'answer', exchange, payload: reaction.payload });
    }
  }

  /** What comes next; the transport drops what is for an exchange that is over. */
  #next(): Coming | undefined {
    let next: Coming | undefined;
    for (const each of this.#coming) {
      if (next === undefined || each.at < next.at || (each.at === next.at && each.order < next.order)) next = each;
    }
    if (next === undefined) return undefined;
    const { input } = next;
    if (input.kind === 'answer' || input.kind === 'failed') {
      if (!this.open.has(input.exchange)) {
        this.#coming = this.#coming.filter((each) => each !== next);
        return this.#next();
      }
      if (input.kind === 'failed' && next.at <= this.now) this.open.delete(input.exchange);
    }
    return next;
  }
}

/** What goes on untouched may be anything; it is nothing then. */
function decoded(payload: Uint8Array): DnsMessage {
  try {
    return decodeMessage(payload);
  } catch (error) {
    assert.ok(error instanceof DecodeError);
    return {
      id: ((payload[0] as number) << 8) | (payload[1] as number),
      flags: 0,
      questions: [],
      answers: [],
      authorities: [],
      additionals: [],
    };
  }
}

/** A query as a client sends it. */
export function queryMessage(id: number, name: string, parts: Query = {}): DnsMessage {
  const edns =
    parts.edns ?? (parts.dnssecOk !== undefined || parts.udpSize !== undefined || parts.options !== undefined);
  return {
    id,
    flags: parts.flags ?? HeaderFlag.recursionDesired,
    questions: [{ name, type: parts.type ?? RecordType.a, class: parts.class ?? 1 }],
    answers: [],
    authorities: [],
    additionals: edns
      ? [
          {
            kind: 'opt',
            udpPayloadSize: parts.udpSize ?? 1232,
            extendedRcode: 0,
            version: 0,
            flags: parts.dnssecOk === true ? EDNS_DNSSEC_OK : 0,
            options: parts.options ?? [],
          },
        ]
      : [],
  };
}

/** What matters of a response, in short: `NOERROR 203.0.113.7/300`, `SERVFAIL ede 22`, `dropped`, `waits`. */
export function told(ticket: Ticket): string {
  if (ticket.bytes === null) return 'dropped';
  if (ticket.bytes === undefined) return 'waits';
  const message = decodeMessage(ticket.bytes);
  assert.equal(message.id, ticket.query.id);
  assert.notEqual(message.flags & HeaderFlag.response, 0);
  assert.notEqual(message.flags & HeaderFlag.recursionAvailable, 0);
  if (message.questions.length > 0) assert.deepEqual(message.questions, ticket.query.questions);
  assert.equal(optRecordOf(message) !== undefined, optRecordOf(ticket.query) !== undefined, 'OPT for who sent one');
  const names: Record<number, string> = {
    0: 'NOERROR',
    1: 'FORMERR',
    2: 'SERVFAIL',
    3: 'NXDOMAIN',
    4: 'NOTIMP',
    5: 'REFUSED',
    16: 'BADVERS',
  };
  const parts = [names[rcodeOf(message)] ?? String(rcodeOf(message))];
  if ((message.flags & HeaderFlag.truncated) !== 0) parts.push('TC');
  if ((message.flags & HeaderFlag.authenticData) !== 0) parts.push('AD');
  for (const record of message.answers) {
    if (record.kind === 'opt' || record.kind === 'raw') parts.push(record.kind);
    else if (record.kind === 'a' || record.kind === 'aaaa') parts.push(`${record.value}/${record.ttlSeconds}`);
    else parts.push(record.kind);
  }
  const error = ednsOptionOf(message, 'extendedError');
  if (error !== undefined) parts.push(`ede ${error.infoCode}`);
  return parts.join(' ');
}
