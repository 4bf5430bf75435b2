import './own-namespace.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import type { ServiceStatus } from '../../src/init/control.ts';
import { endLeftBehind } from '../../src/init/left-behind.ts';
import type { LogLine } from '../../src/init/log-ring.ts';
import { supervisorOptions } from '../../src/init/programs.ts';
import { environmentOf, isRunning } from '../../src/system/processes.ts';
import { until } from './own-namespace.ts';

const program = fileURLToPath(new URL('supervised-program.ts', import.meta.url));
t.setTimeout(600_000);

/** A supervisor in a process of its own, and its successors. */
class Site {
  readonly folder = mkdtempSync(join(tmpdir(), 'router7-init-'));
  readonly #words: readonly string[];
  #child: ChildProcess | undefined;
  /** What the present one has printed. */
  lines: string[] = [];

  constructor(t: Test, ...words: string[]) {
    this.#words = words;
    t.teardown(() => {
      this.#child?.kill('SIGKILL');
      for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  async start(): Promise<this> {
    const node = [
      '--conditions=@router7/source',
      ...supervisorOptions,
      program,
      'supervisor',
      this.folder,
      ...this.#words,
    ];
    const child = spawn(process.execPath, node, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.lines = [];
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.lines.push(...lines);
    });
    await this.line(/^begun /);
    return this;
  }

  line(pattern: RegExp): Promise<string> {
    return until(String(pattern), () => this.lines.some((line) => pattern.test(line))).then(
      () => this.lines.find((line) => pattern.test(line)) as string,
    );
  }

  /** Asks the supervisor, which answers with a line. */
  async ask(order: string, answer: string = order): Promise<string> {
    const before = this.lines.length;
    this.order(order);
    const find = (): string | undefined => this.lines.slice(before).find((line) => line.startsWith(`${answer} `));
    await until(order, () => find() !== undefined);
    return (find() as string).split(' ').slice(2).join(' ');
  }

  order(order: string): void {
    this.#child?.stdin?.write(`${order}\n`);
  }

  async list(): Promise<readonly ServiceStatus[]> {
    return JSON.parse(await this.ask('list'));
  }

  async states(): Promise<string> {
    return (await this.list()).map(({ state }) => state).join(' ');
  }

  async log(name: string): Promise<readonly LogLine[]> {
    return JSON.parse(await this.ask(`log ${name}`, 'log'));
  }

  async reach(states: string): Promise<void> {
    await until(states, async () => (await this.states()) === states);
  }

  async signal(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child as ChildProcess;
    const ended = once(child, 'exit');
    child.kill(signal);
    return (await ended)[0];
  }

  /** Has the supervisor do nothing from now on. */
  stopSupervisor(): void {
    this.#child?.kill('SIGSTOP');
  }

  pid(name: string): number {
    return Number(readFileSync(join(this.folder, `${name}.pid`), 'utf8'));
  }

  /** That of the pid file when there is one just now. */
  presentPid(name: string): number | undefined {
    try {
      return this.pid(name);
    } catch {
      return undefined;
    }
  }

  /** All processes that were ever started as services here. */
  processes(): readonly number[] {
    const socket = join(this.folder, 'supervisor.sock');
    const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return ids.map(Number).filter((pid) => environmentOf(pid, 'ROUTER7_SUPERVISOR') === socket && isRunning(pid));
  }
}

t.test('IN-11: a supervisor that is killed is followed by one that goes on with the same processes', async (t) => {
  const site = await new Site(t, 'a=server', 'b=server', 'c=server', 'b<a', 'c<b').start();
  await site.reach('running running running');
  const before = site.processes();
  t.equal(before.length, 3);
  await until('ten lines', async () => (await site.log('a')).length >= 10);
  const log = await site.log('a');
  const startTime = (await site.list())[0]?.startTime;
  await site.signal('SIGKILL');
  await sleep(500);
  t.same(site.processes(), before, 'nobody minds');
  await site.start();
  t.same(site.processes(), before);
  t.equal(await site.states(), 'running running running', 'at once');
  t.same((await site.list())[0]?.startTime, startTime);
  await site.line(/^told c goes on/);
  const last = (log.at(-1) as LogLine).number;
  await until('more lines', async () => ((await site.log('a')).at(-1) as LogLine).number > last);
  const after = await site.log('a');
  t.ok((after[0] as LogLine).number < last, 'lines of before are there');
  const numbers = after.map(({ text }) => Number(text.split(' ')[1]));
  t.same(
    numbers,
    numbers.map((_, i) => (numbers[0] as number) + i),
    'and none is missing, also of those that nobody was there to read',
  );

  // Several times, and fast: also while it is taking over.
  for (let i = 0; i < 3; i++) {
    await site.signal('SIGKILL');
    await site.start();
  }
  t.same(site.processes(), before);

  const [first, second] = [site.pid('a'), site.pid('b')];
  process.kill(first, 'SIGKILL');
  await site.line(/^told a ended with unknown status, starts again in 1 s/);
  process.kill(second, 'SIGUSR2');
  await site.line(/^told b ended with status 125, stays stopped/);
  await site.reach('running stopped running');
  t.equal((await site.list())[0]?.restarts, 1);
  t.not(site.pid('a'), first);
  t.notOk(existsSync(join(site.folder, 'b.pid')));
  await site.signal('SIGKILL');
  await site.start();
  t.equal(await site.states(), 'running stopped running', 'what was stopped stays stopped');
  t.equal(site.processes().length, 2);
  t.equal(await site.signal('SIGTERM'), 0);
  t.same(site.processes(), [], 'also those that it has not started itself');
  await site.start();
  await site.reach('running running running');
});

t.test('IN-02, IN-11: services killed one by one and all together come back, each once', async (t) => {
  const site = await new Site(t, 'a=server', 'b=server', 'c=server', 'b<a', 'c<a').start();
  await site.reach('running running running');
  for (const name of ['a', 'b', 'c']) {
    const pid = site.pid(name);
    process.kill(pid, 'SIGKILL');
    await site.line(new RegExp(`^told ${name} ended with SIGKILL, starts again in 1 s`));
    await until('another one', () => ![undefined, pid].includes(site.presentPid(name)));
    await site.reach('running running running');
    t.equal(site.processes().length, 3);
  }
  // And the supervisor as well, which may not start them again before it ends.
  site.stopSupervisor();
  for (const pid of site.processes()) process.kill(pid, 'SIGKILL');
  await until('none', () => site.processes().length === 0);
  await site.signal('SIGKILL');
  await site.start();
  await site.reach('running running running');
  t.equal(site.processes().length, 3);
  t.same(
    (await site.list()).map(({ restarts }) => restarts),
    [2, 2, 2],
  );
});

t.test('IN-02: exit statuses 0 and 125, crashes, one that is never ready, one that does not end', async (t) => {
  const site = await new Site(t, 'silent=silent', 'a=server', 'b=stubborn', 'c=crash', 'a<silent').start();
  await site.line(/^told silent not ready after 3 s/);
  await site.line(/^told a serves/);
  await site.line(/^told b serves/);
  const told = (text: string): number => site.lines.findIndex((line) => line.startsWith(`told ${text}`));
  t.ok(told('silent not ready') < told('a serves'), 'who waits for it starts after that');
  await site.line(/^told c ended with status 1, starts again in 2 s/);
  await site.line(/^told c ended with status 1, starts again in 4 s/);
  process.kill(site.pid('a'), 'SIGTERM');
  await site.line(/^told a ended with status 0, stays stopped/);
  await site.ask('stop c', 'stopped');
  const stubborn = site.pid('b');
  const began = performance.now();
  await site.ask('stop b', 'stopped');
  t.ok(performance.now() - began > 3900);
  t.notOk(isRunning(stubborn));
  t.equal(await site.states(), 'running stopped stopped stopped');
  t.equal(await site.signal('SIGTERM'), 0);
});

t.test('IN-09, IN-11: killed while it ends all services, or starts one again, it leaves none stopped', async (t) => {
  const site = await new Site(t, 'a=server', 'b=stubborn', 'c=stubborn', 'd=server', 'b<a', 'd<b').start();
  await site.line(/^told c serves/);
  await site.line(/^told d serves/);
  const before = ['a', 'b', 'c', 'd'].map((name) => site.pid(name));
  site.order('restart c');
  site.order('end');
  await until('its end', () => site.presentPid('d') === undefined);
  const told = (): boolean => /"ending":true/.test(readFileSync(join(site.folder, 'services', 'b.json'), 'utf8'));
  await until('its turn', told);
  await site.signal('SIGKILL');
  await site.start();
  await site.line(/^told b does not end within 4 s, is made to/);
  await site.line(/^told c does not end within 4 s, is made to/);
  await site.reach('running running running running');
  t.equal(site.pid('a'), before[0], 'nobody has told it yet');
  t.notOk(
    before.slice(1).some((pid) => isRunning(pid)),
    'the others are new',
  );
});

t.test('a service that writes without end takes no memory, and the supervisor still hears others', async (t) => {
  const site = await new Site(t, 'flood=flood', 'a=server').start();
  await site.reach('running running');
  const written = async (): Promise<number> => (await site.log('flood')).at(-1)?.number ?? 0;
  // V8 lets its heap grow to what its options say before it looks what is garbage.
  await until('ten thousand lines', async () => (await written()) > 10_000);
  const before = Number(await site.ask('memory'));
  const [began, first] = [performance.now(), await written()];
  await until('forty thousand', async () => (await written()) > 40_000);
  const grown = Number(await site.ask('memory')) - before;
  t.ok(grown < 16 * 2 ** 20, `grown by ${grown} octets, of 30 MB`);
  const speed = ((await written()) - first) / (performance.now() - began);
  t.ok(speed < 15, `read at ${speed} MB/s, however fast it is written`);
  const lines = await site.log('flood');
  t.ok(lines.length <= 100);
  await until('the other one is heard', async () => (await site.log('a')).length > 10);
  const files = readdirSync(join(site.folder, 'log')).map((name) => join(site.folder, 'log', name));
  t.ok(files.every((file) => !file.endsWith('.lines') || readFileSync(file).length < 300_000));
});

t.test('services reach their supervisor, strangers do not', async (t) => {
  const site = await new Site(t, 'target=server', 'asker=asker', 'asker<target').start();
  await site.reach('running running');
  await site.line(/^relisten /);
  await until('the signal', async () => (await site.log('target')).some(({ text }) => text === 'signalled'));
  const socket = connect(join(site.folder, 'supervisor.sock')).on('error', () => undefined);
  socket.write(`{"signal":"init","kind":"SIGHUP"}\nnonsense\n[]\n{"ready":true}\n`);
  const flood = connect(join(site.folder, 'supervisor.sock')).on('error', () => undefined);
  flood.write('x'.repeat(100_000));
  await new Promise((resolve) => flood.on('close', resolve));
  socket.destroy();
  t.equal(site.lines.filter((line) => line.startsWith('relisten')).length, 1);
  t.equal(await site.states(), 'running running');
});

t.test('a service with many connections to the supervisor does not keep others from it', async (t) => {
  const site = await new Site(t, 'crowd=crowd', 'asker=asker', 'asker<crowd').start();
  await site.line(/^told asker (serves|not ready)/);
  await site.line(/^relisten /);
  t.ok(site.lines.some((line) => line.startsWith('told asker serves')));
});

t.test('who was started and not yet recorded when the supervisor was killed is ended', async (t) => {
  const site = await new Site(t, 'a=server').start();
  await site.reach('running');
  const pid = site.pid('a');
  await site.signal('SIGKILL');
  rmSync(join(site.folder, 'services', 'a.json'));
  t.same(await endLeftBehind(['a']), ['a']);
  t.notOk(isRunning(pid));
});
