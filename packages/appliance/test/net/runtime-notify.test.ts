import './own-namespace.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { url as debuggerUrl } from 'node:inspector';
import t from 'tap';
import { notify, takeTitle } from '../../src/runtime/notify.ts';

const WAITER = `
  process.title = process.argv[1];
  process.on('SIGUSR1', () => { process.stdout.write('signalled\\n'); });
  process.on('SIGUSR2', () => { process.exit(0); });
  setInterval(() => {}, 1000);
  process.stdout.write('ready\\n');
`;

/** Ended in any case: a child that goes on would keep this process from ending. */
const children: ChildProcess[] = [];
t.teardown(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A process of that title, in a network namespace of its own when `apart`. */
async function waiter(title: string, apart: boolean): Promise<{ child: ChildProcess; output: () => string }> {
  const node = [process.execPath, '-e', WAITER, title];
  const [command, ...args] = apart ? ['unshare', '--net', '--', ...node] : node;
  const child = spawn(command as string, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  while (!output.includes('ready')) await once(child.stdout as NodeJS.ReadableStream, 'data');
  return { child, output: () => output };
}

t.test('a daemon is found by its title, in this router only', async (t) => {
  // A title of this machine's that nobody else has.
  const name = `t${process.pid}`;
  takeTitle(name);
  t.notOk(notify(name), 'never itself');
  const foreign = await waiter(`/user/${name}`, true);
  const longer = await waiter(`/user/${name}d`, false);
  t.notOk(notify(name), 'neither another router nor another daemon');
  const right = await waiter(`/user/${name}`, false);
  t.ok(notify(name));
  while (!right.output().includes('signalled')) await once(right.child.stdout as NodeJS.ReadableStream, 'data');
  t.equal(right.output(), 'ready\nsignalled\n');
  t.ok(notify(name, 'SIGUSR2'));
  await once(right.child, 'exit');
  t.notOk(notify(name), 'it has ended');
  for (const { child, output } of [foreign, longer]) {
    t.equal(output(), 'ready\n');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

t.test('a signal that comes before the daemon listens opens no debugger', async (t) => {
  takeTitle(`u${process.pid}`);
  process.kill(process.pid, 'SIGUSR1');
  const end = performance.now() + 300;
  // The debugger comes by a thread of its own, a little later.
  while (debuggerUrl() === undefined && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(debuggerUrl(), undefined);
});
