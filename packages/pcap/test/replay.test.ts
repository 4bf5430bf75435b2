import fc from 'fast-check';
import t from 'tap';
import { type Engine, replay, type Timeout } from '../src/index.ts';

type Input = { readonly kind: 'data'; readonly text: string };

/** Tells everything it handles, and asks for a time-out every `interval` ms from its first input on, `count` times. */
class Ticker implements Engine<Input | Timeout, string> {
  readonly #interval: number;
  readonly #outputs: string[];
  #left: number;
  #deadline: number | undefined;
  last = Number.NEGATIVE_INFINITY;

  constructor(interval: number, count: number, outputs: string[] = []) {
    this.#interval = interval;
    this.#left = count;
    this.#outputs = outputs;
  }

  handle(input: Input | Timeout, now: number): void {
    if (now < this.last) throw new Error('the clock went back');
    this.last = now;
    if (input.kind === 'data') this.#deadline ??= now + this.#interval;
    else this.#deadline = --this.#left > 0 ? now + this.#interval : undefined;
    this.#outputs.push(input.kind === 'data' ? `${input.text}1` : 'tick');
    if (input.kind === 'data') this.#outputs.push(`${input.text}2`);
  }

  poll(): string | undefined {
    return this.#outputs.shift();
  }

  deadline(): number | undefined {
    return this.#deadline;
  }
}

const at = (timestamp: bigint | undefined, text: string): { timestamp: bigint | undefined; text: string } => ({
  timestamp,
  text,
});
const data = ({ text }: { text: string }): Input | undefined => (text === '' ? undefined : { kind: 'data', text });

t.test('packets by their times, time-outs between them, outputs after each', async (t) => {
  const packets = [at(5_000_000_000n, 'a'), at(5_025_500_000n, 'b')];
  const outputs = [...replay(packets, new Ticker(10, 99), data, { start: 1000 })];
  t.strictSame(outputs, [
    { output: 'a1', now: 1000, cause: { kind: 'packet', packet: packets[0] } },
    { output: 'a2', now: 1000, cause: { kind: 'packet', packet: packets[0] } },
    { output: 'tick', now: 1010, cause: { kind: 'timeout' } },
    { output: 'tick', now: 1020, cause: { kind: 'timeout' } },
    { output: 'b1', now: 1025.5, cause: { kind: 'packet', packet: packets[1] } },
    { output: 'b2', now: 1025.5, cause: { kind: 'packet', packet: packets[1] } },
  ]);
});

const brief = (outputs: Iterable<{ output: string; now: number }>): string[] =>
  [...outputs].map(({ output, now }) => `${now} ${output}`);

t.test('a deadline at the very time of a packet comes before it', async (t) => {
  const packets = [at(0n, 'a'), at(10_000_000n, 'b')];
  t.strictSame(brief(replay(packets, new Ticker(10, 1), data)), ['0 a1', '0 a2', '10 tick', '10 b1', '10 b2']);
});

t.test('what the engine wants at the start comes first', async (t) => {
  const outputs = [...replay([], new Ticker(10, 1, ['hello']), data, { start: 7 })];
  t.strictSame(outputs, [{ output: 'hello', now: 7, cause: { kind: 'start' } }]);
});

t.test('goes on after the last packet when told to', async (t) => {
  t.strictSame(brief(replay([at(0n, 'a')], new Ticker(10, 9), data, { until: 25 })), [
    '0 a1',
    '0 a2',
    '10 tick',
    '20 tick',
  ]);
  t.strictSame(brief(replay([at(0n, 'a')], new Ticker(10, 2), data, { until: 1e9 })), [
    '0 a1',
    '0 a2',
    '10 tick',
    '20 tick',
  ]);
});

t.test("the origin says where the capture starts on the engine's clock", async (t) => {
  const packets = [at(3_000_000_000n, 'a')];
  t.strictSame(brief(replay(packets, new Ticker(10, 1), data, { origin: 1_000_000_000n })), ['2000 a1', '2000 a2']);
});

t.test('time never goes back', async (t) => {
  const packets = [at(10_000_000n, 'a'), at(2_000_000n, 'b'), at(undefined, 'c'), at(11_000_000n, 'd')];
  t.strictSame(
    brief(replay(packets, new Ticker(100, 1), data)).filter((text) => text.endsWith('1')),
    ['0 a1', '0 b1', '0 c1', '1 d1'],
  );
});

t.test('a packet that is left out lets its time pass', async (t) => {
  const packets = [at(0n, 'a'), at(15_000_000n, '')];
  t.strictSame(brief(replay(packets, new Ticker(10, 9), data)), ['0 a1', '0 a2', '10 tick']);
});

t.test('packets without any time come at the start', async (t) => {
  const packets = [at(undefined, 'a'), at(9_000_000n, 'b'), at(10_000_000n, 'c')];
  t.strictSame(
    brief(replay(packets, new Ticker(99, 1), data, { start: 3 })).filter((text) => text.endsWith('1')),
    ['3 a1', '3 b1', '4 c1'],
  );
});

t.test('an engine whose deadline does not move is an error, not a hang', async (t) => {
  const stuck: Engine<Timeout, never> = { handle: () => {}, poll: () => undefined, deadline: () => 5 };
  t.throws(() => [...replay([], stuck, () => undefined, { until: 10 })], Error);
});

t.test('whatever the times, the clock never goes back and no deadline is missed', async () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt(0n, 100_000_000n), { maxLength: 20 }), (times) => {
      const packets = times.map((time, i) => at(time, String(i)));
      let now = 0;
      let ticks = 0;
      for (const { output, now: time } of replay(packets, new Ticker(7, 1000), data)) {
        if (time < now) return false;
        now = time;
        if (output === 'tick') ticks++;
      }
      return ticks === Math.floor(now / 7);
    }),
    { numRuns: 200 },
  );
});
