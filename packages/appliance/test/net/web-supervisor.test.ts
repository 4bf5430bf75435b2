import './own-namespace.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import type { ServiceJson } from '../../src/web/service-json.ts';
import { until } from './own-namespace.ts';

const program = fileURLToPath(new URL('supervised-program.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'r7-web-init-'));
const socketPath = join(folder, 'http.sock');
t.setTimeout(600_000);

let child: ChildProcess;

/** A supervisor with a service that writes ten lines a second, and its pages. */
async function start(): Promise<void> {
  const words = ['supervisor', folder, 'teller=teller'];
  child = spawn(process.execPath, ['--conditions=@router7/source', program, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await until('the supervisor', () => /^begun /m.test(output));
  child.stdin?.write('web\n');
  await until('its pages', () => /^web /m.test(output));
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

const headers = { host: 'localhost' };
const STATUS = '/status?path=/user/teller';

async function status(): Promise<ServiceJson> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ socketPath, path: STATUS, headers: { ...headers, accept: 'application/json' } }, resolve).on('error', reject);
  });
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece;
  return JSON.parse(text) as ServiceJson;
}

/** Sends the form of the service's page, with its token. */
async function order(path: string, more: Record<string, string> = {}): Promise<number | undefined> {
  const page = await new Promise<IncomingMessage>((resolve) => get({ socketPath, path: STATUS, headers }, resolve));
  page.resume();
  const [cookie = ''] = page.headers['set-cookie']?.[0]?.split(';') ?? [];
  const xsrftoken = cookie.replace('gokrazy_xsrf=', '');
  const form = new URLSearchParams({ path: '/user/teller', xsrftoken, ...more }).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length };
  const response = await new Promise<IncomingMessage>((resolve) => {
    request({ socketPath, path, method: 'POST', headers: { ...headers, ...type, cookie } }, resolve).end(form);
  });
  response.resume();
  return response.statusCode;
}

/** Reads the log as a browser does: takes it up again where it was cut. */
class Follower {
  readonly lines: string[] = [];
  /** Lines that it was told are missing. */
  missed = 0;
  #last: string | undefined;
  #closed = false;

  async follow(): Promise<void> {
    while (!this.#closed) {
      await this.#connect().catch(() => new Promise((resolve) => setTimeout(resolve, 50)));
    }
  }

  close(): void {
    this.#closed = true;
  }

  async #connect(): Promise<void> {
    const last = this.#last === undefined ? {} : { 'last-event-id': this.#last };
    const options = { socketPath, path: '/log?path=/user/teller&stream=stdout', agent: false as const };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ ...options, headers: { ...headers, accept: 'text/event-stream', ...last } }, resolve).on('error', reject);
    });
    let rest = '';
    for await (const piece of response.setEncoding('utf8')) {
      const events = (rest + piece).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) this.#take(event);
      if (this.#closed) response.destroy();
    }
  }

  #take(event: string): void {
    const [, missed] = /^event: gap\ndata: (\d+)$/.exec(event) ?? [];
    this.missed += Number(missed ?? 0);
    const [, id, data] = /^id: (.*)\ndata: (.*)$/m.exec(event) ?? [];
    if (id === undefined || data === undefined) return;
    this.#last = id;
    this.lines.push(data);
  }
}

t.teardown(async () => {
  await end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

await start();

t.test(
  'IN-03: a log that is followed goes on when the supervisor was killed: each line once, or counted as missing',
  async (t) => {
    const follower = new Follower();
    const following = follower.follow();
    await until('lines', () => follower.lines.length > 20);
    const { Pid } = await status();
    for (let round = 1; round <= 2; round++) {
      // What comes in a heap is kept for the next supervisor a little later.
      await new Promise((resolve) => setTimeout(resolve, 400));
      await end('SIGKILL');
      // The service goes on writing meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 200));
      await start();
      const before = follower.lines.length;
      await until('more lines', () => follower.lines.length > before + 30);
    }
    follower.close();
    await following;
    t.equal((await status()).Pid, Pid, 'the service has not noticed');
    const numbers = follower.lines.map((line) => Number(line.split(' ')[1]));
    const steps = numbers.slice(1).map((number, index) => number - (numbers[index] as number));
    const isAscending = steps.every((step) => step >= 1);
    t.ok(isAscending, 'none doubled, all in order');
    // Seconds without a supervisor may be more lines than are kept.
    const jumped = steps.reduce((sum, step) => sum + step - 1, 0);
    t.equal(jumped, follower.missed);
  },
);

t.test('IN-05: restart, kill, stop and start of a real process', async (t) => {
  const before = await status();
  t.equal(before.Stopped, false);
  t.equal(await order('/restart'), 303);
  await until('another process', async () => ![0, before.Pid].includes((await status()).Pid));
  const restarted = await status();
  t.not(restarted.StartTime, before.StartTime);
  t.equal(await order('/restart', { signal: 'kill' }), 303);
  await until('another process', async () => ![0, restarted.Pid].includes((await status()).Pid));
  t.equal(await order('/stop'), 303);
  t.match(await status(), { Stopped: true, Pid: 0 });
  t.equal(await order('/restart'), 303);
  await until('a process', async () => (await status()).Pid !== 0);
  t.equal((await status()).Stopped, false);
  t.equal(await order('/reboot'), 501, 'the machine is not ours');
  t.equal((await status()).Stopped, false, 'and nothing was ended');
});
