import t from 'tap';
import { HEADER_LENGTH } from '../../src/header.ts';
import { type DnsMessage, encodeMessage, HeaderFlag, RecordType, type ResourceRecord } from '../../src/index.ts';
import {
  type Asked,
  a,
  answerTo,
  plain,
  type Query,
  type Reaction,
  resolver,
  SimulatedHome,
  seeded,
  told,
  type Upstream,
} from './simulated-home.ts';

/** What a liar makes of a good answer; undefined: nothing comes. */
type Lie = (good: Uint8Array, asked: Asked) => Uint8Array | undefined;

function patched(at: number, ...octets: readonly number[]): Lie {
  return (good) => {
    const bytes = good.slice();
    bytes.set(octets, at);
    return bytes;
  };
}

/** A good answer to another question. */
function about(change: Partial<DnsMessage['questions'][number]>): Lie {
  return (_good, { message }) => {
    const questions = [{ ...message.questions[0]!, ...change }];
    return answerTo({ ...message, questions }, { answers: [a(questions[0]!.name, '198.51.100.66')] });
  };
}

function withRecords(count: number): Lie {
  return (_good, { message }) => {
    const answers = Array.from({ length: count }, (_, i) =>
      a(message.questions[0]!.name, `198.51.${i >> 8}.${i & 255}`),
    );
    return answerTo(message, { answers });
  };
}

const OPT: ResourceRecord = { kind: 'opt', udpPayloadSize: 512, extendedRcode: 0, version: 0, flags: 0, options: [] };

/** All that must not be believed. What is `obvious` cannot come from who was asked; after the rest he need not be waited for. */
const lies: readonly { readonly name: string; readonly obvious: boolean; readonly lie: Lie }[] = [
  { name: 'another id', obvious: true, lie: (good) => patched(0, good[0]! ^ 1)(good, {} as Asked) },
  { name: 'a query', obvious: true, lie: patched(2, 0x01) },
  { name: 'another opcode', obvious: true, lie: patched(2, 0x91) },
  { name: 'another name', obvious: true, lie: about({ name: 'bank.example' }) },
  { name: 'a name with a label more', obvious: true, lie: about({ name: 'x.a.example' }) },
  { name: 'another type', obvious: true, lie: about({ type: 28 }) },
  { name: 'another class', obvious: true, lie: about({ class: 3 }) },
  {
    name: 'no question',
    obvious: true,
    lie: (_good, { message }) =>
      answerTo({ ...message, questions: [] }, { answers: [a('a.example', '198.51.100.66')] }),
  },
  {
    name: 'two questions',
    obvious: true,
    lie: (_good, { message }) =>
      answerTo(
        { ...message, questions: [...message.questions, ...message.questions] },
        { answers: [a('a.example', '198.51.100.66')] },
      ),
  },
  {
    name: 'a question in another case',
    obvious: false,
    lie: (good) => {
      const bytes = good.slice();
      bytes[HEADER_LENGTH + 1]! ^= 0x20;
      return bytes;
    },
  },
  {
    name: 'a cookie that is not ours',
    obvious: true,
    lie: (_good, { message }) =>
      answerTo(message, {
        answers: [a('a.example', '198.51.100.66')],
        options: [{ kind: 'cookie', value: { client: new Uint8Array(8), server: new Uint8Array(8) } }],
      }),
  },
  {
    name: 'a cookie without the server`s part',
    obvious: true,
    lie: (_good, { message }) =>
      answerTo(message, {
        answers: [a('a.example', '198.51.100.66')],
        options: [{ kind: 'raw', code: 10, data: new Uint8Array(8) }],
      }),
  },
  { name: 'a count that is too large', obvious: false, lie: patched(6, 0, 2) },
  { name: 'a count that is far too large', obvious: false, lie: patched(6, 0xff, 0xff) },
  { name: 'a count that is too small', obvious: false, lie: patched(6, 0, 0) },
  { name: 'octets behind the end', obvious: false, lie: (good) => Uint8Array.of(...good, 0) },
  { name: 'an end before the end', obvious: false, lie: (good) => good.subarray(0, -3) },
  {
    name: 'a name that points at itself',
    obvious: false,
    lie: (good, { message }) => {
      const end = questionEnd(message);
      return patched(end, 0xc0, end)(good, {} as Asked);
    },
  },
  {
    name: 'a name that points forward',
    obvious: false,
    lie: (good, { message }) => patched(questionEnd(message), 0xc0, questionEnd(message) + 8)(good, {} as Asked),
  },
  {
    name: 'a name that points into the header',
    obvious: false,
    lie: (good, { message }) => patched(questionEnd(message), 0xc0, 4)(good, {} as Asked),
  },
  {
    name: 'a record longer than the rest',
    obvious: false,
    lie: (good, { message }) => patched(questionEnd(message) + 10, 0xff, 0xff)(good, {} as Asked),
  },
  {
    name: 'two OPT records',
    obvious: false,
    lie: (_good, { message }) => answerTo(message, { answers: [a('a.example', '198.51.100.66')], additionals: [OPT] }),
  },
  {
    name: 'an address of another name',
    obvious: false,
    lie: (_good, { message }) => answerTo(message, { answers: [a('bank.example', '198.51.100.66')] }),
  },
  {
    name: 'an address of another name beside its own',
    obvious: false,
    lie: (_good, { message }) =>
      answerTo(message, {
        answers: [a(message.questions[0]!.name, '198.51.100.66'), a('bank.example', '198.51.100.66')],
      }),
  },
  {
    name: 'an alias that leads elsewhere',
    obvious: false,
    lie: (_good, { message }) =>
      answerTo(message, {
        answers: [
          { kind: 'cname', name: 'b.example', class: 1, ttlSeconds: 60, value: 'bank.example' },
          a('bank.example', '198.51.100.66'),
        ],
      }),
  },
  { name: 'more records than anybody needs', obvious: false, lie: withRecords(600) },
  { name: 'TC, by whatever transport', obvious: false, lie: patched(2, 0x83) },
  { name: 'nothing', obvious: true, lie: () => new Uint8Array(0) },
  { name: 'half a header', obvious: true, lie: (good) => good.subarray(0, 7) },
  { name: 'more than a message can be', obvious: true, lie: () => new Uint8Array(70_000) },
];

function questionEnd(message: DnsMessage): number {
  return encodeMessage({ ...message, additionals: [] }).length;
}

/** A good answer, and before it what the liar sends. */
function liar(lie: Lie, goodAfterMs: number | undefined): Upstream {
  return (asked) => {
    const good = answerTo(asked.message, plain(asked));
    if (asked.probe) return [{ afterMs: 5, payload: good }];
    const bytes = lie(good, asked);
    const reactions: Reaction[] = bytes === undefined ? [] : [{ afterMs: 5, payload: bytes }];
    if (goodAfterMs !== undefined) reactions.push({ afterMs: goodAfterMs, payload: good });
    return reactions;
  };
}

/** A home in which it is known already how fast upstreams are. */
function home(upstreams: readonly Upstream[]): SimulatedHome {
  const made = new SimulatedHome({ upstreams });
  made.run(100);
  return made;
}

// Covers: DNS-15, DNS-04, RFC 5452 9.1, RFC 7873 5.3, RFC 8914 4.24
for (const { name, obvious, lie } of lies) {
  t.test(`DNS-15: an upstream that lies: ${name}`, async (t) => {
    const forged = home([liar(lie, 12)]);
    const before = forged.ask('a.example', { edns: true });
    forged.run(2000);
    if (obvious) {
      t.equal(told(before), 'NOERROR 203.0.113.7/300', 'the right answer is waited for');
      t.equal(before.ms, 12, 'and the lie changes nothing');
    }
    const other = home([liar(lie, undefined), resolver(30)]);
    const saved = other.ask('a.example', { edns: true });
    other.run(2000);
    t.equal(told(saved), 'NOERROR 203.0.113.7/300', 'another upstream helps out');
    t.ok(saved.ms <= 100, `${saved.ms} ms`);
    const alone = home([liar(lie, undefined)]);
    const lost = alone.ask('a.example', { edns: true });
    alone.run(2000);
    // The case of letters matters where anybody can forge, and not on a connection.
    t.match(told(lost), name.includes('case') ? /^NOERROR 203/ : /^SERVFAIL ede (22|24)$/);
    for (const made of [forged, other, alone]) {
      for (const ticket of made.tickets) t.notMatch(told(ticket), '198.51', 'nobody hears the lie');
      t.notMatch(told(made.ask('bank.example')), '198.51');
      made.run(10_000);
      t.equal(made.forwarder.statistics().pending, 0);
    }
    if (name.includes('case'))
      t.ok(
        alone.asked.some(({ stream }) => stream),
        'a connection was tried',
      );
  });
}

t.test('DNS-15: duplicates, late answers and answers for others change nothing', async (t) => {
  const made = home([
    (asked) => [5, 5, 6, 300].map((afterMs) => ({ afterMs, payload: answerTo(asked.message, plain(asked)) })),
  ]);
  const [first, second] = [made.ask('a.example'), made.ask('b.example')];
  const { exchange } = made.asked[0]!;
  made.handle({
    kind: 'answer',
    exchange: made.asked[1]!.exchange,
    payload: answerTo(made.asked[0]!.message, { answers: [a('a.example', '198.51.100.66')] }),
  });
  made.handle({ kind: 'answer', exchange: 99, payload: new Uint8Array(30) });
  made.handle({ kind: 'failed', exchange: 99, reason: 'closed' });
  made.handle({ kind: 'answer', exchange: -1, payload: new Uint8Array(30) });
  made.handle({ kind: 'gone', asker: 4711 });
  made.run(50);
  t.same([first, second].map(told), ['NOERROR 203.0.113.7/300', 'NOERROR 203.0.113.7/300']);
  made.handle({
    kind: 'answer',
    exchange,
    payload: answerTo(made.asked[0]!.message, { answers: [a('a.example', '198.51.100.66')] }),
  });
  made.handle({ kind: 'failed', exchange, reason: 'closed' });
  t.equal(told(made.ask('a.example')), 'NOERROR 203.0.113.7/300');
});

t.test('aliases in any order, and those of a DNAME record, lead to the answer', async (t) => {
  const made = home([
    resolver(5, ({ message: { questions } }) => ({
      answers: [
        a('d.example', '203.0.113.7', 60),
        { kind: 'cname', name: 'c.example', class: 1, ttlSeconds: 60, value: 'd.example' },
        { kind: 'cname', name: 'b.example', class: 1, ttlSeconds: 60, value: 'c.example' },
        { kind: 'cname', name: questions[0]!.name, class: 1, ttlSeconds: 60, value: 'b.example' },
        { kind: 'raw', name: 'example', type: RecordType.dname, class: 1, ttlSeconds: 60, data: Uint8Array.of(0) },
      ],
    })),
  ]);
  const ticket = made.ask('a.example');
  made.run(100);
  t.equal(told(ticket), 'NOERROR 203.0.113.7/60 cname cname cname dname');
});

t.test('CNAME records in a circle do not hold anybody up', async (t) => {
  const made = home([
    resolver(5, ({ message }) => ({
      answers: [
        { kind: 'cname', name: message.questions[0]!.name, class: 1, ttlSeconds: 60, value: 'b.example' },
        { kind: 'cname', name: 'b.example', class: 1, ttlSeconds: 60, value: message.questions[0]!.name },
      ],
    })),
  ]);
  const ticket = made.ask('a.example');
  made.run(100);
  t.equal(told(ticket), 'NOERROR cname cname', 'the asker may see for himself');
});

t.test('DNS-04, DNS-15: whatever comes, the engine neither throws nor waits', async (t) => {
  const random = seeded(99);
  const below = (n: number): number => random() % n;
  const mutate = (good: Uint8Array): Uint8Array => {
    const bytes = good.slice();
    // Half of them keep id and question, so that what follows is looked at.
    const from = below(2) * 12;
    for (let i = 1 + below(4); i > 0; i--) bytes[from + below(bytes.length - from)] = random();
    return below(4) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
  };
  const made = home([
    (asked) =>
      Array.from({ length: 1 + below(3) }, () => ({
        afterMs: below(30),
        payload: mutate(answerTo(asked.message, plain(asked))),
      })),
  ]);
  let slow = 0;
  for (let i = 0; i < 3000; i++) {
    const query = encodeMessage({ ...made.ask(`n${below(500)}.example`, { dnssecOk: below(2) === 0 }).query });
    made.sendBytes(mutate(query), made.tickets[0]!.query);
    made.run(below(20));
  }
  made.run(2000);
  for (const ticket of made.tickets) {
    if (ticket.bytes === undefined || ticket.ms > 2000) slow++;
  }
  t.equal(slow, 0);
  made.run(10_000);
  t.equal(made.forwarder.statistics().pending, 0);
  t.ok(made.cache.statistics.capacityBytes <= 1 << 20);
});

/** One address for each name and flavour: an answer that got to the wrong place shows. */
function addressOf(name: string, flavour: number): string {
  let hash = flavour;
  for (const octet of name) hash = (hash * 31 + octet.charCodeAt(0)) & 0xffff;
  return `203.0.${hash >> 8}.${hash & 255}`;
}

/** An upstream that loses, repeats, delays and reorders, dies and comes back. */
function unreliable(random: () => number, clock: () => number): Upstream {
  const chance = (percent: number): boolean => random() % 100 < percent;
  const loss = random() % 31;
  const meanMs = 1 + (random() % 60);
  const downFrom = random() % 20_000;
  const downMs = chance(50) ? random() % 8000 : 0;
  return ({ message, name, stream }) => {
    const now = clock() - 1000;
    if ((now >= downFrom && now < downFrom + downMs) || (!stream && chance(loss))) return [];
    if (chance(1)) return [{ afterMs: 1, failed: 'unreachable' }];
    const opt = message.additionals[0];
    const flavour =
      (opt?.kind === 'opt' && opt.flags !== 0 ? 1 : 0) + ((message.flags & HeaderFlag.checkingDisabled) !== 0 ? 2 : 0);
    const ttl = [0, 5, 60][random() % 3];
    const cut = !stream && chance(3);
    const answers = cut ? [] : [a(message.questions[0]!.name, addressOf(name, flavour), ttl)];
    const payload = answerTo(message, {
      answers,
      flags: cut ? HeaderFlag.truncated : 0,
      ...(chance(2) ? { rcode: 2 } : {}),
    });
    const times = chance(5) ? 2 : 1;
    // The id, or the name asked for.
    const at = [0, 1, 13, 14][random() % 4];
    return Array.from({ length: times }, () => {
      const afterMs = chance(3) ? 5000 : 1 + (random() % (2 * meanMs));
      return {
        afterMs,
        payload: chance(2) ? payload.map((octet, i) => (i === at ? octet ^ 1 : octet)) : payload,
      };
    });
  };
}

t.test(
  'DNS-04, DNS-12, DNS-13: 200 homes with bad luck: an answer within 2 s for everyone, and the right one',
  async (t) => {
    let answered = 0;
    let failed = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      let made: SimulatedHome;
      const count = 1 + (random() % 4);
      const upstreams = Array.from({ length: count }, () => unreliable(random, () => made.now));
      made = new SimulatedHome({ upstreams, seed });
      const wanted: { ticket: ReturnType<SimulatedHome['ask']>; address: string }[] = [];
      for (let i = 0; i < 60; i++) {
        const name = `N${random() % 15}.example`;
        const [dnssecOk, unchecked] = [random() % 4 === 0, random() % 8 === 0];
        const flags = HeaderFlag.recursionDesired | (unchecked ? HeaderFlag.checkingDisabled : 0);
        const query: Query = { flags, dnssecOk, source: random() % 5, transport: random() % 5 === 0 ? 'tcp' : 'udp' };
        wanted.push({
          ticket: made.ask(name, query),
          address: addressOf(name.toLowerCase(), (dnssecOk ? 1 : 0) + (unchecked ? 2 : 0)),
        });
        made.run(random() % 800);
      }
      made.run(2000);
      for (const { ticket, address } of wanted) {
        const outcome = told(ticket);
        if (ticket.ms > 2000 || ticket.bytes === undefined) t.fail(`seed ${seed}: ${outcome} after ${ticket.ms}`);
        if (outcome.startsWith('NOERROR')) {
          answered++;
          if (!outcome.includes(address)) t.fail(`seed ${seed}: ${outcome} instead of ${address}`);
        } else failed++;
      }
      made.run(20_000);
      if (made.forwarder.statistics().pending > 0) t.fail(`seed ${seed}: questions are left`);
      if (made.open.size > 40) t.fail(`seed ${seed}: ${made.open.size} exchanges are left`);
    }
    t.ok(failed < answered / 20, `${answered} answers, ${failed} failures`);
  },
);

t.test('DNS-04: of two upstreams that lose one in three, nobody notices', async (t) => {
  const random = seeded(4);
  const lossy: Upstream = (asked) => (random() % 3 === 0 ? [] : resolver(10)(asked));
  const made = home([lossy, lossy]);
  for (let i = 0; i < 500; i++) {
    made.ask(`n${i}.example`);
    made.run(20);
  }
  made.run(2000);
  const times = made.tickets.map(({ ms }) => ms).sort((x, y) => x - y);
  const good = made.tickets.filter((ticket) => told(ticket).startsWith('NOERROR')).length;
  t.ok(good >= 498, `${good} of 500`);
  t.ok(times[435]! <= 100, `7 of 8 within ${times[435]} ms`);
  t.ok(times[475]! <= 500, `19 of 20 within ${times[475]} ms`);
});
