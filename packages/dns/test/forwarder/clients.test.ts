import { encodeUtf8, fromHex, toHex } from '@router7/wire';
import t from 'tap';
import {
  BlockList,
  type DnsMessage,
  decodeMessage,
  type EdnsOption,
  ednsOptionOf,
  encodeMessage,
  HeaderFlag,
  LocalAnswers,
  NO_LOCAL_DATA,
  optRecordOf,
  RecordType,
} from '../../src/index.ts';
import { a, answerTo, plain, queryMessage, resolver, SimulatedHome, told } from './simulated-home.ts';

const RD = HeaderFlag.recursionDesired;
const AD = HeaderFlag.authenticData;
const CD = HeaderFlag.checkingDisabled;
const COOKIE: EdnsOption = { kind: 'raw', code: 10, data: fromHex('0102030405060708') };
const SUBNET: EdnsOption = { kind: 'raw', code: 8, data: fromHex('00011800c63364') };

/** A home with one fast upstream, whose first probes are over. */
function home(parts: object = {}): SimulatedHome {
  const made = new SimulatedHome({ upstreams: [resolver(10)], ...parts });
  made.run(100);
  return made;
}

/** What is told at once, or after the upstream was asked. */
function toldSoon(made: SimulatedHome, name: string, query: object = {}): string {
  const ticket = made.ask(name, query);
  made.run(50);
  return told(ticket);
}

t.test(
  'DNS-18, DNS-29, DNS-14: questions that are answered without anybody else (RFC 8482 4.2, RFC 9619 4)',
  async (t) => {
    const made = home();
    const bare = (change: (message: DnsMessage) => Uint8Array): string => {
      const query = queryMessage(77, 'example.com');
      return told(made.sendBytes(change(query), query));
    };
    t.equal(told(made.ask('example.com', { type: RecordType.any })), 'NOERROR hinfo', 'ANY gets a record of no use');
    t.equal(told(made.ask('version.bind', { type: RecordType.txt, class: 3 })), 'REFUSED');
    t.equal(told(made.ask('id.server', { type: RecordType.txt, class: 3, edns: true })), 'REFUSED');
    t.equal(told(made.ask('example.com', { type: RecordType.axfr })), 'REFUSED');
    t.equal(told(made.ask('example.com', { type: RecordType.ixfr })), 'REFUSED');
    for (const count of [0, 2, 0xffff]) {
      const shown = bare((query) => {
        const bytes = encodeMessage(query);
        bytes.set([count >>> 8, count & 0xff], 4);
        return bytes;
      });
      t.equal(shown, 'FORMERR', `QDCOUNT ${count}`);
    }
    t.equal(
      bare((query) => encodeMessage(query).subarray(0, 20)),
      'FORMERR',
      'cut off',
    );
    t.equal(
      bare((query) => Uint8Array.of(...encodeMessage(query), 0)),
      'FORMERR',
      'octets left over',
    );
    t.equal(
      bare((query) => encodeMessage({ ...query, flags: 0x8000 })),
      'dropped',
      'a response',
    );
    t.equal(
      bare((query) => encodeMessage(query).subarray(0, 11)),
      'dropped',
      'no header',
    );
    t.equal(
      bare((query) => encodeMessage({ ...query, flags: 6 << 11 })),
      'NOTIMP',
      'DSO',
    );
    const badVersion = queryMessage(1, 'example.com', { edns: true });
    const opt = { ...(optRecordOf(badVersion) as object), version: 1 } as never;
    t.equal(told(made.send({ ...badVersion, additionals: [opt] })), 'BADVERS', 'RFC 6891 6.1.3');
    t.equal(made.asked.length, 0, 'nobody was asked');
    t.same(made.forwarder.statistics().answers, {
      ...{ local: 1, cached: 0, stale: 0, forwarded: 0, blocked: 0, failed: 0 },
      ...{ refused: 11, limited: 0, dropped: 2 },
    });
  },
);

t.test('DNS-16: an OPT record of our own, up and down (RFC 6891 6.2.6, RFC 9715 3.1)', async (t) => {
  const made = home();
  const ticket = made.ask('example.com', {
    udpSize: 4096,
    options: [
      COOKIE,
      { kind: 'raw', code: 12, data: new Uint8Array(30) },
      { kind: 'raw', code: 65001, data: fromHex('aa') },
      SUBNET,
    ],
  });
  made.run(50);
  const opt = optRecordOf(made.asked[0]!.message)!;
  t.equal(opt.udpPayloadSize, 1232);
  t.equal(opt.flags, 0, 'DO as the client has it');
  t.same(
    opt.options.map(({ kind }) => kind),
    ['cookie'],
    'only our own cookie goes on: no padding, no subnet, nothing unknown',
  );
  t.notOk(toHex(made.asked[0]!.payload).includes('0102030405060708'), 'and it is not the client`s');
  const down = optRecordOf(SimulatedHome.responseOf(ticket))!;
  t.equal(down.udpPayloadSize, 1232);
  t.same(
    down.options.map(({ kind }) => kind),
    ['cookie'],
  );
  const plainTicket = made.ask('example.com');
  t.equal(optRecordOf(SimulatedHome.responseOf(plainTicket)), undefined, 'no OPT for who has sent none');
});

t.test('DNS-29: no identity is told (RFC 5001), and keepalive over TCP only (RFC 7828 3.2.2)', async (t) => {
  const made = home();
  const options: EdnsOption[] = [{ kind: 'nsid', value: new Uint8Array(0) }];
  toldSoon(made, 'example.com', { options });
  const udp = SimulatedHome.responseOf(made.ask('example.com', { options }));
  t.same(optRecordOf(udp)?.options, []);
  const tcp = SimulatedHome.responseOf(made.ask('example.com', { options, transport: 'tcp' }));
  made.configure({ identity: encodeUtf8('router7') });
  t.same(ednsOptionOf(SimulatedHome.responseOf(made.ask('example.com', { options })), 'nsid'), encodeUtf8('router7'));
  t.equal(ednsOptionOf(SimulatedHome.responseOf(made.ask('example.com', { edns: true })), 'nsid'), undefined);
  t.equal(ednsOptionOf(tcp, 'tcpKeepalive'), 100);
});

t.test('DNS-15: clients with a cookie get one (RFC 7873 5.2.3)', async (t) => {
  const made = home();
  const cookieOf = (ticket: ReturnType<SimulatedHome['ask']>): string | undefined => {
    const value = ednsOptionOf(SimulatedHome.responseOf(ticket), 'cookie');
    return value === undefined ? undefined : toHex(value.client) + toHex(value.server ?? new Uint8Array(0));
  };
  const first = made.ask('example.com', { options: [COOKIE] });
  made.run(50);
  t.match(cookieOf(first), /^010203040506070801000000[0-9a-f]{24}$/);
  const cached = cookieOf(made.ask('example.com', { options: [COOKIE] }));
  t.equal(cached, cookieOf(first), 'the same client, the same second');
  t.not(cookieOf(made.ask('example.com', { options: [COOKIE], source: 5 })), cached, 'another client');
  const old: EdnsOption = { kind: 'raw', code: 10, data: fromHex('0102030405060708ffffffffffffffff') };
  t.equal(cookieOf(made.ask('example.com', { options: [old] })), cached, 'a bad one is answered with a good one');
  t.equal(
    told(made.ask('example.com', { options: [{ kind: 'raw', code: 10, data: fromHex('01020304') }] })),
    'FORMERR',
  );
  made.configure({ cookies: false });
  t.equal(cookieOf(made.ask('example.com', { options: [COOKIE] })), undefined);
});

t.test('DNS-21: DO, AD and CD go through, and one flavour is never told to another (RFC 6840 5.7, 5.8)', async (t) => {
  const upstream = resolver(10, (asked) => {
    const { message, name } = asked;
    const signed = (optRecordOf(message)?.flags ?? 0) !== 0;
    const unchecked = (message.flags & CD) !== 0;
    // The address tells which flavour was asked for.
    return { flags: unchecked ? 0 : AD, answers: [a(name, `203.0.113.${(signed ? 1 : 0) + (unchecked ? 2 : 0)}`)] };
  });
  const made = home({ upstreams: [upstream] });
  const rows = [
    { query: {}, answer: 'NOERROR 203.0.113.0/300' },
    { query: { flags: RD | AD }, answer: 'NOERROR AD 203.0.113.0/300' },
    { query: { edns: true }, answer: 'NOERROR 203.0.113.0/300' },
    { query: { dnssecOk: true }, answer: 'NOERROR AD 203.0.113.1/300' },
    { query: { flags: RD | CD }, answer: 'NOERROR 203.0.113.2/300' },
    { query: { flags: RD | CD | AD, dnssecOk: true }, answer: 'NOERROR 203.0.113.3/300' },
  ];
  for (const when of ['from upstream', 'from the cache']) {
    for (const { query, answer } of rows) {
      const ticket = made.ask('example.com', query);
      made.run(50);
      t.equal(told(ticket), answer, `${when}: ${JSON.stringify(query)}`);
      const flags = SimulatedHome.responseOf(ticket).flags;
      t.equal(flags & (CD | RD), ((query as { flags?: number }).flags ?? RD) & (CD | RD), 'RD and CD are repeated');
      if ('dnssecOk' in query) t.equal(optRecordOf(SimulatedHome.responseOf(ticket))?.flags, 0x8000, 'RFC 3225 3');
    }
  }
  t.equal(made.asked.length, 4);
  t.ok(
    made.asked.every(({ message }) => (message.flags & AD) !== 0),
    'AD says that we understand AD',
  );
  const unstored = home({
    upstreams: [resolver(10, ({ name }) => ({ flags: AD, answers: [a(name, '203.0.113.1', 0)] }))],
  });
  t.equal(toldSoon(unstored, 'example.com'), 'NOERROR 203.0.113.1/0', 'no AD for who does not know it');
  t.equal(toldSoon(unstored, 'example.com', { flags: RD | AD }), 'NOERROR AD 203.0.113.1/0');
  // In flight at the same time: not joined either.
  const together = [{}, { dnssecOk: true }, { flags: RD | CD }].map((query) => made.ask('other.example', query));
  made.run(50);
  t.same(together.map(told), ['NOERROR 203.0.113.0/300', 'NOERROR AD 203.0.113.1/300', 'NOERROR 203.0.113.2/300']);
});

t.test('DNS-05: nobody gets more than he takes (RFC 6891 6.2.5, RFC 9715 3.1)', async (t) => {
  const many = resolver(10, ({ message }) => ({
    answers: Array.from({ length: 40 }, (_, i) => a(message.questions[0]!.name, `203.0.113.${i}`)),
  }));
  for (const ttl of ['stored', 'not stored']) {
    const upstream =
      ttl === 'stored'
        ? many
        : resolver(10, ({ message }) => ({
            answers: Array.from({ length: 40 }, (_, i) => a(message.questions[0]!.name, `203.0.113.${i}`, 0)),
          }));
    const made = home({ upstreams: [upstream] });
    const rows = [
      { query: {}, size: 512, whole: false },
      { query: { udpSize: 100 }, size: 512, whole: false },
      { query: { udpSize: 600 }, size: 600, whole: false },
      { query: { udpSize: 700 }, size: 700, whole: true },
      { query: { udpSize: 65535, options: [COOKIE] }, size: 1232, whole: true },
      { query: { transport: 'tcp' as const }, size: 65535, whole: true },
    ];
    for (const { query, size, whole } of rows) {
      const ticket = made.ask('many.example', query);
      made.run(50);
      const response = SimulatedHome.responseOf(ticket);
      t.ok(ticket.bytes!.length <= size, `${ttl}, ${JSON.stringify(query)}: ${ticket.bytes!.length}`);
      t.equal((response.flags & HeaderFlag.truncated) === 0, whole);
      t.equal(response.answers.length, whole ? 40 : 0);
    }
  }
  const huge = home({
    upstreams: [
      resolver(10, ({ message }) => ({
        answers: Array.from({ length: 100 }, (_, i) => a(message.questions[0]!.name, `203.0.113.${i}`)),
      })),
    ],
  });
  t.equal(toldSoon(huge, 'huge.example', { udpSize: 65535 }), 'NOERROR TC', 'never more than 1232 over UDP');
});

t.test('DNS-14, RFC 5625 4.1: what is not known goes through as it is', async (t) => {
  const made = home({
    upstreams: [
      (asked: Parameters<ReturnType<typeof resolver>>[0]) => [
        { afterMs: 10, payload: answerTo(asked.message, { ...plain(asked), edns: false }) },
      ],
    ],
  });
  const tsig: DnsMessage['additionals'][number] = {
    ...{ kind: 'raw', name: 'key', type: RecordType.tsig, class: 255, ttlSeconds: 0 },
    data: Uint8Array.of(0, ...new Uint8Array(16)),
  };
  const rows: readonly [string, DnsMessage][] = [
    ['signed', { ...queryMessage(1, 'example.com'), additionals: [tsig] }],
    ['no recursion', queryMessage(2, 'example.com', { flags: 0 })],
    ['NOTIFY', queryMessage(3, 'example.com', { flags: 4 << 11, type: RecordType.soa })],
    [
      'UPDATE',
      {
        ...queryMessage(4, 'example.com', { flags: 5 << 11, type: RecordType.soa }),
        authorities: [a('x.example.com')],
      },
    ],
    ['opcode 15', queryMessage(5, 'example.com', { flags: 15 << 11 })],
  ];
  for (const [name, query] of rows) {
    for (const turn of [1, 2]) {
      const before = made.asked.length;
      const ticket = made.send(query, { transport: turn === 1 ? 'udp' : 'tcp' });
      made.run(50);
      t.equal(made.asked.length, before + 1, `${name}: not from the cache, and once`);
      const asked = made.asked[before]!;
      t.equal(asked.stream, turn === 2, 'by a connection when the client came by one');
      const [sent, came] = [asked.payload.slice(2), encodeMessage(query).subarray(2)];
      t.same(sent, came, `${name}: octet for octet but for the id`);
      const response = decodeMessage(ticket.bytes as Uint8Array);
      t.equal(response.id, query.id);
      t.equal((response.flags >>> 11) & 0xf, (query.flags >>> 11) & 0xf);
    }
  }
  t.equal(made.cache.statistics.entries, 0, 'nothing is stored');
  const unknown = home();
  t.equal(toldSoon(unknown, 'example.com', { type: 65280 }), 'NOERROR');
  t.equal(toldSoon(unknown, 'example.com', { type: 65280, class: 65281 }), 'NOERROR');
  t.equal(unknown.asked.length, 2, 'unknown types and classes are asked like any other');
});

t.test('DNS-31: a client subnet goes on only where it is wanted (RFC 7871 7.1, 7.2.2)', async (t) => {
  const scoped: EdnsOption = { kind: 'raw', code: 8, data: fromHex('00011818c63364') };
  const upstream = resolver(10, (asked) => ({ ...plain(asked), options: [scoped] }));
  const made = home({ upstreams: [upstream], settings: { clientSubnet: true } });
  const first = made.ask('example.com', { options: [SUBNET] });
  made.run(50);
  t.same(toHex(made.asked[0]!.payload).includes('0008000700011800c63364'), true);
  t.ok(toHex(first.bytes as Uint8Array).includes('0008000700011818c63364'), 'with the scope of the answer');
  made.ask('example.com', { options: [SUBNET] });
  made.run(50);
  t.equal(made.asked.length, 2, 'such an answer is not for others');
  toldSoon(made, 'example.com');
  t.notOk(toHex(made.asked[2]!.payload).includes('00080007'), 'and none is made up');
});

t.test('DNS-29: who asks too much is slowed down', async (t) => {
  const made = home({ settings: { rateLimit: { perSecond: 10, burst: 20, forwardedCost: 5 } } });
  toldSoon(made, 'example.com');
  const outcomes = Array.from({ length: 30 }, () => told(made.ask('example.com', { edns: true })));
  const count = (what: string): number => outcomes.filter((outcome) => outcome === what).length;
  t.equal(count('NOERROR 203.0.113.7/300'), 15, 'the question that was forwarded has cost five');
  t.equal(count('dropped'), 8);
  t.equal(count('NOERROR TC'), 7, 'every other time: come by TCP');
  t.equal(told(made.ask('example.com', { transport: 'tcp' })), 'REFUSED');
  t.equal(told(made.ask('example.com', { source: 9 })), 'NOERROR 203.0.113.7/300', 'others do not suffer');
  made.run(200);
  t.equal(told(made.ask('new.example')), 'NOERROR TC', 'two tokens are too few to go on');
  made.run(500);
  t.equal(toldSoon(made, 'new.example'), 'NOERROR 203.0.113.7/300');
});

t.test('DNS-24, DNS-10: blocked names, and names of the home', async (t) => {
  class Blocking extends BlockList {
    names = new Set<string>();
    override blocks(question: { bytes: Uint8Array; start: number; nameLength: number }, group: number): boolean {
      const name = toHex(question.bytes.subarray(question.start + 12, question.start + 12 + question.nameLength));
      return group !== 9 && this.names.has(name);
    }
  }
  const blocks = new Blocking();
  const local = new LocalAnswers();
  local.configure(
    { ...NO_LOCAL_DATA, router: { names: ['router7'], addresses: [Uint8Array.of(192, 168, 1, 1)] } },
    1000,
  );
  const signature = {
    kind: 'raw',
    name: 'key',
    type: RecordType.tsig,
    class: 255,
    ttlSeconds: 0,
    data: new Uint8Array(17),
  } as const;
  const made = home({ blocks, local });
  t.equal(toldSoon(made, 'ads.example'), 'NOERROR 203.0.113.7/300');
  blocks.names.add(toHex(Uint8Array.of(3, ...encodeUtf8('ads'), 7, ...encodeUtf8('example'), 0)));
  t.equal(told(made.ask('ads.example')), 'NOERROR 203.0.113.7/300', 'until it is told');
  blocks.generation++;
  t.equal(told(made.ask('ads.example', { edns: true })), 'NXDOMAIN ede 15', 'RFC 8914 4.16');
  t.equal(toldSoon(made, 'ads.example', { group: 9 }), 'NOERROR 203.0.113.7/300', 'other clients may');
  t.equal(told(made.ask('ads.example', { flags: 0 })), 'NXDOMAIN', 'without recursion as well');
  const disguised = made.send({ ...queryMessage(1, 'ads.example'), additionals: [signature] });
  t.equal(told(disguised), 'NXDOMAIN', 'with something like a signature as well');
  made.configure({ blockAnswer: 'null' });
  t.equal(told(made.ask('ads.example', { edns: true })), 'NOERROR 0.0.0.0/60 ede 15');
  t.equal(told(made.ask('ads.example', { type: RecordType.aaaa })), 'NOERROR ::/60');
  t.equal(told(made.ask('ads.example', { type: RecordType.https })), 'NOERROR');
  made.configure({});
  blocks.names.clear();
  blocks.generation++;
  t.equal(told(made.ask('ads.example')), 'NOERROR 203.0.113.7/300', 'what is not blocked any more is still there');
  for (const query of [{}, { flags: 0 }, {}]) {
    const ticket = made.ask('router7.lan', { edns: true, ...query });
    t.match(told(ticket), 'NOERROR 192.168.1.1');
    t.not(SimulatedHome.responseOf(ticket).flags & HeaderFlag.authoritative, 0);
  }
  local.configure(
    { ...NO_LOCAL_DATA, router: { names: ['router7'], addresses: [Uint8Array.of(192, 168, 1, 2)] } },
    made.now,
  );
  t.match(told(made.ask('router7.lan')), 'NOERROR 192.168.1.2', 'news count at once');
  const record = { name: 'ads.example', type: 1, data: Uint8Array.of(192, 168, 1, 3), ttlSeconds: 60 };
  local.configure({ ...NO_LOCAL_DATA, records: [record] }, made.now);
  t.match(told(made.ask('ads.example')), 'NOERROR 192.168.1.3', 'even of a name that an upstream has answered');
  t.match(told(made.ask('ads.example')), 'NOERROR 192.168.1.3');
  t.equal(made.asked.filter(({ name }) => name.includes('router7')).length, 0);
  made.send({ ...queryMessage(1, 'router7.lan'), additionals: [signature] });
  t.equal(made.asked.at(-1)?.name, 'router7.lan', 'what is signed is for who has the key');
});

t.test('DNS-22: public names do not lead into the home', async (t) => {
  const upstream = resolver(10, ({ message }) => ({
    answers: [a(message.questions[0]!.name), a(message.questions[0]!.name, '192.168.1.1')],
  }));
  const suffix = (text: string): Uint8Array => Uint8Array.of(text.length, ...encodeUtf8(text), 0);
  const made = home({
    upstreams: [upstream],
    settings: { domains: [{ suffix: suffix('corp'), upstreams: [0] }], rebindAllow: [suffix('plex')] },
  });
  t.equal(toldSoon(made, 'Evil.example', { edns: true }), 'NOERROR ede 15');
  t.equal(toldSoon(made, 'evil.example'), 'NOERROR', 'again: nothing of it was stored');
  t.match(made.events[0], { kind: 'event', event: 'rebind-blocked' });
  t.match(toldSoon(made, 'x.plex'), '192.168.1.1', 'allowed');
  t.match(toldSoon(made, 'host.corp'), '192.168.1.1', 'from the upstream of a domain');
  made.configure({ rebindProtection: false });
  t.match(toldSoon(made, 'evil.example'), '192.168.1.1');
  const hint = home({
    upstreams: [
      resolver(10, ({ message }) => ({
        answers: [
          {
            ...{ kind: 'raw', name: message.questions[0]!.name, type: RecordType.https, class: 1, ttlSeconds: 60 },
            data: fromHex('00010000040004c0a80101'),
          },
        ],
      })),
    ],
  });
  t.equal(toldSoon(hint, 'evil.example', { type: RecordType.https, edns: true }), 'NOERROR ede 15', 'hints count too');
});

t.test('a client that is gone is not told', async (t) => {
  const made = home();
  made.ask('example.com');
  made.handle({ kind: 'gone', asker: 0 });
  made.run(100);
  t.equal(made.tickets[0]!.bytes, undefined);
  t.equal(told(made.ask('example.com')), 'NOERROR 203.0.113.7/300', 'the answer is stored');
});
