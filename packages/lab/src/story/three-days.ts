import {
  AnswerCache,
  DEFAULT_SETTINGS,
  type DnsMessage,
  decodeMessage,
  encodeMessage,
  Forwarder,
  HeaderFlag,
  LocalAnswers,
  NO_LOCAL_DATA,
  PENDING,
  RecordClass,
  RecordType,
  rcodeOf,
} from '@router7/dns';
import { Ipv4Address } from '@router7/wire';

const MINUTE = 60_000;
const THREE_DAYS = 3 * 24 * 60 * MINUTE;
/** How long anybody may wait, in milliseconds. */
const PATIENCE = 2000;
/** How soon there is a fresh answer once a server answers again. */
const FRESH = 1000;
const NAMES = 100;
const ROUND_TRIP = 10;

/**
 * A forwarder of the router's, with its own settings, through three days without an upstream: the names that it knew are
 * asked for again and again, and one of the home with them. Time is only counted here.
 *
 * @returns what came of it, for people
 * @throws Error when somebody waited for longer than 2 s, or got nothing
 */
export function threeDays(): string {
  const home = new CountedHome();
  const names = Array.from({ length: NAMES }, (_, index) => `name${index}.lab.example`);
  for (const name of names) home.ask(name);
  home.pass(MINUTE);
  home.upstreamAnswers = false;
  // Short of three days: that is how long what has expired may be used (RFC 8767 section 5).
  const end = home.now + THREE_DAYS - 10 * MINUTE;
  let asked = 0;
  while (home.now < end) {
    for (const name of [...names, 'printer.lan']) {
      home.ask(name);
      asked++;
      home.pass(100);
    }
    home.pass(37 * MINUTE);
  }
  home.upstreamAnswers = true;
  const before = home.now;
  while (!home.ask('new.lab.example', true)) {
    if (home.now - before > FRESH) throw new Error('no fresh answer within a second');
    home.pass(20);
  }
  return `${asked} questions, ${home.longest} ms for the slowest; fresh ${home.now - before} ms after the end`;
}

/** A forwarder, one upstream and those who ask. */
class CountedHome {
  now = 1000;
  longest = 0;
  upstreamAnswers = true;
  readonly #forwarder: Forwarder;
  readonly #waiting = new Map<number, { readonly name: string; readonly since: number; readonly mayFail: boolean }>();
  readonly #coming: { readonly at: number; readonly exchange: number; readonly payload: Uint8Array }[] = [];
  #asker = 0;
  #fresh = false;

  constructor() {
    let state = 7;
    const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
    const local = new LocalAnswers();
    const address = Uint8Array.of(192, 168, 42, 50);
    const printer = { name: 'printer', addresses: [{ address, expiresIn: Number.POSITIVE_INFINITY }], subNames: [] };
    local.configure({ ...NO_LOCAL_DATA, hosts: [printer] }, this.now);
    this.#forwarder = new Forwarder({
      settings: { ...DEFAULT_SETTINGS, upstreams: [{ label: 'provider' }] },
      cache: new AnswerCache({ maximumBytes: 1 << 20, seed: 1 }),
      local,
      seed: 1,
      random,
    });
  }

  /** Asks for an address. @returns whether there was an answer at once, or (`mayFail`) one came since the last question */
  ask(name: string, mayFail = false): boolean {
    const query = question(name, this.#asker & 0xffff);
    const buffer = new Uint8Array(1500);
    buffer.set(query);
    const client = 0xc0a82a02;
    const length = this.#forwarder.respond(buffer, 0, query.length, buffer.length, client, 'udp', 0, this.now);
    if (length === PENDING) {
      const asker = this.#asker++ % 4096;
      this.#waiting.set(asker, { name, since: this.now, mayFail });
      const input = { kind: 'query', payload: query, asker, transport: 'udp', source: client, group: 0 } as const;
      this.#forwarder.handle(input, this.now);
    } else if (length === 0) throw new Error(`${name}: no answer`);
    else this.#answered(name, buffer.subarray(0, length), mayFail);
    this.#drain();
    return this.#fresh;
  }

  /** Lets time go by. */
  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const [next] = this.#coming;
      const deadline = this.#forwarder.deadline() ?? Number.POSITIVE_INFINITY;
      const at = Math.min(next?.at ?? Number.POSITIVE_INFINITY, deadline);
      if (at > end) break;
      this.now = Math.max(this.now, at);
      if (next !== undefined && next.at <= this.now) {
        this.#coming.shift();
        const { exchange, payload } = next;
        this.#forwarder.handle({ kind: 'answer', exchange, payload }, this.now);
      } else this.#forwarder.handle({ kind: 'timeout' }, this.now);
      this.#drain();
    }
    this.now = end;
  }

  #drain(): void {
    for (let output = this.#forwarder.poll(); output !== undefined; output = this.#forwarder.poll()) {
      if (output.kind === 'reply') {
        const waiting = this.#waiting.get(output.asker);
        if (waiting === undefined) throw new Error('an answer to nobody');
        this.#waiting.delete(output.asker);
        this.longest = Math.max(this.longest, this.now - waiting.since);
        this.#answered(waiting.name, output.payload, waiting.mayFail);
        if (this.now - waiting.since > PATIENCE) throw new Error(`${waiting.name}: ${this.now - waiting.since} ms`);
      } else if (output.kind === 'ask' && this.upstreamAnswers) {
        const payload = answer(decodeMessage(output.payload));
        this.#coming.push({ at: this.now + ROUND_TRIP, exchange: output.exchange, payload });
      }
    }
  }

  #answered(name: string, payload: Uint8Array, mayFail: boolean): void {
    const message = decodeMessage(payload);
    const isGood = rcodeOf(message) === 0 && message.answers.length === 1;
    if (mayFail) this.#fresh = isGood;
    else if (!isGood) throw new Error(`${name}: status ${rcodeOf(message)}, ${message.answers.length} answers`);
  }
}

function question(name: string, id: number): Uint8Array {
  return encodeMessage({
    id,
    flags: HeaderFlag.recursionDesired,
    questions: [{ name, type: RecordType.a, class: RecordClass.internet }],
    answers: [],
    authorities: [],
    additionals: [],
  });
}

/** An address that holds for five minutes. */
function answer(query: DnsMessage): Uint8Array {
  const [asked] = query.questions;
  const value = Ipv4Address.parse('203.0.113.10');
  return encodeMessage({
    ...query,
    flags: HeaderFlag.response | HeaderFlag.recursionAvailable | query.flags,
    answers: [{ kind: 'a', name: asked?.name ?? '.', class: RecordClass.internet, ttlSeconds: 300, value }],
    additionals: [],
  });
}
