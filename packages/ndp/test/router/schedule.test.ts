import t from 'tap';
import { Preference } from '../../src/index.ts';
import {
  ALL_NODES,
  HOST,
  ip,
  net,
  prefix,
  ROUTER,
  routerConfig,
  SimulatedLink,
  seeded,
  solicitation,
} from './simulated-link.ts';

const SEEDS = 10_000;

/** Distances between times. */
function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] as number));
}

t.test(
  'RA-03, L-1: intervals lie between Min and Max, after three advertisements within 16 s each (RFC 4861 6.2.4)',
  (t) => {
    const config = routerConfig({ minRtrAdvIntervalSeconds: 200, maxRtrAdvIntervalSeconds: 600, prefixes: [] });
    let shortest = Number.POSITIVE_INFINITY;
    let longest = 0;
    const wrong: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const link = new SimulatedLink(config, { seed });
      const start = link.now;
      link.run(3_600_000);
      const times = link.multicasts;
      const [first, second, ...later] = gaps(times);
      if (times[0] !== start || first !== 16_000 || second !== 16_000)
        wrong.push(`${seed}: begins with ${times.slice(0, 3)}`);
      for (const gap of later) {
        if (gap < 200_000 || gap > 600_000) wrong.push(`${seed}: ${gap}`);
        shortest = Math.min(shortest, gap);
        longest = Math.max(longest, gap);
      }
    }
    t.strictSame(wrong, []);
    t.ok(shortest < 201_000 && longest > 599_000, `the whole range is used: ${shortest} to ${longest}`);
    t.end();
  },
);

t.test('short intervals need no first ones', (t) => {
  const config = routerConfig({ minRtrAdvIntervalSeconds: 3, maxRtrAdvIntervalSeconds: 4 });
  const link = new SimulatedLink(config);
  link.run(60_000);
  const distances = gaps(link.multicasts);
  t.ok(distances.length >= 15);
  t.ok(distances.every((gap) => gap >= 3000 && gap <= 4000));
  t.end();
});

t.test('RA-03: all nodes get answers 0 to 0.5 s after a solicitation, and 3 s apart (RFC 4861 6.2.6)', (t) => {
  const config = routerConfig({ unicastAnswers: false, prefixes: [] });
  const wrong: string[] = [];
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = seeded(seed ^ 0x5eed);
    const link = new SimulatedLink(config, { seed });
    link.run(10_000 * random());
    for (let solicitations = 0; solicitations < 3; solicitations++) {
      const lastAt = link.multicasts.at(-1) as number;
      const askedAt = link.now;
      const before = link.sent.length;
      link.receive(solicitation());
      link.run(3500);
      const answer = link.sent[before]?.at;
      if (answer === undefined) {
        wrong.push(`${seed}: no answer`);
        continue;
      }
      const allowed = Math.max(askedAt, lastAt + 3000);
      // The next one may have been due anyway.
      if (answer > allowed + 500) wrong.push(`${seed}: ${answer - askedAt} late`);
      if (askedAt >= lastAt + 3000) {
        shortest = Math.min(shortest, answer - askedAt);
        longest = Math.max(longest, answer - askedAt);
      }
      link.run(6000 * random());
    }
    for (const gap of gaps(link.multicasts)) if (gap < 3000) wrong.push(`${seed}: ${gap} apart`);
  }
  t.strictSame(wrong, []);
  t.ok(shortest < 1 && longest > 465, `the whole delay is used: ${shortest} to ${longest}`);
  t.end();
});

t.test('RA-03: the sender alone gets an answer within 0.5 s, whatever all nodes got before (RFC 4861 6.2.6)', (t) => {
  const wrong: string[] = [];
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const link = new SimulatedLink(routerConfig({ prefixes: [] }), { seed });
    link.run(1000 + seed / 7);
    const askedAt = link.now;
    link.receive(solicitation());
    link.receive(solicitation());
    link.run(600);
    const answers = link.sent.filter(({ at }) => at >= askedAt);
    const delay = (answers[0]?.at ?? 0) - askedAt;
    if (answers.length !== 1) wrong.push(`${seed}: ${answers.length} answers`);
    else if (answers[0]?.send.destination !== HOST) wrong.push(`${seed}: to ${answers[0]?.send.destination}`);
    if (delay < 0 || delay > 500) wrong.push(`${seed}: after ${delay}`);
    shortest = Math.min(shortest, delay);
    longest = Math.max(longest, delay);
  }
  t.strictSame(wrong, []);
  t.ok(shortest < 10 && longest > 455, `the whole delay is used: ${shortest} to ${longest}`);
  t.end();
});

t.test('who is not known gets an answer with all nodes', (t) => {
  const link = new SimulatedLink();
  link.run(4000);
  const before = link.sent.length;
  link.receive(solicitation([]));
  link.run(500);
  t.ok(link.sent[before]?.send.destination.equals(ALL_NODES), 'without a link-layer address');
  link.run(4000);
  link.receive(solicitation([]), { source: ip('::') });
  link.run(500);
  t.ok(link.sent[before + 1]?.send.destination.equals(ALL_NODES), 'without an address');
  t.equal(link.sent.length, before + 2);
  t.ok(link.sent.every(({ send }) => send.source === ROUTER));
  t.end();
});

t.test('RA-10: 500 hosts a second get their answers in time, and a flood gets one for all', (t) => {
  const link = new SimulatedLink();
  link.run(10_000);
  const host = (number: number): ReturnType<typeof ip> => ip(`fe80::99:${number.toString(16)}`);
  const asked = new Map<string, number>();
  for (let number = 0; number < 1000; number++) {
    asked.set(host(number).toString(), link.now);
    link.receive(solicitation(), { source: host(number) });
    link.run(2);
  }
  link.run(500);
  const late = link.sent.filter(({ at, send }) => {
    const since = asked.get(send.destination.toString());
    return since !== undefined && at - since > 500;
  });
  t.equal(link.sent.filter(({ send }) => asked.has(send.destination.toString())).length, 1000);
  t.strictSame(late, []);

  const before = link.sent.length;
  const started = link.now;
  for (let number = 0; number < 20_000; number++) {
    link.receive(solicitation(), { source: host(number) });
    if (number % 20 === 0) link.run(1);
  }
  link.run(4000);
  const answers = link.sent.slice(before);
  t.ok(answers.length < 1500, `${answers.length} answers to 20,000 solicitations within a second`);
  const all = answers.filter(({ send }) => send.destination.equals(ALL_NODES));
  t.equal(all.length, 2, 'all nodes: one at once, one 3 s later');
  t.ok((all[0]?.at as number) - started < 1000);
  t.end();
});

t.test('a change is told at once, and again twice; what stays the same is not told', (t) => {
  const link = new SimulatedLink();
  link.run(100_000);
  const before = link.multicasts.length;
  const until = link.now + 86_400_000;
  // As long as hosts are told the same it does not matter when the delegation ends.
  const same = routerConfig({ prefixes: [prefix('2001:db8:1::/64', { valid: { mostSeconds: 5400, until } })] });
  link.input({ kind: 'configure', config: same });
  link.run(60_000);
  t.equal(link.multicasts.length, before);
  const changedAt = link.now;
  link.input({ kind: 'configure', config: { ...same, routerLifetimeSeconds: 0 } });
  link.run(40_000);
  t.strictSame(
    link.multicasts.slice(before).map((at) => at - changedAt),
    [0, 16_000, 32_000],
  );
  t.equal(link.last.routerLifetimeSeconds, 0);
  t.end();
});

t.test('changes in quick succession are told 3 s apart', (t) => {
  const link = new SimulatedLink();
  for (let change = 0; change < 100; change++) {
    link.run(100);
    link.input({ kind: 'configure', config: routerConfig({ curHopLimit: change }) });
  }
  link.run(4000);
  t.ok(gaps(link.multicasts).every((gap) => gap >= 3000));
  t.equal(link.last.curHopLimit, 99);
  t.end();
});

t.test('who wants an advertisement gets one as soon as one may be sent', (t) => {
  const link = new SimulatedLink();
  link.run(33_000);
  const before = link.multicasts.length;
  link.input({ kind: 'announce' });
  link.input({ kind: 'announce' });
  t.equal(link.multicasts.length, before, 'not within 3 s of the last one');
  link.run(20_000);
  t.equal(link.multicasts.length, before + 1);
  t.equal((link.multicasts.at(-1) as number) - (link.multicasts.at(-2) as number), 3000);
  t.end();
});

t.test('RA-07: the last advertisement says that this is no router any more, 3 s after the one before (6.2.5)', (t) => {
  const routes = [{ prefix: net('2001:db8:1::/48'), preference: Preference.medium, lifetime: { mostSeconds: 600 } }];
  const link = new SimulatedLink(routerConfig({ routes }));
  link.run(2000);
  link.receive(solicitation());
  link.input({ kind: 'cease' });
  t.equal(link.multicasts.length, 1);
  link.run(1000);
  t.equal(link.multicasts.length, 2);
  t.equal(link.last.routerLifetimeSeconds, 0);
  t.match(link.last.options, [], 'with everything else');
  t.strictSame(
    link.prefixes,
    ['2001:db8:1::/64 LA 5397 2697'].map((text) => text.replace(/5397 2697/, '5400 2700')),
  );
  t.match(
    link.last.options.filter(({ kind }) => kind === 'routeInformation'),
    [{ value: { routeLifetimeSeconds: 0 } }],
    'routes by way of this one end as well (RFC 4191 section 4)',
  );
  t.match(link.told.at(-1), { kind: 'ceased' });
  t.equal(link.engine.deadline(), undefined);
  link.receive(solicitation());
  link.input({ kind: 'announce' });
  link.input({ kind: 'configure', config: routerConfig() });
  link.run(3_600_000);
  t.equal(link.multicasts.length, 2, 'and nothing any more');
  t.equal(link.sent.length, 2);
  t.end();
});

t.test('a clock that leaps makes no row of advertisements', (t) => {
  const link = new SimulatedLink();
  link.run(40_000);
  const before = link.sent.length;
  link.now += 86_400_000;
  link.input({ kind: 'timeout' });
  t.equal(link.sent.length, before + 1);
  link.now -= 3_600_000;
  link.input({ kind: 'timeout' });
  t.equal(link.sent.length, before + 1, 'one that goes back stands still');
  t.throws(() => link.engine.handle({ kind: 'timeout' }, Number.NaN), RangeError);
  t.end();
});
