/** Timers of every message (RFC 9915 section 15 with the parameters of section 7.6) in simulated time over many seeds. */
import t, { type Test } from 'tap';
import { defaultClientConfig } from '../../src/client/default-config.ts';
import { ClientEngine } from '../../src/client/engine.ts';
import type { ClientInput } from '../../src/client/input.ts';
import { INFINITE_SECONDS, iaTimes } from '../../src/client/lease-times.ts';
import { type ExchangeName, TRANSMISSION_PARAMETERS } from '../../src/client/retransmission.ts';
import { MessageType } from '../../src/message-type.ts';
import { ADDRESS, DUID, PREFIX, SimulatedClient, seeded } from './simulated-client.ts';

const SEEDS = 10_000;
/** Seeds for what takes long. */
const SOME = 200;

/** When a client sends, and from which deadlines, without a log that would take more time than the client. */
function timesOf(engine: ClientEngine, inputs: readonly ClientInput[], type: number, most: number): number[] {
  const times: number[] = [];
  let now = 0;
  const drain = (): void => {
    for (let output = engine.poll(); output !== undefined; output = engine.poll()) {
      if (output.kind === 'send' && output.messageType === type) times.push(now);
    }
  };
  for (const input of inputs) engine.handle(input, now);
  drain();
  while (times.length < most) {
    const deadline = engine.deadline();
    if (deadline === undefined) break;
    now = Math.max(now, deadline);
    engine.handle({ kind: 'timeout' }, now);
    drain();
  }
  return times;
}

const UP = { kind: 'carrier', up: true } as const;

/** What is wrong with the times of an exchange by section 15, or nothing. */
function wrong(name: ExchangeName, times: readonly number[]): string | undefined {
  const { maxDelayMs, initialMs, maximumMs } = TRANSMISSION_PARAMETERS[name];
  const [first = Number.NaN] = times;
  if (!(first >= 0 && first <= maxDelayMs)) return `the first message after ${first} ms`;
  let previous = 0;
  for (const [i, at] of times.slice(1).entries()) {
    const rt = at - (times[i] as number);
    const middle = previous === 0 ? initialMs : 2 * previous;
    const spread = 0.1 * (previous === 0 ? initialMs : previous);
    const least = name === 'solicit' && previous === 0 ? initialMs : middle - spread;
    const within = rt >= least - EPSILON && rt <= middle + spread + EPSILON;
    // "if (RT > MRT) RT = MRT + RAND*MRT"
    const reaches = maximumMs > 0 && middle + spread > maximumMs;
    const bounded = reaches && rt >= 0.9 * maximumMs - EPSILON && rt <= 1.1 * maximumMs + EPSILON;
    if (maximumMs > 0 && rt > 1.1 * maximumMs + EPSILON) return `RT ${i + 1} is ${rt} ms, beyond MRT`;
    if (!within && !bounded) return `RT ${i + 1} is ${rt} ms behind one of ${previous} ms`;
    if (name === 'solicit' && previous === 0 && !(rt > initialMs)) return `the first RT is ${rt} ms`;
    previous = rt;
  }
  return undefined;
}

const EPSILON = 1e-6;

/** A client with leases of an earlier run, so that it begins where a test wants it to. */
function remembering(seed: number, what: 'prefix' | 'address', renewInMs: number, rebindInMs: number): ClientEngine {
  const lease = { iaid: 1, renewInMs, rebindInMs, preferredForMs: 10 ** 9, validForMs: 10 ** 9 };
  return new ClientEngine(defaultClientConfig(DUID), {
    random: seeded(seed),
    remembered: {
      serverIdentifier: Uint8Array.of(0, 3, 0, 1, 9),
      ageMs: 0,
      delegations: what === 'prefix' ? [{ ...lease, prefix: PREFIX }] : [],
      addresses: what === 'address' ? [{ ...lease, address: ADDRESS }] : [],
      dnsServers: [],
      domainSearchList: [],
    },
  });
}

function fresh(seed: number, stateless = false): ClientEngine {
  return new ClientEngine({ ...defaultClientConfig(DUID), stateless }, { random: seeded(seed) });
}

/** By message: how to make a client send it, and how often it is sent. */
const EXCHANGES: readonly [ExchangeName, (seed: number) => number[], number, string?][] = [
  ['solicit', (seed) => timesOf(fresh(seed), [UP], MessageType.solicit, 14), 14],
  ['informationRequest', (seed) => timesOf(fresh(seed, true), [UP], MessageType.informationRequest, 14), 14],
  // With a prefix held the message is a Rebind, with the timers of Confirm; it ends after ten seconds.
  [
    'confirm',
    (seed) => untilSolicit(remembering(seed, 'prefix', 10 ** 8, 10 ** 8), MessageType.rebind),
    0,
    'a Rebind in its place',
  ],
  ['confirm', (seed) => timesOf(remembering(seed, 'address', 10 ** 8, 10 ** 8), [UP], MessageType.confirm, 4), 0],
  ['release', (seed) => timesOf(released(seed), [], MessageType.release, 99), 4],
  ['decline', (seed) => timesOf(declined(seed), [], MessageType.decline, 4), 4],
];

for (const [name, times, count, note = 'as such'] of EXCHANGES) {
  t.test(`D6C-07: RT of ${name}, ${note}, over ${SEEDS} seeds is within the bounds of section 15`, async (t) => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const all = times(seed);
      if (count > 0 && all.length !== count) return t.fail(`seed ${seed}: ${all.length} messages`);
      const fault = wrong(name, all);
      if (fault !== undefined) return t.fail(`seed ${seed}: ${fault}: ${all}`);
    }
    spreads(t, name, times);
  });
}

/** RAND and the delay use their whole range, both ends of it. */
function spreads(t: Test, name: ExchangeName, times: (seed: number) => number[]): void {
  const { maxDelayMs, initialMs } = TRANSMISSION_PARAMETERS[name];
  const runs = Array.from({ length: 1000 }, (_, seed) => times(seed));
  const firsts = runs.map(([first = 0]) => first);
  const rands = runs.map(([first = 0, second = 0]) => (second - first - initialMs) / initialMs);
  const least = name === 'solicit' ? 0 : -0.1;
  const range = 0.1 - least;
  t.ok(Math.min(...rands) < least + 0.02 * range && Math.max(...rands) > 0.1 - 0.02 * range, 'RAND up to both ends');
  const mean = rands.reduce((sum, rand) => sum + rand, 0) / rands.length;
  t.ok(Math.abs(mean - (least + 0.1) / 2) < 0.05 * range, 'and evenly');
  if (maxDelayMs > 0) t.ok(Math.max(...firsts) - Math.min(...firsts) > 0.9 * maxDelayMs, 'and so the delay');
}

/** Times of a message of a client until it gives up and sends Solicit. */
function untilSolicit(engine: ClientEngine, type: number): number[] {
  const times = timesOf(engine, [UP], type, 4);
  const { maximumDurationMs } = TRANSMISSION_PARAMETERS.confirm;
  const last = (times.at(-1) ?? 0) - (times[0] ?? 0);
  if (last >= maximumDurationMs) throw new Error(`sent ${last} ms after the first, beyond MRD`);
  return times;
}

function released(seed: number): ClientEngine {
  const engine = remembering(seed, 'prefix', 10 ** 8, 10 ** 8);
  engine.handle(UP, 0);
  engine.handle({ kind: 'release' }, 0);
  return engine;
}

function declined(seed: number): ClientEngine {
  const engine = remembering(seed, 'address', 10 ** 8, 10 ** 8);
  engine.handle(UP, 0);
  engine.handle({ kind: 'duplicate', address: ADDRESS }, 0);
  return engine;
}

t.test(`D6C-07: Request ten times, then Solicit again, over ${SEEDS} seeds`, async (t) => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const sent: number[] = [];
    const next = requested(seed, sent);
    const fault =
      sent.length === 10
        ? wrong(
            'request',
            sent.map((at) => at - (sent[0] as number)),
          )
        : `${sent.length} messages`;
    if (fault !== undefined) return t.fail(`seed ${seed}: ${fault}`);
    if (next !== MessageType.solicit) return t.fail(`seed ${seed}: ${next} follows`);
  }
});

/** Runs a client into a silent Request. @returns the type of the message behind the last Request */
function requested(seed: number, sent: number[]): number {
  const engine = fresh(seed);
  let now = 0;
  let answered = false;
  engine.handle(UP, now);
  for (;;) {
    for (let output = engine.poll(); output !== undefined; output = engine.poll()) {
      if (output.kind !== 'send') continue;
      if (output.messageType === MessageType.request) sent.push(now);
      else if (sent.length > 0) return output.messageType;
      if (output.messageType !== MessageType.solicit || answered) continue;
      answered = true;
      const payload = ADVERTISE.slice();
      payload.set(output.payload.subarray(1, 4), 1);
      engine.handle({ kind: 'datagram', payload, source: ADDRESS, sourcePort: 547 }, now);
    }
    now = Math.max(now, engine.deadline() ?? now);
    engine.handle({ kind: 'timeout' }, now);
  }
}

/** An Advertise with preference 255; its transaction id is to be filled in. */
const ADVERTISE = ((): Uint8Array => {
  const client = new SimulatedClient();
  client.up();
  return client.reply({ preference: 255 });
})();

t.test(`D6C-07: Renew from T1 to T2 and Rebind to the end of the lease, over ${SEEDS} seeds`, async (t) => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const t1 = 1000 * (100 + (seed % 900));
    const t2 = t1 * 1.6;
    const engine = bound(seed, t1 / 1000, Math.floor(t2 / 1000), Math.floor(t2 / 1000) * 2);
    const { renewAt, rebindAt, validUntil } = engine.configuration.delegations[0] as never;
    const renews: number[] = [];
    const rebinds: number[] = [];
    let now = 0;
    while (now <= validUntil) {
      now = Math.max(now, engine.deadline() ?? Number.POSITIVE_INFINITY);
      engine.handle({ kind: 'timeout' }, now);
      for (let output = engine.poll(); output !== undefined; output = engine.poll()) {
        if (output.kind !== 'send') continue;
        if (output.messageType === MessageType.renew) renews.push(now);
        if (output.messageType === MessageType.rebind) rebinds.push(now);
      }
    }
    const faults = [
      renews[0] === renewAt ? undefined : `Renew at ${renews[0]}, not at T1`,
      rebinds[0] === rebindAt ? undefined : `Rebind at ${rebinds[0]}, not at T2`,
      (renews.at(-1) ?? 0) < rebindAt ? undefined : 'Renew behind T2',
      (rebinds.at(-1) ?? 0) < validUntil ? undefined : 'Rebind behind the end',
      wrong(
        'renew',
        renews.map((at) => at - renewAt),
      ),
      wrong(
        'rebind',
        rebinds.map((at) => at - rebindAt),
      ),
    ].filter((fault) => fault !== undefined);
    if (faults.length > 0) return t.fail(`seed ${seed}: ${faults}`);
  }
});

/** A client that is bound at 0, to a prefix. */
function bound(seed: number, t1: number, t2: number, valid: number): ClientEngine {
  const engine = new ClientEngine({ ...defaultClientConfig(DUID), addresses: [] }, { random: seeded(seed) });
  const answers = [ADVERTISE.slice(), REPLIES(t1, t2, valid)];
  engine.handle(UP, -2000);
  for (let now = -2000; engine.state !== 'bound'; now = 0) {
    if (engine.state === 'soliciting' && now < 0) engine.handle({ kind: 'timeout' }, engine.deadline() ?? 0);
    for (let output = engine.poll(); output !== undefined; output = engine.poll()) {
      const payload = output.kind === 'send' ? answers.shift() : undefined;
      if (payload === undefined || output.kind !== 'send') continue;
      payload.set(output.payload.subarray(1, 4), 1);
      engine.handle({ kind: 'datagram', payload, source: ADDRESS, sourcePort: 547 }, 0);
    }
  }
  return engine;
}

const replier = new SimulatedClient();
replier.up();
replier.answer({ preference: 255 });
/** A Reply with such times; its transaction id is to be filled in. */
const REPLIES = (t1: number, t2: number, valid: number): Uint8Array =>
  replier.reply({ pd: [{ t1, t2, leases: [{ preferred: valid, valid }] }] });

t.test('D6C-07: SOL_MAX_RT and INF_MAX_RT bound what follows, within 60 s to a day', async (t) => {
  for (const [value, maximum] of [
    [60, 60],
    [86_400, 86_400],
    [59, 3600],
    [86_401, 3600],
    [0, 3600],
  ] as const) {
    const client = new SimulatedClient();
    client.up();
    client.answer({ pd: [], options: [{ kind: 'solMaxRt', value }] });
    t.strictSame(client.discarded(), ['no-leases'], 'an Advertise that is of no other use');
    client.advance(40 * 86_400_000);
    const times = client.sent().map(({ at }) => at);
    const rt = (times.at(-1) ?? 0) - (times.at(-2) ?? 0);
    t.ok(rt >= 900 * maximum && rt <= 1100 * maximum, `${value}: ${rt} ms`);
  }
  const both = new SimulatedClient();
  both.up();
  both.answer({ pd: [], options: [{ kind: 'solMaxRt', value: 60 }] });
  both.answer({ pd: [], options: [{ kind: 'solMaxRt', value: 120 }] });
  both.advance(20 * 86_400_000);
  const times = both.sent().map(({ at }) => at);
  t.ok((times.at(-1) ?? 0) - (times.at(-2) ?? 0) > 3000_000, 'who contradict each other are not heard');

  const stateless = new SimulatedClient({ stateless: true });
  stateless.up();
  stateless.answer({
    pd: [],
    options: [
      { kind: 'infMaxRt', value: 90 },
      { kind: 'informationRefreshTime', value: 600 },
    ],
  });
  stateless.forget();
  stateless.advance(86_400_000);
  const asked = stateless.sent().map(({ at }) => at);
  const last = (asked.at(-1) ?? 0) - (asked.at(-2) ?? 0);
  t.ok(last >= 81_000 && last <= 99_000, `a Reply as well: ${last} ms`);
});

t.test('D6C-06: T1 and T2, and what a server leaves to the client', async (t) => {
  const never = Number.POSITIVE_INFINITY;
  for (const [t1, t2, preferred, valid, expected, name] of [
    [1000, 1600, 2000, 4000, [1000, 1600], 'as the server says'],
    [0, 0, 2000, 4000, [1000, 1600], 'zero: half and four fifths of the preferred lifetime'],
    [0, 0, 4, 4, [5, 5], 'of next to none'],
    [0, 0, 0, 4000, [2000, 3200], 'not preferred any longer: of the valid lifetime'],
    [0, 800, 2000, 4000, [500, 800], 'T1 before a T2 that is early'],
    [0, 3000, 2000, 4000, [1000, 3000], 'only T1 is left to the client'],
    [1000, 0, 2000, 4000, [1000, 2800], 'only T2 is'],
    [1800, 0, 2000, 2000, [1800, 1920], 'and comes behind T1'],
    [5000, 6000, 2000, 4000, [1000, 1600], 'a T1 behind the end'],
    [4000, 4000, 2000, 4000, [1000, 1600], 'or at it'],
    [1000, 6000, 2000, 4000, [1000, 2800], 'a T2 behind the end'],
    [1600, 1600, 2000, 4000, [1600, 1600], 'both the same'],
    [1, 2, 2000, 4000, [5, 5], 'a T1 that would flood the server'],
    [INFINITE_SECONDS, INFINITE_SECONDS, never, never, [never, never], 'never'],
    [0, 0, never, never, [never, never], 'a lease without end'],
    [INFINITE_SECONDS, 0, 2000, 4000, [never, never], 'never, and T2 comes no sooner than T1'],
    [INFINITE_SECONDS, 0, never, never, [never, never], 'likewise, without end'],
    [1000, INFINITE_SECONDS, never, never, [1000, never], 'a Renew, and no Rebind'],
    [0, 0, 3000, never, [1500, 2400], 'valid for ever, but not preferred'],
    [600, 300, 2000, 4000, undefined, 'reversed: discarded'],
    [INFINITE_SECONDS, 300, 2000, 4000, undefined, 'reversed as well'],
  ] as const) {
    const times = iaTimes(t1, t2, [{ preferredSeconds: preferred, validSeconds: valid }]);
    t.strictSame(times && [times.renewalSeconds, times.rebindingSeconds], expected, name);
  }
  const two = [
    { preferredSeconds: 4000, validSeconds: 8000 },
    { preferredSeconds: 2000, validSeconds: 4000 },
  ];
  t.strictSame(iaTimes(0, 0, two), { renewalSeconds: 1000, rebindingSeconds: 1600 }, 'of the shortest');
});

t.test('D6C-06: T1 = T2 = 0 does not make the client spin', async (t) => {
  const zero = { pd: [{ t1: 0, t2: 0, leases: [{ preferred: 0, valid: 1 }] }] };
  const client = new SimulatedClient().acquire(zero).forget();
  const end = client.now + 3600_000;
  while (client.now < end) {
    client.step();
    if (client.log.at(-1)?.output.kind === 'send') client.answer(zero);
  }
  t.ok(client.sent().length <= 3600, `${client.sent().length} messages in an hour`);
  const ordinary = { pd: [{ t1: 0, t2: 0 }] };
  const other = new SimulatedClient().acquire(ordinary).forget();
  t.equal(other.configuration.delegations[0]?.renewAt, other.now + 1800_000);
  t.equal(other.configuration.delegations[0]?.rebindAt, other.now + 2880_000);
});

t.test('RFC 9915 14.1: never more than 20 messages in 20 s, whatever servers and cables do', async (t) => {
  for (let seed = 0; seed < SOME; seed++) {
    const random = seeded(seed);
    const client = new SimulatedClient({ addresses: [{ iaid: 1 }], rapidCommit: seed % 2 === 0 }, { seed });
    client.up();
    for (let i = 0; i < 300; i++) {
      const dice = random();
      if (dice < 0.1) client.down();
      if (dice < 0.15) client.up();
      if (dice > 0.9) client.handle({ kind: 'renew' });
      if (dice > 0.8) client.handle({ kind: 'duplicate', address: ADDRESS });
      client.now += random() * 50;
      const pd = { t1: 1, t2: 1, leases: [{ preferred: 1, valid: random() < 0.5 ? 0 : 1 }] };
      const na = { t1: 1, t2: 1, leases: [{ preferred: 1, valid: 6 }] };
      client.answer({
        preference: 255,
        pd: [pd],
        na: [na],
        status: Math.floor(random() * 7),
        options: [{ kind: 'rapidCommit', value: true }],
      });
      client.answer({ preference: 255, pd: [pd], na: [na], options: [{ kind: 'rapidCommit', value: true }] });
      client.handle({ kind: 'timeout' });
      if (random() < 0.2) client.step();
    }
    const times = client.sent().map(({ at }) => at);
    for (const [i, at] of times.entries()) {
      const before = times[i - 20];
      if (before !== undefined && at - before < 20_000 - EPSILON)
        return t.fail(`seed ${seed}: 21 messages in ${at - before} ms`);
    }
  }
});

t.test('early and repeated time-outs do nothing, and a clock that leaps makes one thing happen', async (t) => {
  const client = new SimulatedClient();
  client.up();
  for (const state of ['soliciting', 'requesting', 'bound', 'renewing'] as const) {
    t.equal(client.engine.state, state);
    client.forget();
    const deadline = client.engine.deadline() as number;
    const { now } = client;
    for (const at of [now, (now + deadline) / 2, deadline - 0.001]) {
      client.now = at;
      client.handle({ kind: 'timeout' });
      client.handle({ kind: 'timeout' });
    }
    t.equal(client.log.length, 0, state);
    t.equal(client.engine.deadline(), deadline);
    if (state === 'bound') client.step();
    else client.answer({ preference: 255 });
  }
  for (const [leap, type] of [
    [1800_000, MessageType.renew],
    [2880_000, MessageType.rebind],
    [7200_000, MessageType.solicit],
    [10 ** 12, MessageType.solicit],
  ] as const) {
    const sleeper = new SimulatedClient().acquire().forget();
    sleeper.now += leap;
    for (let i = 0; i < 5; i++) sleeper.handle({ kind: 'timeout' });
    t.strictSame(
      sleeper.sent().map((sent) => sent.type),
      [type],
      `one message after ${leap} ms`,
    );
  }
});

t.test('a time or a wait that is not a number is refused, and does no harm', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const deadline = client.engine.deadline();
  for (const now of [Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => client.engine.handle({ kind: 'timeout' }, now), RangeError);
  }
  t.equal(client.engine.deadline(), deadline);
  client.now -= 500_000;
  client.handle({ kind: 'timeout' });
  t.equal(client.engine.deadline(), deadline, 'a clock that goes back stands still');
  for (const value of [Number.NaN, -1]) {
    const solicit = { ...TRANSMISSION_PARAMETERS.solicit, initialMs: value };
    t.throws(() => new SimulatedClient({ timings: { ...TRANSMISSION_PARAMETERS, solicit } }), { code: 'out-of-range' });
    t.throws(() => new SimulatedClient({ rateLimit: { messages: value, intervalMs: 1 } }), { code: 'out-of-range' });
  }
  t.throws(() => new SimulatedClient({ delegations: [{ iaid: 1 }, { iaid: 1 }] }), { code: 'bad-value' });
  t.throws(() => new SimulatedClient({ prefixLengthHints: [129] }), { code: 'out-of-range' });
});
