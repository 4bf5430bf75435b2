import t from 'tap';
import { Rcode, RecordType } from '../../src/index.ts';
import { a, dead, plain, resolver, SimulatedHome, soa, told, type Upstream } from './simulated-home.ts';

const DAY_MS = 86_400_000;

/** A home with upstreams whose ways can be changed all at once. */
function home(ways: Upstream, count = 1, parts: object = {}): { made: SimulatedHome; become(next: Upstream): void } {
  const made = new SimulatedHome({ upstreams: Array.from({ length: count }, () => ways), ...parts });
  made.run(100);
  return {
    made,
    become(next) {
      made.upstreams.fill(next);
    },
  };
}

/** What is told, and after how many milliseconds, if it takes any. */
function toldAfter(made: SimulatedHome, name: string, ms: number, query: object = { edns: true }): string {
  const ticket = made.ask(name, query);
  made.run(ms);
  return ticket.ms > 0 ? `${told(ticket)} after ${ticket.ms}` : told(ticket);
}

t.test('DNS-04: nobody answers: SERVFAIL and the reason within 2 s (RFC 8914 4.23)', async (t) => {
  for (const count of [1, 2, 4]) {
    const { made } = home(dead, count);
    t.equal(toldAfter(made, 'a.example', 2000), 'SERVFAIL ede 22 after 1900');
    t.ok(made.asked.length >= 5, 'after some attempts');
    t.equal(new Set(made.asked.map(({ upstream }) => upstream)).size, count, 'at every upstream');
    made.run(10_000);
    t.equal(made.forwarder.statistics().pending, 0);
  }
  const { made } = home(dead, 0);
  t.equal(toldAfter(made, 'a.example', 0), 'SERVFAIL ede 22', 'no upstream at all: at once');
});

t.test('DNS-13: failures are remembered, longer each time (RFC 9520 3.2)', async (t) => {
  const { made } = home(dead);
  toldAfter(made, 'a.example', 2000);
  const asked = made.asked.length;
  t.equal(toldAfter(made, 'a.example', 0), 'SERVFAIL ede 22', 'at once');
  t.match(toldAfter(made, 'a.example', 2000, { dnssecOk: true }), 'after 1900', 'another flavour is another question');
  t.match(toldAfter(made, 'b.example', 2000), 'after 1900', 'and so is another name');
  made.run(2000);
  const attempts = made.asked.filter(({ name }) => name === 'a.example').length;
  t.ok(made.asked.length > asked);
  t.equal(toldAfter(made, 'a.example', 2000), 'SERVFAIL ede 22 after 1900', 'tried again');
  t.ok(made.asked.filter(({ name }) => name === 'a.example').length > attempts);
  made.run(6000);
  t.equal(toldAfter(made, 'a.example', 0), 'SERVFAIL ede 22', 'more than 5 s now');
});

t.test('DNS-13: SERVFAIL of all upstreams is remembered as well', async (t) => {
  const { made } = home(
    resolver(10, (asked) => (asked.probe ? plain(asked) : { rcode: Rcode.servFail })),
    2,
  );
  t.equal(toldAfter(made, 'a.example', 100), 'SERVFAIL after 20');
  t.equal(toldAfter(made, 'a.example', 100), 'SERVFAIL ede 13', 'a cached error (RFC 8914 4.14)');
  t.equal(made.asked.length, 2);
});

t.test('DNS-12: what has expired is told after 1.8 s, with 30 s (RFC 8767 5)', async (t) => {
  const { made, become } = home(resolver(10), 2);
  t.equal(toldAfter(made, 'a.example', 100), 'NOERROR 203.0.113.7/300 after 10');
  made.run(301_000);
  // Not known to be down: still asked, as the first one cannot know.
  become((asked) => (asked.probe ? resolver(10)(asked) : []));
  t.equal(toldAfter(made, 'a.example', 2000), 'NOERROR 203.0.113.7/30 ede 3 after 1800');
  made.run(5000);
  const asked = made.asked.length;
  t.equal(toldAfter(made, 'a.example', 0), 'NOERROR 203.0.113.7/30 ede 3', 'at once, after a refresh has failed');
  made.run(20_000);
  t.equal(toldAfter(made, 'a.example', 0), 'NOERROR 203.0.113.7/30 ede 3');
  t.equal(made.asked.length, asked, '"no more frequently than every 30 seconds"');
  made.run(15_000);
  t.match(toldAfter(made, 'a.example', 2000), 'after 1800', 'then again');
});

t.test('DNS-12: an error of upstreams is answered with what has expired, at once', async (t) => {
  const { made, become } = home(
    resolver(10, (asked) => (asked.name.startsWith('nx') ? { rcode: 3, authorities: [soa('example')] } : plain(asked))),
  );
  toldAfter(made, 'a.example', 100);
  toldAfter(made, 'nx.example', 100);
  made.run(301_000);
  become(resolver(10, (asked) => (asked.probe ? plain(asked) : { rcode: Rcode.refused })));
  t.equal(toldAfter(made, 'a.example', 100), 'NOERROR 203.0.113.7/30 ede 3 after 10');
  t.equal(toldAfter(made, 'nx.example', 100), 'NXDOMAIN ede 19 after 10', 'RFC 8914 4.20');
});

t.test(
  'DNS-12: the uplink is cut: three days of answers, and the first fresh one within 1 s of its return',
  async (t) => {
    const { made, become } = home(resolver(10), 2);
    const names = Array.from({ length: 20 }, (_, i) => `n${i}.example`);
    for (const name of names) toldAfter(made, name, 20);
    become(() => [{ afterMs: 1, failed: 'unreachable' }]);
    made.run(13_000);
    t.equal(made.events.filter((event) => event.event === 'upstream-down').length, 2);
    for (let hours = 0; hours < 71; hours += 5) {
      for (const name of names) {
        const outcome = toldAfter(made, name, 0);
        if (!/^NOERROR 203.0.113.7\/\d+( ede 3)?$/.test(outcome)) t.fail(`${hours} h: ${name}: ${outcome}`);
      }
      // Nobody probes in the meantime, to spare the test a million events.
      made.now += 5 * 3_600_000;
    }
    t.match(toldAfter(made, 'new.example', 2000), 'SERVFAIL ede 23', 'what was never asked for');
    made.now += DAY_MS;
    t.match(toldAfter(made, 'n0.example', 2000), 'SERVFAIL', 'after three days nothing is left');
    become(resolver(10));
    made.run(600);
    t.equal(toldAfter(made, 'n1.example', 100), 'NOERROR 203.0.113.7/300 after 10');
    t.equal(toldAfter(made, 'new.example', 100), 'NOERROR 203.0.113.7/300 after 10', 'no failure holds it back');
    t.equal(toldAfter(made, 'n0.example', 100), 'NOERROR 203.0.113.7/300 after 10');
  },
);

t.test('DNS-12, DNS-04: an upstream that takes 5 s', async (t) => {
  const { made } = home((asked) => resolver(asked.probe ? 10 : 5000)(asked));
  t.equal(toldAfter(made, 'a.example', 5100), 'SERVFAIL ede 22 after 1900');
  t.equal(toldAfter(made, 'a.example', 0), 'NOERROR 203.0.113.7/300', 'the answer was waited for, for who asks again');
  t.equal(made.open.size, 0);
});

t.test('DNS-13: questions in flight are joined, each with its own spelling, size and id', async (t) => {
  const { made } = home(resolver(100));
  const tickets = Array.from({ length: 50 }, (_, i) =>
    made.ask(i % 2 === 0 ? 'www.example' : 'WWW.Example', {
      source: i,
      transport: i % 3 === 0 ? 'tcp' : 'udp',
      edns: i % 5 === 0,
    }),
  );
  made.run(50);
  const late = made.ask('www.example');
  const other = made.ask('www.example', { type: RecordType.aaaa });
  made.run(200);
  t.ok(tickets.every((ticket) => told(ticket) === 'NOERROR 203.0.113.7/300' && ticket.ms === 100));
  t.equal(late.ms, 50);
  t.match(told(other), '2001:db8::7');
  t.equal(made.asked.length, 2);
  t.equal(made.forwarder.statistics().joined, 50);
});

t.test('DNS-13: who joins a question whose time is up is told so at once', async (t) => {
  const { made, become } = home(resolver(10));
  toldAfter(made, 'old.example', 100);
  made.run(301_000);
  become((asked) => (asked.probe ? resolver(10)(asked) : []));
  made.ask('old.example');
  made.run(1850);
  t.equal(toldAfter(made, 'old.example', 0), 'NOERROR 203.0.113.7/30 ede 3');
});

t.test('DNS-11: popular answers are asked for again before they expire, others are not', async (t) => {
  const { made } = home(resolver(10));
  for (const name of ['popular.example', 'rare.example']) toldAfter(made, name, 100);
  for (let second = 0; second < 900; second += 5) {
    t.equal(made.ask('popular.example').bytes?.length, 49, 'always from the cache');
    made.run(5000);
  }
  const count = (name: string): number => made.asked.filter((asked) => asked.name === name).length;
  t.ok(
    count('popular.example') >= 3 && count('popular.example') <= 4,
    `${count('popular.example')} times in 15 minutes`,
  );
  t.equal(count('rare.example'), 1);
  t.equal(made.forwarder.statistics().prefetches, count('popular.example') - 1);
});

t.test('DNS-11: a name that does not exist has nothing below (RFC 8020 2), and negative answers hold', async (t) => {
  const { made } = home(
    resolver(10, (asked) => {
      if (asked.name.endsWith('nx.example')) return { rcode: 3, authorities: [soa('example', 60)] };
      return asked.type === RecordType.mx ? { authorities: [soa('example', 60)] } : plain(asked);
    }),
  );
  t.equal(toldAfter(made, 'nx.example', 100), 'NXDOMAIN after 10');
  t.equal(toldAfter(made, 'a.b.NX.example', 100), 'NXDOMAIN');
  t.equal(toldAfter(made, 'nx.example', 100, { type: RecordType.aaaa }), 'NXDOMAIN');
  t.match(toldAfter(made, 'a.b.nx.example', 100, { dnssecOk: true }), 'after', 'another flavour asks for itself');
  t.equal(toldAfter(made, 'x.example', 100, { type: RecordType.mx }), 'NOERROR after 10');
  t.equal(toldAfter(made, 'x.example', 100, { type: RecordType.mx }), 'NOERROR');
  made.run(61_000);
  t.match(toldAfter(made, 'nx.example', 100), 'after 10', 'until they expire');
});

t.test('DNS-13: what is not stored is asked each time', async (t) => {
  const { made } = home(
    resolver(10, ({ message }) => ({ answers: [a(message.questions[0]!.name, '203.0.113.1', 0)] })),
  );
  t.equal(toldAfter(made, 'a.example', 100), 'NOERROR 203.0.113.1/0 after 10');
  t.equal(toldAfter(made, 'a.example', 100), 'NOERROR 203.0.113.1/0 after 10');
  t.equal(made.asked.length, 2);
});

t.test('too many questions at once: those that nobody waits for go first, then the oldest', async (t) => {
  const { made, become } = home(resolver(10), 1, { settings: { maximumPending: 16, maximumAskers: 512 } });
  toldAfter(made, 'old.example', 100);
  made.run(301_000);
  become((asked) => (asked.probe ? resolver(10)(asked) : []));
  const first = made.ask('old.example', { edns: true });
  const others = Array.from({ length: 15 }, (_, i) => made.ask(`q${i}.example`, { edns: true }));
  const early = made.ask('early.example', { edns: true });
  t.equal(told(early), 'SERVFAIL ede 22', 'all are young: the new one has to wait its turn');
  made.run(300);
  t.equal(told(made.ask('next.example')), 'waits');
  t.equal(told(first), 'NOERROR 203.0.113.7/30 ede 3', 'the oldest has given way, with what there was');
  t.equal(told(made.ask('another.example')), 'waits');
  t.equal(told(others[0]!), 'SERVFAIL ede 22');
  t.equal(told(others[1]!), 'waits');
  made.run(1700);
  t.ok(others.every((ticket) => ticket.bytes instanceof Uint8Array));
  t.equal(told(made.ask('late.example')), 'waits', 'the rest waits for late answers only, and nobody for them');
  t.ok(made.open.size <= 32 + 128);
  made.run(20_000);
  t.equal(made.forwarder.statistics().pending, 0);
});

t.test('DNS-29: one client cannot take all the room', async (t) => {
  const { made, become } = home(resolver(10), 1, { settings: { maximumAskers: 400 } });
  become(dead);
  const greedy = Array.from({ length: 300 }, (_, i) => made.ask(`g${i}.example`, { source: 1 }));
  t.equal(greedy.filter((ticket) => told(ticket) === 'waits').length, 100, 'a quarter');
  t.equal(told(made.ask('x.example', { source: 2 })), 'waits');
  made.run(2000);
  t.equal(told(made.ask('y.example', { source: 1 })), 'waits', 'when they are answered there is room again');
});
