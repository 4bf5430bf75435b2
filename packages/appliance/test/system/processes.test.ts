import { spawn } from 'node:child_process';
import t from 'tap';
import { environmentOf, titleOf } from '../../src/system/processes.ts';

t.test('of what a process says of itself only so much is read', async (t) => {
  const child = spawn('sleep', ['60'], {
    argv0: 'x'.repeat(100_000),
    env: { A: 'y'.repeat(120_000), B: '1', C: 'z'.repeat(120_000), D: '2' },
  });
  t.teardown(() => child.kill('SIGKILL'));
  const pid = child.pid as number;
  while (!titleOf(pid).startsWith('xxx')) await new Promise((resolve) => setTimeout(resolve, 5));
  t.equal(titleOf(pid).length, 4096);
  t.equal(environmentOf(pid, 'B'), '1');
  t.equal(environmentOf(pid, 'D'), undefined);
});
