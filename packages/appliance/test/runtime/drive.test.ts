import t from 'tap';
import { type Drive, drive, type Engine, type Receive, type Timeout, type Transport } from '../../src/runtime/drive.ts';
import { createLog } from '../../src/runtime/log.ts';
import { systemClock } from '../../src/system/clock.ts';

type Input = { readonly kind: 'number'; readonly value: number } | Timeout;
type Output = { readonly kind: 'echo'; readonly value: number } | { readonly kind: 'late'; readonly at: number };

/** Echoes numbers twice, throws at -1, and wants to be called at `at`. */
class Echo implements Engine<Input, Output> {
  at: number | undefined;
  readonly outputs: Output[] = [];
  handle(input: Input, now: number): void {
    if (input.kind === 'timeout') {
      if (this.at === undefined || now < this.at) return;
      this.outputs.push({ kind: 'late', at: now });
      this.at = undefined;
      return;
    }
    if (input.value === -1) throw new Error('bad number');
    this.outputs.push({ kind: 'echo', value: input.value }, { kind: 'echo', value: input.value });
  }
  poll(): Output | undefined {
    return this.outputs.shift();
  }
  deadline(): number | undefined {
    return this.at;
  }
}

class Recorder implements Transport<Input, Output> {
  readonly events: string[] = [];
  receive: Receive<Input> = () => {};
  onFlush: () => void | Promise<void> = () => {};
  start(receive: Receive<Input>): void {
    this.receive = receive;
  }
  perform(output: Output): void {
    this.events.push(output.kind === 'echo' ? `echo ${output.value}` : 'late');
    if (output.kind === 'echo' && output.value === 13) throw new Error('unlucky');
  }
  flush(): void | Promise<void> {
    this.events.push('flush');
    return this.onFlush();
  }
  close(): void {
    this.events.push('close');
  }
  take(): string[] {
    return this.events.splice(0);
  }
}

const number = (value: number): Input => ({ kind: 'number', value });

function run(engine = new Echo()): { engine: Echo; transport: Recorder; lines: string[]; driven: Drive<Input> } {
  const transport = new Recorder();
  const lines: string[] = [];
  const driven = drive<Input, Output>(
    engine,
    transport,
    systemClock,
    createLog((line) => lines.push(line)),
  );
  return { engine, transport, lines, driven };
}

t.test('outputs are drained after each input, and flushed once a batch', async (t) => {
  const engine = new Echo();
  engine.outputs.push({ kind: 'echo', value: 0 });
  const { transport, driven } = run(engine);
  t.same(transport.take(), ['echo 0', 'flush'], 'what the engine has to say at the start');
  t.equal(transport.receive([number(1), number(2)]), undefined);
  t.same(transport.take(), ['echo 1', 'echo 1', 'echo 2', 'echo 2', 'flush']);
  driven.input(number(3));
  t.same(transport.take(), ['echo 3', 'echo 3', 'flush']);
  await driven.close();
  t.same(transport.take(), ['close']);
  transport.receive([number(4)]);
  t.same(transport.take(), [], 'nothing after the end');
});

t.test('errors of the engine and of the transport are told and end nothing', async (t) => {
  const { transport, lines, driven } = run();
  transport.take();
  transport.receive([number(-1), number(13), number(2)]);
  t.same(transport.take(), ['echo 13', 'echo 13', 'echo 2', 'echo 2', 'flush']);
  t.match(lines[0], /^error engine failed input=number error="bad number"/);
  t.match(lines[1], /^error output failed output=echo error=unlucky\n$/);
  transport.onFlush = () => {
    throw new Error('no disk');
  };
  transport.receive([number(1)]);
  t.match(lines.at(-1), /^error flush failed error="no disk"/);
  transport.onFlush = () => Promise.reject(new Error('still no disk'));
  await transport.receive([number(1)]);
  t.match(lines.at(-1), /still no disk/);
  transport.onFlush = () => {};
  transport.take();
  transport.receive([number(5)]);
  t.same(transport.take(), ['echo 5', 'echo 5', 'flush']);
  await driven.close();
});

t.test('while a flush is pending no input is handled; then all are, in order', async (t) => {
  const { transport, driven } = run();
  transport.take();
  let release = (): void => {};
  transport.onFlush = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  const first = transport.receive([number(1)]);
  const second = transport.receive([number(2)]);
  const third = transport.receive([number(3)]);
  t.same(transport.take(), ['echo 1', 'echo 1', 'flush']);
  release();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  t.same(transport.take(), ['echo 2', 'echo 2', 'flush']);
  transport.onFlush = () => {};
  release();
  await Promise.all([second, third]);
  t.same(transport.take(), ['echo 3', 'echo 3', 'flush']);
  await driven.close();
});

t.test('a deadline that comes while a flush is pending waits for its end', async (t) => {
  const { engine, transport, driven } = run();
  // Later than a busy machine comes to what follows.
  engine.at = systemClock.now() + 100;
  transport.receive([number(1)]);
  transport.take();
  let release = (): void => {};
  transport.onFlush = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  const pending = transport.receive([number(2)]);
  await new Promise((resolve) => setTimeout(resolve, 120));
  t.same(transport.take(), ['echo 2', 'echo 2', 'flush']);
  transport.onFlush = () => {};
  release();
  await pending;
  while (transport.events.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  t.same(transport.take(), ['late', 'flush']);
  await driven.close();
});

t.test('one timer follows the deadline', async (t) => {
  const { engine, transport, driven } = run();
  transport.take();
  const start = systemClock.now();
  engine.at = start + 300;
  transport.receive([number(1)]);
  engine.at = start + 150; // sooner than what the timer was set to
  transport.receive([number(2)]);
  transport.take();
  while (!transport.events.includes('late')) await new Promise((resolve) => setTimeout(resolve, 1));
  t.ok(systemClock.now() - start >= 150);
  t.same(transport.take(), ['late', 'flush']);
  // A deadline farther away than a timer can be set.
  engine.at = systemClock.now() + 2 ** 40;
  transport.receive([number(3)]);
  transport.take();
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.same(transport.take(), []);
  engine.at = Number.POSITIVE_INFINITY;
  transport.receive([number(4)]);
  transport.take();
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.same(transport.take(), []);
  await driven.close();
});
