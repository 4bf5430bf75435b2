// Covers: RFC 5905 9.1, RFC 5905 10, RFC 5905 11.2.1, RFC 5905 11.2.2, RFC 5905 11.2.3, RFC 5905 13
import fc from 'fast-check';
import t from 'tap';
import { defaultNtpConfig } from '../../src/ntp/config.ts';
import type { DiscardReason } from '../../src/ntp/reply-fault.ts';
import { BEGIN, honest, SimulatedNetwork, type SimulatedServer, seeded } from './simulated-network.ts';

const HOUR = 3_600_000;
const SEEDS = 1000;

/** Four good servers, some way off. */
const FOUR = [1, 2, 3, 4].map((number) => honest(number));

/** A network of 4 to 7 servers, less than half of which lie, and a clock that is anything. */
function randomNetwork(seed: number): { readonly network: SimulatedNetwork; readonly errorPpm: number } {
  const random = seeded(seed * 7919);
  const count = 4 + Math.floor(random() * 4);
  const liars = Math.floor(random() * Math.ceil(count / 2));
  const servers = Array.from({ length: count }, (_, index) => {
    const way = 1 + random() * 60;
    const skew = (random() - 0.5) * 0.6;
    const size = ([1000, 30_000, HOUR, 3.2e11][Math.floor(random() * 4)] as number) * (random() - 0.3);
    return honest(index + 1, {
      ...{ there: way * (1 + skew), back: way * (1 - skew), jitter: random() * 5, loss: random() * 0.15 },
      ...(index < liars ? { lie: () => size } : {}),
    });
  });
  servers.sort(() => random() - 0.5);
  const errorPpm = (random() - 0.5) * 200;
  const wall = [0, BEGIN - HOUR, BEGIN + 50, BEGIN + 1e9][Math.floor(random() * 4)] as number;
  return { network: new SimulatedNetwork(servers, { seed, wall, errorPpm }), errorPpm };
}

t.test(
  `NT-02 NT-01 ${SEEDS} networks with less than half liars: set once, then within 130 ms, in the end 50 ms`,
  async (t) => {
    const wrong: string[] = [];
    const first: number[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { network, errorPpm } = randomNetwork(seed);
      network.start();
      let worst = 0;
      network.run(2 * HOUR, () => {
        if (network.engine.isSet) worst = Math.max(worst, Math.abs(network.clock.error));
      });
      const setAt = network.told.find(({ output }) => output.kind === 'synchronized')?.at;
      if (setAt === undefined) {
        wrong.push(`${seed}: never set`);
        continue;
      }
      first.push(setAt);
      const end = Math.abs(network.clock.error);
      const drift = ((1 + errorPpm / 1e6) * (1 + network.clock.frequencyPpm / 1e6) - 1) * 1e6;
      if (network.of('step').length > 1) wrong.push(`${seed}: set ${network.of('step').length} times`);
      if (worst > 130) wrong.push(`${seed}: wrong by ${worst} ms`);
      if (end > 50) wrong.push(`${seed}: in the end by ${end} ms`);
      if (Math.abs(drift) > 30) wrong.push(`${seed}: the frequency by ${drift} ppm`);
    }
    t.same(wrong, []);
    first.sort((a, b) => a - b);
    t.ok((first[SEEDS / 2] as number) < 500, `half of them within half a second: ${first[SEEDS / 2]}`);
    t.ok((first.at(-1) as number) < 60_000, `all within a minute: ${first.at(-1)}`);
  },
);

t.test('NT-01 asks within 250 ms, sets a clock of 1970 in one step, and slews from then on', async (t) => {
  const starts: number[] = [];
  for (let seed = 1; seed <= 200; seed++) {
    const network = new SimulatedNetwork(FOUR, { seed }).start().run(1000);
    starts.push(Math.min(...[...network.asked.values()].flat()));
    t.equal(network.of('step').length, 1);
    t.ok(Math.abs(network.clock.error) < 10, `${network.clock.error}`);
  }
  t.ok(Math.min(...starts) < 10 && Math.max(...starts) < 250 && Math.max(...starts) > 240, 'all of the quarter second');

  const close = new SimulatedNetwork(FOUR, { wall: BEGIN + 100, errorPpm: 30 }).start().run(2 * HOUR);
  t.same(close.of('step'), [], 'a clock that is nearly right is not set');
  t.ok(Math.abs(close.clock.error) < 5, `${close.clock.error}`);
  t.ok(Math.abs(close.clock.frequencyPpm + 30) < 3, 'the frequency is learnt');
});

t.test('NT-02 questions get rarer as long as all goes well, from 64 s to 1024 s', async (t) => {
  const network = new SimulatedNetwork(FOUR, { errorPpm: 20 }).start().run(24 * HOUR);
  const times = network.asked.get('192.0.2.1') ?? [];
  const gaps = times.slice(1).map((time, index) => (time - (times[index] as number)) / 1000);
  t.ok(Math.min(...gaps) >= 64, 'never more often');
  t.ok(
    gaps.slice(-20).every((gap) => gap >= 1024 && gap <= 1089),
    'with up to a sixteenth at random',
  );
  t.ok(Math.abs(network.clock.error) < 5);
});

t.test('a large offset has to be told four times in a row', async (t) => {
  const jump = HOUR;
  const network = new SimulatedNetwork(
    FOUR.map((server) => ({ ...server, lie: (now: number) => (now > BEGIN + jump ? 5000 : 0) })),
  ).start();
  network.run(jump);
  const before = network.told.length;
  network.run(HOUR);
  const step = network.told.slice(before).find(({ output }) => output.kind === 'step');
  const asked = (network.asked.get('192.0.2.1') ?? []).filter((at) => at > jump && at < (step?.at ?? 0));
  t.equal(asked.length, 4);
  t.ok((asked[3] as number) - (asked[0] as number) < 4 * 70_000, 'the shortest interval meanwhile');
  t.ok(Math.abs(network.clock.error - 5000) < 5);

  const glitch = new SimulatedNetwork(
    FOUR.map((server) => ({ ...server, lie: (now: number) => ((now + 150_000) % 300_000 < 130_000 ? 300 : 0) })),
    { wall: BEGIN },
  ).start();
  glitch.run(6 * HOUR);
  t.same(glitch.of('step'), [], 'what comes and goes is not followed');
});

t.test('a clock that was set by slow answers is looked at again at once', async (t) => {
  // The first answer to each waits a second and a half in a queue, all of it on the way back.
  let slow = 4;
  const servers = FOUR.map((server) => ({ ...server, queue: () => (slow-- > 0 ? 1500 : 0) }));
  const network = new SimulatedNetwork(servers, { wall: 0 }).start().run(2000);
  t.ok(network.clock.error < -700, `${network.clock.error}`);
  network.run(5000);
  t.equal(network.of('step').length, 2);
  t.ok(Math.abs(network.clock.error) < 10, `${network.clock.error}`);

  slow = 4;
  const right = new SimulatedNetwork(servers, { wall: BEGIN }).start().run(20_000);
  t.same(right.of('step'), [], 'and one that may be right is not set by them');
  t.ok(Math.abs(right.clock.error) < 10);
});

t.test('NT-02 without more than half agreeing nothing is followed', async (t) => {
  const two = [honest(1), honest(2, { lie: () => 10_000 })];
  const network = new SimulatedNetwork(two, { wall: 0 }).start().run(HOUR);
  t.same(network.of('step'), []);
  t.same(network.of('lost'), [{ kind: 'lost', why: 'no-majority' }]);

  const one = new SimulatedNetwork([honest(1)], { wall: 0 }).start().run(1000);
  t.equal(one.of('step').length, 1, 'the only one there is counts');

  // Two of five lie the same, and the others are seldom heard.
  const quiet = [1, 2, 3].map((number) => honest(number, { loss: 0.25 }));
  const loud = [4, 5].map((number) => honest(number, { lie: () => 60_000 }));
  for (let seed = 1; seed <= 50; seed++) {
    const odd = new SimulatedNetwork([...quiet, ...loud], { seed, wall: BEGIN }).start().run(2 * HOUR);
    t.same(odd.of('step'), [], `seed ${seed}: silence of others makes no majority`);
  }

  const outvoted = new SimulatedNetwork([honest(1), honest(2), honest(3), honest(4, { lie: () => -700 })])
    .start()
    .run(HOUR);
  t.match(outvoted.of('falseticker'), [{ address: '192.0.2.4' }], 'and it is told who was outvoted, once');
  t.equal(outvoted.of('falseticker').length, 1);
});

t.test('NT-02 kiss codes: DENY and RSTR end it, RATE slows it down (RFC 5905 7.4)', async (t) => {
  const kiss = (letters: string): Partial<SimulatedServer> => ({
    answer: (_, at) =>
      at < 600_000
        ? {}
        : { leap: 3, stratum: 0, referenceId: Buffer.from(letters).readUInt32BE(), transmitTimestamp: 0n },
  });
  const servers = [
    honest(1, kiss('DENY')),
    honest(2, kiss('RSTR')),
    honest(3, kiss('RATE')),
    honest(4, kiss('XYZQ')),
    ...[5, 6, 7].map((n) => honest(n)),
  ];
  const network = new SimulatedNetwork(servers).start().run(12 * HOUR);
  const after = (number: number): readonly number[] =>
    (network.asked.get(`192.0.2.${number}`) ?? []).filter((at) => at > 600_000);
  t.equal(after(1).length, 1, 'DENY');
  t.equal(after(2).length, 1, 'RSTR');
  const rate = after(3);
  const gaps = rate.slice(1).map((at, index) => at - (rate[index] as number));
  t.ok(gaps.length >= 4, `${gaps}`);
  t.ok(
    gaps.every((gap, index) => gap >= 128_000 * 2 ** index),
    `RATE: longer each time: ${gaps}`,
  );
  t.ok(after(4).length > 20, 'a code that nobody knows means nothing');
  t.same(
    network
      .of('kissed')
      .slice(0, 3)
      .map(({ address, code }) => `${address} ${code}`)
      .sort(),
    ['192.0.2.1 DENY', '192.0.2.2 RSTR', '192.0.2.3 RATE'],
  );
  t.ok(Math.abs(network.clock.error) < 5, 'the others go on');
});

t.test('NT-02 servers that do not know the time, and times that cannot be', async (t) => {
  const rows: readonly (readonly [string, Partial<SimulatedServer>, DiscardReason])[] = [
    ['alarm', { answer: () => ({ leap: 3 }) }, 'unsynchronized'],
    ['stratum 16', { answer: () => ({ stratum: 16 }) }, 'unsynchronized'],
    ['two seconds of root dispersion', { answer: () => ({ rootDispersionSeconds: 2 }) }, 'distance'],
    ['a day before the image', { lie: () => defaultNtpConfig.notBefore - 86_400_000 - BEGIN }, 'before-build'],
    [
      'slower than its own clock says',
      { answer: ({ transmitTimestamp }) => ({ transmitTimestamp: transmitTimestamp + (1n << 32n) }) },
      'no-time',
    ],
  ];
  for (const [name, changes, reason] of rows) {
    const network = new SimulatedNetwork([honest(1, changes)]).start().run(HOUR);
    t.same(network.of('step'), [], name);
    t.same([...new Set(network.of('discarded').map(({ reason }) => reason))], [reason], name);
    t.same(network.of('lost'), [{ kind: 'lost', why: 'silence' }], `${name}: told, once`);
    const good = new SimulatedNetwork([honest(1, changes), honest(2), honest(3), honest(4)]).start().run(HOUR);
    t.ok(Math.abs(good.clock.error) < 5, `${name}: three others are enough`);
  }
});

t.test('NT-02 packets of strangers, copies, and late ones are dropped, and cost nothing', async (t) => {
  const network = new SimulatedNetwork(FOUR);
  let late: Uint8Array | undefined;
  network.meddle = (payload) => {
    const forged = payload.slice();
    forged[24] = (forged[24] as number) ^ 1;
    forged[40] = 0xff;
    const out = [forged, payload.subarray(0, 40), ...(late === undefined ? [] : [late]), payload, payload];
    late ??= payload;
    return out;
  };
  network.start().run(HOUR);
  t.ok(Math.abs(network.clock.error) < 5);
  t.equal(network.of('step').length, 1);
  const counts = new Map<string, number>();
  for (const { reason } of network.of('discarded')) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const questions = [...network.asked.values()].flat().length;
  t.ok((counts.get('bogus') ?? 0) >= questions, 'each with other bits, or those of another question');
  t.ok((counts.get('malformed') ?? 0) >= questions - 4);
  t.ok((counts.get('not-asked') ?? 0) >= questions - 4, 'copies');
});

t.test('time does not go back behind the last shutdown for one server, only for three', async (t) => {
  const savedTime = BEGIN + 30 * 24 * HOUR;
  const options = { wall: savedTime + 1000, config: { savedTime } };
  const one = new SimulatedNetwork([honest(1)], options).start().run(HOUR);
  t.same(one.of('step'), []);
  t.same(one.of('lost'), [{ kind: 'lost', why: 'before-saved-time' }]);
  const three = new SimulatedNetwork(
    [1, 2, 3].map((n) => honest(n)),
    options,
  )
    .start()
    .run(HOUR);
  t.ok(Math.abs(three.clock.error) < 5, 'a clock that was saved wrong is not wrong for ever');
});

t.test('names: asked for again until there is an answer; who is silent or cannot be reached gives way', async (t) => {
  const network = new SimulatedNetwork(FOUR);
  const names = ['0.pool', '1.pool', '2.pool', '3.pool'];
  network.start(names).run(20_000);
  t.same([...network.asked.keys()], [], 'nobody to ask yet');
  names.forEach((name, index) => void network.names.set(name, ['2001:db8::1', `192.0.2.${index + 1}`]));
  network.run(20_000);
  t.ok(Math.abs(network.clock.error) < 10, `${network.clock.error}`);
  t.equal(network.of('step').length, 1, 'by the addresses to which there is a way');

  const pool = new SimulatedNetwork([...FOUR, honest(5), honest(6)]);
  pool.names.set('pool', ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5', '192.0.2.6']);
  pool.start(['pool']).run(10_000);
  const chosen = [...pool.asked.keys()].filter((address) => pool.asked.get(address)?.length === 1);
  t.equal(chosen.length, 4, 'four of one name');
  const gone = chosen[0] as string;
  pool.servers[pool.servers.findIndex(({ address }) => address === gone)] = honest(9, { address: gone, loss: 1 });
  pool.run(6 * HOUR);
  t.ok([...pool.asked.keys()].length >= 5, 'another one in place of the silent one');
  const others = [...pool.asked].filter(([address]) => address !== gone);
  t.ok(others.filter(([, times]) => (times.at(-1) ?? 0) > 5 * HOUR).length === 4, 'four still');
});

t.test('NT-02 other servers, another network', async (t) => {
  const network = new SimulatedNetwork([...FOUR, honest(5)]).start(['192.0.2.9']);
  network.run(10 * 60_000);
  const questions = (): number => [...network.asked.values()].flat().length;
  t.equal(network.of('step').length, 0);
  network.input({ kind: 'names', names: ['192.0.2.5'] });
  network.input({ kind: 'again' });
  network.run(1000);
  t.equal(network.of('step').length, 1, 'asked at once as long as the time is not known');
  const before = questions();
  for (let i = 0; i < 100; i++) network.input({ kind: 'again' });
  network.run(30_000);
  t.equal(questions(), before, 'but not once it is');
});

t.test('NT-02 whatever comes in, the engine neither throws nor says much', async (t) => {
  const input = fc.oneof(
    fc.record({
      kind: fc.constant('names' as const),
      names: fc.array(fc.constantFrom('a', 'b', '192.0.2.1', '2001:db8::1', ''), { maxLength: 40 }),
    }),
    fc.record({
      kind: fc.constant('resolved' as const),
      name: fc.constantFrom('a', 'b', 'c'),
      addresses: fc.array(fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3'), { maxLength: 40 }),
    }),
    fc.record({
      kind: fc.constantFrom('sent' as const, 'unreachable' as const),
      server: fc.integer({ min: 0, max: 20 }),
    }),
    fc.record({
      kind: fc.constant('reply' as const),
      server: fc.integer({ min: 0, max: 20 }),
      payload: fc.uint8Array({ maxLength: 60 }),
      wall: fc.double(),
    }),
    fc.constant({ kind: 'again' as const }),
    fc.constant({ kind: 'timeout' as const }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(input, fc.nat(100_000)), { maxLength: 60 }), (inputs) => {
      const { engine } = new SimulatedNetwork([]);
      let now = 0;
      for (const [one, wait] of inputs) {
        now += wait;
        engine.handle(one, now);
        let count = 0;
        while (engine.poll() !== undefined) count++;
        if (count > 60) return false;
      }
      return true;
    }),
    { numRuns: 1000 },
  );
  t.pass();
});
