import {
  AnswerCache,
  DEFAULT_SETTINGS,
  decodeMessage,
  Forwarder,
  HEADER_LENGTH,
  HeaderFlag,
  LocalAnswers,
  nameKey,
  PENDING,
  QueryScan,
  QueryView,
  scanQuery,
} from '../../src/index.ts';
import type { RandomNumbers } from './random-numbers.ts';
import type { Structured } from './structured.ts';

const ROOM = 65535;
const ASKERS = 200;
const CACHE_BYTES = 1 << 20;

/** A forwarder among clients and upstreams that say anything at all. What it says itself has to be well-formed. */
export class EngineSubject {
  readonly #random: RandomNumbers;
  readonly #structured: Structured;
  readonly #forwarder: Forwarder;
  readonly #cache: AnswerCache;
  readonly #buffer: Uint8Array = new Uint8Array(ROOM);
  readonly #view: QueryView = new QueryView();
  readonly #free: number[] = Array.from({ length: ASKERS }, (_, i) => i);
  /** By asker: what was asked, for judging the answer; undefined when it passes through as it is. */
  readonly #asked: Map<number, { readonly id: number; readonly judged: boolean }> = new Map();
  readonly #open: Map<number, Uint8Array> = new Map();
  #now = 1000;

  constructor(random: RandomNumbers, structured: Structured) {
    this.#random = random;
    this.#structured = structured;
    this.#cache = new AnswerCache({ maximumBytes: CACHE_BYTES, seed: 7 });
    this.#forwarder = new Forwarder({
      settings: {
        ...DEFAULT_SETTINGS,
        upstreams: [{ label: 'one' }, { label: 'two' }, { label: 'three', encrypted: true }],
        domains: [{ suffix: nameKey('com'), upstreams: [1] }],
        mixedCase: true,
        maximumPending: 64,
        maximumAskers: ASKERS,
      },
      cache: this.#cache,
      local: new LocalAnswers(),
      seed: 7,
      random: () => random.next(),
    });
  }

  /** A message from a client or, when it is a response, from an upstream. @throws Error when something is wrong */
  step(bytes: Uint8Array): void {
    const random = this.#random;
    if (bytes.length > 2 && ((bytes[2] as number) & 0x80) !== 0) this.#answer(bytes);
    else this.#query(bytes);
    this.#drain();
    if (random.one(3)) this.#answerProperly();
    if (random.one(50)) this.#fail();
    if (random.one(10)) this.#passTime();
    if (this.#cache.statistics.bytes > CACHE_BYTES) throw new Error('the cache is larger than it may be');
  }

  #query(bytes: Uint8Array): void {
    const random = this.#random;
    const buffer = this.#buffer;
    const capacity = Math.min(ROOM, bytes.length + random.below(4096));
    buffer.set(bytes);
    const transport = random.one(4) ? 'tcp' : 'udp';
    const source = random.below(1000);
    const scan = scanQuery(this.#view, buffer, 0, bytes.length, 7);
    // Other opcodes, signed questions and those without RD pass through octet for octet, and so do their answers.
    const recursion = (this.#view.flags & HeaderFlag.recursionDesired) !== 0;
    const judged = scan !== QueryScan.notQuery && !this.#view.signed && recursion;
    const length = this.#forwarder.respond(buffer, 0, bytes.length, capacity, source, transport, 0, this.#now);
    if (length === PENDING) {
      const asker = this.#free.pop();
      // Its program would drop it now.
      if (asker === undefined) return;
      this.#asked.set(asker, { id: id(bytes), judged });
      const payload = buffer.slice(0, bytes.length);
      this.#forwarder.handle({ kind: 'query', payload, asker, transport, source, group: 0 }, this.#now);
      return;
    }
    if (length > capacity) throw new Error('the response is larger than there is room');
    if (length > 0) judge(buffer.subarray(0, length), id(bytes), judged);
    if (length > 0 && scan === QueryScan.drop) throw new Error('a response to what is no query');
  }

  /** Any response at all, now and then with the right id and question. */
  #answer(bytes: Uint8Array): void {
    const [exchange, asked] = this.#anyOpen() ?? [];
    if (exchange === undefined || asked === undefined) return;
    const payload = Uint8Array.from(bytes);
    if (!this.#random.one(4)) payload.set(asked.subarray(0, 2));
    this.#forwarder.handle({ kind: 'answer', exchange, payload }, this.#now);
  }

  #answerProperly(): void {
    const [exchange, asked] = this.#anyOpen() ?? [];
    if (exchange === undefined || asked === undefined) return;
    scanQuery(this.#view, asked, 0, asked.length, 7);
    const question = asked.slice(HEADER_LENGTH, this.#view.questionEnd);
    const payload = this.#structured.response(id(asked), question.length > 4 ? question : undefined);
    this.#forwarder.handle({ kind: 'answer', exchange, payload }, this.#now);
    this.#drain();
  }

  #fail(): void {
    const [exchange] = this.#anyOpen() ?? [];
    if (exchange === undefined) return;
    this.#open.delete(exchange);
    const reason = this.#random.of(['unreachable', 'refused', 'closed', 'authentication', 'busy'] as const);
    this.#forwarder.handle({ kind: 'failed', exchange, reason }, this.#now);
    this.#drain();
  }

  #passTime(): void {
    const random = this.#random;
    const deadline = this.#forwarder.deadline();
    // Up to a second as a rule, now and then hours: entries become stale, failures are forgotten.
    this.#now += random.one(100) ? random.below(1e8) : random.below(1000);
    if (random.one(2) && deadline !== undefined) this.#now = Math.max(this.#now, deadline);
    this.#forwarder.handle({ kind: 'timeout' }, this.#now);
    this.#drain();
  }

  #drain(): void {
    for (let output = this.#forwarder.poll(); output !== undefined; output = this.#forwarder.poll()) {
      if (output.kind === 'ask') {
        if (this.#open.has(output.exchange)) throw new Error('an exchange is open twice');
        this.#open.set(output.exchange, Uint8Array.from(output.payload));
      } else if (output.kind === 'forget') {
        if (!this.#open.delete(output.exchange)) throw new Error('an exchange is forgotten that is not open');
      } else if (output.kind === 'reply') {
        const asked = this.#asked.get(output.asker);
        if (asked === undefined) throw new Error('a reply to nobody');
        this.#asked.delete(output.asker);
        this.#free.push(output.asker);
        judge(output.payload, asked.id, asked.judged);
      }
    }
  }

  #anyOpen(): [number, Uint8Array] | undefined {
    let left = this.#random.below(Math.max(1, this.#open.size));
    for (const entry of this.#open) if (left-- === 0) return entry;
    return undefined;
  }
}

function id(bytes: Uint8Array): number {
  return ((bytes[0] as number) << 8) | (bytes[1] as number);
}

function judge(reply: Uint8Array, asked: number, judged: boolean): void {
  if (reply.length < HEADER_LENGTH || ((reply[2] as number) & 0x80) === 0) throw new Error('a reply that is none');
  if (id(reply) !== asked) throw new Error('a reply with another id');
  // Whatever the client and the upstream have said: this is ours, and has no fault.
  if (judged) decodeMessage(reply);
}
