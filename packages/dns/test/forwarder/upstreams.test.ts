import { fromHex, toHex } from '@router7/wire';
import t from 'tap';
import { type EdnsOption, ExtendedError, encodeMessage, HeaderFlag, optRecordOf, Rcode } from '../../src/index.ts';
import {
  type Asked,
  a,
  answerTo,
  dead,
  plain,
  resolver,
  SimulatedHome,
  told,
  type Upstream,
} from './simulated-home.ts';

/** A home whose first probes are over. */
function home(upstreams: readonly Upstream[], settings: object = {}): SimulatedHome {
  const made = new SimulatedHome({ upstreams, settings });
  made.run(3000);
  return made;
}

/** Asks for so many names, one each 20 ms, and says how often each upstream was asked. */
function asksOf(made: SimulatedHome, count: number, prefix: string): number[] {
  const before = made.asked.length;
  for (let i = 0; i < count; i++) {
    made.ask(`${prefix}${i}.example`);
    made.run(20);
  }
  made.run(3000);
  const asks = made.upstreams.map(() => 0);
  for (const { upstream } of made.asked.slice(before)) asks[upstream]!++;
  return asks;
}

/** An upstream whose ways can be changed. */
function changing(first: Upstream): { upstream: Upstream; now: Upstream } {
  const it = { now: first, upstream: (asked: Asked) => it.now(asked) };
  return it;
}

function upstreamsOf(made: SimulatedHome) {
  return made.forwarder.statistics().upstreams;
}

t.test('DNS-03: the fastest upstream is asked, and others are probed every 10 s', async (t) => {
  const made = home([resolver(30), resolver(10), resolver(50)]);
  t.same(asksOf(made, 50, 'a'), [0, 50, 0]);
  const from = made.now;
  const before = made.probes.length;
  made.run(60_000);
  for (const upstream of [0, 1, 2]) {
    const probes = made.probes.slice(before).filter((probe) => probe.upstream === upstream);
    t.ok(probes.length >= 5 && probes.length <= 7, `${probes.length} probes of ${upstream} in ${made.now - from} ms`);
  }
  t.ok(upstreamsOf(made)[1]!.smoothedMs > 9 && upstreamsOf(made)[1]!.smoothedMs < 11);
  const histogram = upstreamsOf(made)[1]!.rttBuckets;
  t.equal(histogram[4], upstreamsOf(made)[1]!.answered, 'between 8 and 16 ms');
});

t.test('DNS-03: one that becomes slow is left, one that becomes fast is found', async (t) => {
  const second = changing(resolver(20));
  const first = changing(resolver(10));
  const made = home([first.upstream, second.upstream]);
  t.same(asksOf(made, 20, 'a'), [20, 0]);
  first.now = resolver(300);
  const moving = asksOf(made, 30, 'b');
  t.ok((moving[0] as number) < 12, `asked ${moving} while it was found out`);
  t.same(asksOf(made, 20, 'c'), [0, 20]);
  first.now = resolver(1);
  made.run(240_000);
  t.same(asksOf(made, 20, 'd'), [20, 0], 'probes have shown that it is fast again');
  t.ok(made.tickets.every((ticket) => ticket.ms < 400));
});

t.test('DNS-03: a question is hedged after a quantile of the upstream`s times', async (t) => {
  const slow = changing(resolver(10));
  const made = home([slow.upstream, resolver(15)]);
  asksOf(made, 200, 'a');
  slow.now = (asked) => (asked.name === 'late.example' ? [] : resolver(10)(asked));
  const ticket = made.ask('late.example');
  made.run(100);
  t.equal(told(ticket), 'NOERROR 203.0.113.7/300');
  t.ok(ticket.ms >= 30 && ticket.ms < 50, `${ticket.ms} ms: 20 and the other one's 15`);
  t.same(
    made.asked.slice(-2).map(({ upstream }) => upstream),
    [0, 1],
  );
});

t.test('DNS-03: an upstream that is slow now and then is waited for', async (t) => {
  let turn = 0;
  const made = home([(asked) => resolver(++turn % 5 === 0 ? 100 : 10)(asked), resolver(150)]);
  asksOf(made, 100, 'a');
  const [first, second] = asksOf(made, 200, 'b');
  t.ok((first as number) >= 195 && (second as number) <= 30, `${first} and ${second} questions`);
});

t.test('DNS-03, DNS-04: failover when an upstream dies, and recovery', async (t) => {
  const first = changing(resolver(10));
  const made = home([first.upstream, resolver(30)]);
  first.now = dead;
  asksOf(made, 20, 'a');
  made.run(30_000);
  t.same(made.events, [{ kind: 'event', event: 'upstream-down', upstream: 0 }]);
  t.equal(upstreamsOf(made)[0]!.up, false);
  t.same(asksOf(made, 20, 'b'), [0, 20]);
  t.ok(
    made.tickets.every((ticket) => ticket.ms <= 300),
    `${Math.max(...made.tickets.map(({ ms }) => ms))} ms at most`,
  );
  first.now = resolver(10);
  made.run(600);
  t.same(made.events[1], { kind: 'event', event: 'upstream-up', upstream: 0 }, 'found within 600 ms');
  t.same(asksOf(made, 20, 'c'), [20, 0]);
});

t.test('DNS-04: a transport that fails is not waited for', async (t) => {
  const refused: Upstream = () => [{ afterMs: 1, failed: 'refused' }];
  const made = home([refused, resolver(10)]);
  made.run(5000);
  const ticket = made.ask('example.com');
  made.run(40);
  t.equal(told(ticket), 'NOERROR 203.0.113.7/300');
  const all = home([refused, refused]);
  const failed = all.ask('example.com', { edns: true });
  all.run(40);
  t.equal(told(failed), 'SERVFAIL ede 23');
  t.ok(failed.ms <= 10, 'no use in waiting');
  const busy = home([resolver(10)]);
  busy.upstreams[0] = () => [{ afterMs: 1, failed: 'busy' }];
  for (let i = 0; i < 10; i++) busy.ask(`${i}.example`);
  busy.run(2000);
  t.equal(upstreamsOf(busy)[0]!.up, true, 'no socket here says nothing of the upstream');
});

t.test('DNS-05: TC is asked again by a connection (RFC 7766 5, RFC 5966)', async (t) => {
  const upstream: Upstream = (asked) => {
    const flags = asked.stream || asked.probe ? 0 : HeaderFlag.truncated;
    const answers = asked.stream ? [a(asked.message.questions[0]!.name)] : [];
    return [{ afterMs: 10, payload: answerTo(asked.message, { flags, answers }) }];
  };
  const made = home([upstream, upstream]);
  const ticket = made.ask('example.com');
  made.run(100);
  t.equal(told(ticket), 'NOERROR 203.0.113.7/300');
  t.same(
    made.asked.map(({ stream }) => stream),
    [false, true],
  );
  t.equal(made.asked[0]!.upstream, made.asked[1]!.upstream);
  t.equal(optRecordOf(made.asked[1]!.message)?.options.length, 0, 'no cookie: the connection proves enough');
  const cut: Upstream = (asked) => {
    const payload = answerTo(asked.message, { flags: HeaderFlag.truncated, answers: [a('example.com')] });
    return asked.stream || asked.probe ? upstream(asked) : [{ afterMs: 10, payload: payload.subarray(0, -20) }];
  };
  const cutHome = home([cut]);
  const cutTicket = cutHome.ask('example.com');
  cutHome.run(100);
  t.equal(told(cutTicket), 'NOERROR 203.0.113.7/300', 'cut off in the middle of a record');
});

t.test('DNS-14: other upstreams are asked when one is no help', async (t) => {
  const errors = [Rcode.servFail, Rcode.refused, Rcode.notImp, Rcode.formErr];
  for (const rcode of errors) {
    const made = home([resolver(5, (asked) => (asked.probe ? plain(asked) : { rcode })), resolver(20)]);
    const ticket = made.ask('example.com');
    made.run(200);
    t.equal(told(ticket), 'NOERROR 203.0.113.7/300', `rcode ${rcode}`);
    t.equal(ticket.ms, 25, 'at once');
    const alone = home([resolver(5, () => ({ rcode, options: [{ kind: 'raw', code: 15, data: fromHex('0011') }] }))]);
    const error = alone.ask('example.com', { edns: true });
    alone.run(200);
    t.match(told(error), / ede 17$/, 'the error and its reason go through');
    t.match(told(error), ['SERVFAIL', 'REFUSED', 'NOTIMP', 'FORMERR'][errors.indexOf(rcode)]!);
  }
  const referral = resolver(5, (asked) => {
    if (asked.probe) return plain(asked);
    return { authorities: [{ kind: 'ns', name: 'com', class: 1, ttlSeconds: 60, value: 'ns.example' }] };
  });
  const lame: Upstream = (asked) => {
    const [reaction] = referral(asked) as { afterMs: number; payload: Uint8Array }[];
    reaction!.payload[3]! &= 0x7f;
    return [reaction!];
  };
  const made = home([lame, resolver(20)]);
  const ticket = made.ask('example.com');
  made.run(100);
  t.equal(told(ticket), 'NOERROR 203.0.113.7/300', 'a server that does not recurse');
});

t.test('DNS-21: who has validated has the last word (RFC 8914 4.7)', async (t) => {
  const bogus = resolver(5, (asked) =>
    asked.probe
      ? plain(asked)
      : {
          rcode: Rcode.servFail,
          options: [{ kind: 'raw', code: 15, data: Uint8Array.of(0, ExtendedError.dnssecBogus) }],
        },
  );
  const made = home([bogus, resolver(20)]);
  const ticket = made.ask('example.com', { edns: true });
  made.run(100);
  t.equal(told(ticket), 'SERVFAIL ede 6');
  t.equal(made.asked.length, 1);
  t.equal(told(made.ask('example.com', { edns: true })), 'SERVFAIL ede 6', 'remembered with its reason');
});

t.test('DNS-16: an upstream without EDNS is asked without (RFC 6891 7)', async (t) => {
  const old: Upstream = (asked) => {
    const edns = optRecordOf(asked.message) !== undefined;
    const parts = edns ? { rcode: Rcode.formErr, edns: false } : { ...plain(asked), edns: false };
    return [{ afterMs: 10, payload: answerTo(asked.message, parts) }];
  };
  const made = home([old]);
  const tickets = ['a.example', 'b.example'].map((name) => {
    const ticket = made.ask(name, { edns: true });
    made.run(100);
    return ticket;
  });
  t.same(tickets.map(told), ['NOERROR 203.0.113.7/300', 'NOERROR 203.0.113.7/300']);
  t.same(
    made.asked.map(({ message }) => optRecordOf(message) !== undefined),
    [true, false, false],
  );
  const silent: Upstream = (asked) => {
    if (asked.probe) return resolver(10)(asked);
    const query = encodeMessage({ ...asked.message, questions: [], additionals: [] });
    query[2]! |= 0x80;
    query[3] = Rcode.formErr;
    return optRecordOf(asked.message) === undefined ? resolver(10)(asked) : [{ afterMs: 10, payload: query }];
  };
  const header = home([silent]);
  const ticket = header.ask('example.com');
  header.run(100);
  t.equal(told(ticket), 'NOERROR 203.0.113.7/300', 'FORMERR without a question');
});

t.test('DNS-16: a question that is refused in any form takes EDNS from nobody else (RFC 6891 7)', async (t) => {
  const upstream: Upstream = (asked) => {
    const refused = asked.message.questions[0]!.type === 130;
    const parts = refused ? { rcode: Rcode.formErr, edns: false } : plain(asked);
    return [{ afterMs: 10, payload: answerTo(asked.message, parts) }];
  };
  const made = home([upstream]);
  const odd = made.ask('odd.example', { type: 130 });
  made.run(100);
  t.equal(told(odd), 'FORMERR');
  const validating = made.ask('a.example', { edns: true, dnssecOk: true });
  made.run(100);
  t.equal(told(validating), 'NOERROR 203.0.113.7/300');
  t.same(
    made.asked.map(({ message }) => optRecordOf(message)?.flags),
    [0, undefined, 0x8000],
  );
});

t.test('DNS-15: an error with nothing but our own cookie is an error (RFC 7873 5.3)', async (t) => {
  // What unbound makes of types that are no records: the query come back, with FORMERR.
  const upstream: Upstream = ({ payload }) => {
    const error = payload.slice();
    error[2]! |= 0x80;
    error[3]! |= Rcode.formErr;
    return [{ afterMs: 10, payload: error }];
  };
  const made = new SimulatedHome({ upstreams: [upstream] });
  const ticket = made.ask('a.example', { type: 130 });
  made.run(100);
  t.equal(told(ticket), 'FORMERR');
  t.equal(upstreamsOf(made)[0]!.up, true);
});

t.test('DNS-15: cookies upstream (RFC 7873 5.3, 5.4)', async (t) => {
  let strict = true;
  let cookies = true;
  const sent: string[] = [];
  const upstream: Upstream = (asked) => {
    const option = optRecordOf(asked.message)?.options[0];
    const value = option?.kind === 'cookie' ? option.value : undefined;
    if (!asked.probe)
      sent.push(`${asked.stream ? 'tcp' : 'udp'} ${value?.server === undefined ? '-' : toHex(value.server)}`);
    const server = fromHex('aaaaaaaaaaaaaaaa');
    const known = value?.server !== undefined && toHex(value.server) === toHex(server);
    const options: EdnsOption[] =
      cookies && value !== undefined ? [{ kind: 'cookie', value: { client: value.client, server } }] : [];
    const parts = strict && !known && !asked.stream ? { rcode: Rcode.badCookie } : plain(asked);
    return [{ afterMs: 10, payload: answerTo(asked.message, { ...parts, options }) }];
  };
  const made = new SimulatedHome({ upstreams: [upstream] });
  const ask = (name: string): string => {
    const ticket = made.ask(name);
    made.run(100);
    return told(ticket);
  };
  made.run(0);
  t.equal(ask('a.example'), 'NOERROR 203.0.113.7/300');
  t.same(sent.splice(0), ['udp -', 'udp aaaaaaaaaaaaaaaa'], 'BADCOOKIE: again with the cookie that came');
  t.equal(ask('b.example'), 'NOERROR 203.0.113.7/300');
  t.same(sent.splice(0), ['udp aaaaaaaaaaaaaaaa']);
  // The server has done with cookies: an answer without may be forged, the connection tells.
  cookies = strict = false;
  t.equal(ask('c.example'), 'NOERROR 203.0.113.7/300');
  t.same(sent.splice(0), ['udp aaaaaaaaaaaaaaaa', 'tcp -']);
  t.equal(ask('d.example'), 'NOERROR 203.0.113.7/300');
  t.same(sent.splice(0), ['udp -'], 'which settles it');
  const firstCookie = toHex(made.asked.at(-1)!.payload);
  made.configure({});
  ask('e.example');
  const [before, after] = [firstCookie, toHex(made.asked.at(-1)!.payload)].map((text) =>
    text.slice(text.indexOf('000a0008') + 8),
  );
  t.equal(after!.length, 16);
  t.not(before, after, 'another client cookie after a change of the network (RFC 7873 4.1)');
});

t.test('DNS-15: ids and letters are random, and back in the asker`s spelling (RFC 5452 9.2)', async (t) => {
  const made = home([resolver(10)]);
  const tickets = Array.from({ length: 50 }, (_, i) => made.ask(`LongNameWithLetters${i}.Example.COM`));
  made.run(100);
  t.ok(
    tickets.every((ticket) => told(ticket) === 'NOERROR 203.0.113.7/300'),
    'told() compares the spelling',
  );
  t.equal(new Set(made.asked.map(({ payload }) => (payload[0]! << 8) | payload[1]!)).size, 50);
  const spellings = made.asked.map(({ message }) => message.questions[0]!.name.replace(/\d/g, ''));
  t.ok(new Set(spellings).size > 45);
  const lower = home([
    (asked) => {
      const [question] = asked.message.questions;
      const questions = [{ ...question!, name: question!.name.toLowerCase() }];
      return [{ afterMs: 10, payload: answerTo({ ...asked.message, questions }, { answers: [a(asked.name)] }) }];
    },
  ]);
  for (let i = 0; i < 5; i++) {
    const ticket = lower.ask(`WWW${i}.Example.com`);
    lower.run(100);
    t.equal(told(ticket), 'NOERROR 203.0.113.7/300');
  }
  t.same(
    lower.asked.map(({ stream }) => stream),
    [false, true, false, true, false, true, false, false],
    'by a connection, until it is clear that this one does not keep the case',
  );
});

t.test('DNS-23, DNS-19: names with upstreams of their own, and encrypted ones', async (t) => {
  const suffix = Uint8Array.of(4, 0x63, 0x6f, 0x72, 0x70, 0);
  const made = home([resolver(10), resolver(10), resolver(10)], {
    upstreams: [
      { label: 'a', encrypted: true },
      { label: 'b', domainsOnly: true },
      { label: 'c', group: 7 },
    ],
    domains: [{ suffix, upstreams: [1, 99] }],
  });
  for (const [name, query] of [
    ['x.corp', {}],
    ['corp', {}],
    ['notcorp', {}],
    ['y.corp', { group: 7 }],
    ['z.example', { group: 7 }],
  ] as const) {
    made.ask(name, query);
    made.run(100);
  }
  t.same(
    made.asked.map(({ upstream }) => upstream),
    [1, 1, 0, 1, 2],
  );
  const { payload, message } = made.asked[2]!;
  t.equal(payload.length % 128, 0, 'padded (RFC 8467 4.1)');
  t.same(
    optRecordOf(message)?.options.map(({ kind }) => kind),
    ['padding'],
  );
  t.equal(message.questions[0]?.name, 'notcorp', 'and spelt as it is');
  const none = home([dead], { domains: [{ suffix, upstreams: [] }] });
  t.equal(told(none.ask('x.corp', { edns: true })), 'SERVFAIL ede 22', 'never anywhere else');
  t.equal(none.asked.length, 0);
});

t.test(
  'DNS-17: a connection that is closed under a question is made anew, and has no question twice (RFC 7766 6.2.4)',
  async (t) => {
    let closed = 2;
    const made = home([(asked) => (closed-- > 0 ? [{ afterMs: 5, failed: 'closed' }] : resolver(600)(asked))], {
      upstreams: [{ label: 'tls', encrypted: true }],
    });
    closed = 2;
    made.asked.length = 0;
    const ticket = made.ask('example.com');
    made.run(2000);
    t.equal(told(ticket), 'NOERROR 203.0.113.7/300');
    t.equal(ticket.ms, 610);
    t.equal(made.asked.length, 3);
  },
);

t.test('settings that change: questions go where they belong now', async (t) => {
  const made = home([dead, resolver(10)], { upstreams: [{ label: 'a' }, { label: 'b', domainsOnly: true }] });
  const ticket = made.ask('example.com');
  made.run(1000);
  t.equal(told(ticket), 'waits');
  made.upstreams.reverse();
  made.configure({ upstreams: [{ label: 'b' }] });
  made.run(20);
  t.equal(told(ticket), 'NOERROR 203.0.113.7/300', 'asked anew, at once');
  made.configure({ upstreams: [] });
  made.run(5000);
  t.equal(made.open.size, 0);
  t.equal(told(made.ask('other.example', { edns: true })), 'SERVFAIL ede 22', 'nobody to ask');
});
