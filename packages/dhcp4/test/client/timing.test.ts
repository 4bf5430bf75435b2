/** Every timing rule of RFC 2131 sections 4.1 and 4.4.5, over many seeds, on the engine's own deadlines. */
import t, { type Test } from 'tap';
import type { ClientConfig } from '../../src/client/config.ts';
import { defaultClientConfig } from '../../src/client/default-config.ts';
import { leaseTimes } from '../../src/client/lease-from-ack.ts';
import { MessageType } from '../../src/message.ts';
import { ADDRESS, MAC, SERVER, SimulatedClient, seeded } from './simulated-client.ts';

const SEEDS = Array.from({ length: 50 }, (_, seed) => seed);

/** The waits between the messages that a client sends. */
function gaps(client: SimulatedClient): number[] {
  const times = client.sent().map(({ at }) => at);
  return times.slice(1).map((at, i) => at - (times[i] as number));
}

function within(t: Test, value: number, middle: number, spread: number, name: string): void {
  t.ok(Math.abs(value - middle) <= spread, `${name}: ${value} is ${middle} ± ${spread}`);
}

t.test('D4C-06 DHCPDISCOVER after 4, 8, 16, 32, 64, 64 s, each ± 1 s, for ever', async (t) => {
  const all: number[][] = [];
  for (const seed of SEEDS) {
    const client = new SimulatedClient({}, { seed });
    client.up();
    client.advance(86_400_000);
    const waits = gaps(client);
    for (const [i, wait] of waits.entries()) {
      const middle = Math.min(4000 * 2 ** i, 64_000);
      if (Math.abs(wait - middle) > 1000) t.fail(`wait ${i} of seed ${seed} is ${wait}`);
    }
    t.ok(waits.length > 1300 && waits.length < 1400, 'a day of one a minute');
    t.equal(new Set(client.sent().map(({ message }) => message.xid)).size, 1, 'the same exchange, the same xid');
    t.equal(client.last().secs, 0xffff, 'secs stops at what its field holds');
    all.push(waits);
  }
  const offsets = all.flat().map((wait) => (wait % 4000 > 2000 ? (wait % 4000) - 4000 : wait % 4000));
  const mean = offsets.reduce((sum, offset) => sum + offset, 0) / offsets.length;
  t.ok(Math.abs(mean) < 20, 'uniform: as often longer as shorter');
  t.ok(Math.min(...offsets.slice(0, 5000)) < -950 && Math.max(...offsets.slice(0, 5000)) > 950, 'up to both ends');
});

t.test('D4C-06 DHCPREQUEST in REQUESTING four times in about 60 s, then INIT (3.1 step 5)', async (t) => {
  for (const seed of SEEDS) {
    const client = new SimulatedClient({}, { seed });
    client.up();
    client.now += 50;
    client.answer();
    client.forget();
    const begun = client.now;
    while (client.engine.state === 'requesting') client.step();
    const requests = client.sent().filter(({ type }) => type === MessageType.request);
    // The first of the four was sent by `answer`, and its log is gone.
    t.equal(requests.length, 3);
    within(t, client.now - begun, 60_000, 4000, 'total delay');
    t.strictSame(client.states(), ['init', 'selecting'], 'starts over at once');
  }
});

t.test('RFC 2131 4.4.1: the first DHCPDISCOVER waits 1 to 10 s', async (t) => {
  const delays = SEEDS.map((seed) => {
    const client = new SimulatedClient({ startDelayMs: [1000, 10_000] }, { seed });
    client.up();
    t.equal(client.sent().length, 0);
    return client.step();
  });
  t.ok(Math.min(...delays) >= 1000 && Math.max(...delays) <= 10_000);
  t.ok(Math.max(...delays) - Math.min(...delays) > 6000, 'and uses that range');
});

t.test('D4C-05 T1 and T2 count from the sending of the DHCPREQUEST', async (t) => {
  const client = new SimulatedClient();
  client.up();
  client.now += 100;
  client.answer();
  const requestedAt = client.now;
  client.now += 1500;
  client.answer({ t1: 600, t2: 1200, lease: 1800 });
  t.match(client.engine.lease, {
    acquiredAt: requestedAt + 1500,
    renewAt: requestedAt + 600_000,
    rebindAt: requestedAt + 1200_000,
    expiresAt: requestedAt + 1800_000,
  });
  // The answer to a repetition counts from the repetition.
  client.advance(600_000);
  t.equal(client.engine.state, 'renewing');
  const wait = client.step();
  client.now += 10;
  client.answer({ t1: 600, t2: 1200, lease: 1800 });
  t.equal(client.engine.lease?.renewAt, client.now - 10 + 600_000);
  t.ok(wait >= 60_000);
});

t.test('D4C-06 RENEWING and REBINDING retry after half of what remains, at least 60 s', async (t) => {
  for (const lease of [120, 600, 3600, 86_400, 31_536_000]) {
    const client = new SimulatedClient().acquire({ lease });
    const { renewAt, rebindAt, expiresAt } = client.engine.lease as NonNullable<typeof client.engine.lease>;
    client.forget();
    client.advance(expiresAt - client.now + 1);
    t.strictSame(client.states(), ['renewing', 'rebinding', 'selecting']);
    const messages = client.sent().slice(0, -1);
    const renewals = messages.filter(({ send }) => send.destination.equals(SERVER)).map(({ at }) => at);
    const rebinds = messages.filter(({ send }) => send.destination.isBroadcast).map(({ at }) => at);
    for (const [times, start, end] of [
      [renewals, renewAt, rebindAt],
      [rebinds, rebindAt, expiresAt],
    ] as const) {
      t.equal(times[0], start, 'at once when the time has come');
      for (const [i, at] of times.entries()) {
        const next = times[i + 1];
        const due = at + Math.max((end - at) / 2, 60_000);
        if (next !== undefined) t.equal(Math.round(next), Math.round(due), `lease ${lease}, retry ${i}`);
        else t.ok(due >= end, `lease ${lease}: no retry was left out before the end`);
      }
    }
    t.equal(client.sent().at(-1)?.type, MessageType.discover);
    t.equal(client.sent().at(-1)?.at, expiresAt);
  }
});

t.test('T1 and T2: defaults and what a server must not send (4.4.5)', async (t) => {
  const none = undefined;
  const forever = Number.POSITIVE_INFINITY;
  for (const [lease, t1, t2, expected, name] of [
    [1000, none, none, [500, 875, 1000], 'defaults 0.5 and 0.875'],
    [1000, 300, 600, [300, 600, 1000], 'as the server says'],
    [1000, 0, 0, [500, 875, 1000], 'zero is no time'],
    [1000, 600, 300, [500, 875, 1000], 'reversed'],
    [1000, 600, 600, [500, 875, 1000], 'T1 MUST be earlier than T2'],
    [1000, 1000, none, [500, 875, 1000], 'T1 at the end'],
    [1000, 2000, 3000, [500, 875, 1000], 'both behind the end'],
    [1000, none, 2000, [500, 875, 1000], 'T2 behind the end'],
    [1000, none, 400, [200, 400, 1000], 'T2 before the default of T1'],
    [1000, none, 900, [500, 900, 1000], 'T2 behind the default of T1'],
    [1000, 900, none, [900, 975, 1000], 'T1 behind the default of T2'],
    [1000, 1, none, [5, 875, 1000], 'a T1 that would flood the server'],
    [1000, 1, 2, [500, 875, 1000], 'a T1 and T2 that would'],
    [0, none, none, [5, 8.75, 10], 'a lease of nothing'],
    [1, none, none, [5, 8.75, 10], 'a lease of a second'],
    [0, 0, 0, [5, 8.75, 10], 'all zero'],
    [none, none, none, [300, 525, 600], 'no option 51: ten minutes'],
    [none, 800, none, [800, 1400, 1600], 'no option 51 but T1'],
    [0xffff_ffff, none, none, [forever, forever, forever], 'a lease without end'],
    [0xffff_ffff, 10, 20, [forever, forever, forever], 'which has no T1 either'],
    [0xffff_fffe, none, none, [0xffff_fffe / 2, 0xffff_fffe * 0.875, 0xffff_fffe], 'the longest one with an end'],
  ] as const) {
    const times = leaseTimes(lease, t1, t2);
    t.strictSame([times.renewalSeconds, times.rebindingSeconds, times.leaseSeconds], expected, name);
  }
});

t.test('T1 < T2 < end and nothing too short, for any values', async (t) => {
  const random = seeded(99);
  const some = (): number | undefined => (random() < 0.3 ? undefined : Math.floor(random() * 10 ** (random() * 9.6)));
  for (let i = 0; i < 20_000; i++) {
    const [lease, t1, t2] = [some(), some(), some()];
    const times = leaseTimes(lease, t1, t2);
    const ok =
      times.renewalSeconds >= 5 &&
      times.renewalSeconds < times.rebindingSeconds &&
      times.rebindingSeconds < times.leaseSeconds;
    if (!ok) return t.fail(`${lease}, ${t1}, ${t2} give ${JSON.stringify(times)}`);
  }
});

t.test('a lease of no time at all does not make the client spin', async (t) => {
  const client = new SimulatedClient().acquire({ lease: 0 });
  client.forget();
  const end = client.now + 3600_000;
  while (client.now < end) {
    client.step();
    if (client.log.at(-1)?.output.kind === 'send') client.answer({ lease: 0 });
  }
  t.ok(client.sent().length <= 2 * 720, 'one message in five seconds, whatever the server grants');
  t.ok(client.sent().length >= 700);
});

t.test('renewals without option 51 are as long as the first, however slow the answers are', async (t) => {
  const client = new SimulatedClient().acquire();
  for (let i = 0; i < 20; i++) {
    client.step();
    const asked = client.now;
    client.now += 3000;
    client.answer({ lease: undefined });
    t.equal(client.engine.lease?.expiresAt, asked + 3600_000);
  }
});

t.test('a lease without end asks for nothing, and renews on request', async (t) => {
  const client = new SimulatedClient().acquire({ lease: 0xffff_ffff });
  t.equal(client.engine.deadline(), undefined);
  client.forget();
  client.handle({ kind: 'renew' });
  t.equal(client.engine.state, 'renewing');
  t.equal(client.sent().length, 1);
  client.advance(36_000_000);
  t.equal(client.sent().length, 11, 'silence is not worth more than one message an hour');
  client.answer({ lease: 0xffff_ffff });
  t.equal(client.engine.state, 'bound');
  t.equal(client.engine.deadline(), undefined);
});

t.test('early and repeated time-outs do nothing', async (t) => {
  const client = new SimulatedClient();
  client.up();
  for (const state of ['selecting', 'requesting', 'bound', 'renewing']) {
    t.equal(client.engine.state, state);
    client.forget();
    const deadline = client.engine.deadline() as number;
    const now = client.now;
    for (const at of [now, (now + deadline) / 2, deadline - 0.001]) {
      client.now = at;
      client.handle({ kind: 'timeout' });
      client.handle({ kind: 'timeout' });
    }
    t.equal(client.log.length, 0, state);
    t.equal(client.engine.deadline(), deadline);
    if (state === 'bound') client.step();
    else client.answer();
  }
});

t.test('a clock that leaps makes one thing happen, and the right one', async (t) => {
  for (const [leap, state, type, destination] of [
    [1800_000, 'renewing', MessageType.request, '192.0.2.1'],
    [3200_000, 'rebinding', MessageType.request, '255.255.255.255'],
    [3600_000, 'selecting', MessageType.discover, '255.255.255.255'],
    [10 ** 12, 'selecting', MessageType.discover, '255.255.255.255'],
  ] as const) {
    const client = new SimulatedClient().acquire().forget();
    client.now += leap;
    for (let i = 0; i < 5; i++) client.handle({ kind: 'timeout' });
    t.equal(client.engine.state, state);
    t.equal(client.sent().length, 1, `one message after ${leap} ms`);
    t.equal(client.sent()[0]?.type, type);
    t.equal(client.last().secs, 0, 'the process begins now, not when the lease was got');
    t.equal(client.sent()[0]?.send.destination.toString(), destination);
    t.ok((client.engine.deadline() as number) > client.now);
    t.ok(client.engine.lease?.address.address.equals(ADDRESS), 'and the address stays');
  }
});

t.test('a clock that goes back stands still', async (t) => {
  const client = new SimulatedClient().acquire().forget();
  const deadline = client.engine.deadline();
  const latest = client.now;
  client.now -= 500_000;
  client.handle({ kind: 'timeout' });
  client.handle({ kind: 'renew' });
  t.equal(client.engine.lease?.renewAt, deadline);
  const rebindAt = client.engine.lease?.rebindAt as number;
  t.equal(client.engine.deadline(), latest + (rebindAt - latest) / 2);
});

t.test('a time or a wait that is not a number is refused, and does no harm', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const deadline = client.engine.deadline();
  for (const now of [Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => client.engine.handle({ kind: 'timeout' }, now), RangeError);
  }
  t.equal(client.engine.deadline(), deadline);
  client.step();
  t.equal(client.sent().length, 2);

  const { retry } = defaultClientConfig(MAC);
  for (const value of [Number.NaN, -1]) {
    const odd: Partial<ClientConfig>[] = [
      { selectingWindowMs: value },
      { declineWaitMs: value },
      { probePace: value },
      { startDelayMs: [value, 0] },
      { startDelayMs: [0, value] },
      ...Object.keys(retry).map((name) => ({ retry: { ...retry, [name]: value } })),
    ];
    t.equal(odd.length, 10);
    for (const overrides of odd) t.throws(() => new SimulatedClient(overrides), { code: 'out-of-range' });
  }
});
