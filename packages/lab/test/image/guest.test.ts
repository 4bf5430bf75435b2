import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { guestKernel, MissingForGuest } from '../../src/guest/kernel.ts';
import { Program } from '../../src/program.ts';
import { until } from '../../src/wait.ts';
import { needs } from '../net/installed.ts';

const script = fileURLToPath(new URL('guest.script.ts', import.meta.url));
const node = [process.execPath, '--conditions=@router7/source', script];
const BOOT_MS = 240_000;

t.setTimeout(3 * BOOT_MS);

/** Why there is no guest on this machine, if there is none. */
function missing(): { readonly skip: string | false } {
  try {
    guestKernel();
  } catch (error) {
    if (error instanceof MissingForGuest) return { skip: error.message };
    throw error;
  }
  return needs('qemu-system-x86_64', 'kmod');
}

const guests = missing();
const files = (): string[] => globSync('router7-guest-*', { cwd: tmpdir() });

t.test('a program runs in a guest', guests, async (t) => {
  const before = files();
  const path = join(tmpdir(), `written-by-${process.pid}`);
  const guest = new Program('guest', [...node, 'end', path]);
  const status = await guest.exited;
  const [line = ''] = guest.output.filter((line) => line.startsWith('inside'));
  t.match(line, /^inside \d+\.\d+\.\d+.*-amd64$/, "under Debian's kernel");
  t.ok(guest.output.includes('to standard error'), 'with what it says elsewhere');
  t.equal(status, 7, 'its status is passed on');
  t.notOk(existsSync(path), 'what it writes stays there');
  t.same(JSON.parse(readFileSync(`${path}.json`, 'utf8')), { from: 'the guest' }, 'what it hands over does not');
  rmSync(`${path}.json`);
  t.same(files(), before);
});

t.test('a module that the kernel does not have is named', guests, async (t) => {
  const guest = new Program('guest', [...node, 'module:zebra']);
  t.equal(await guest.exited, 126);
  t.match(guest.output.join('\n'), /zebra/);
  t.notMatch(guest.output.join('\n'), /inside/, 'nothing ran');
});

t.test('a guest ends with the process that started it', guests, async (t) => {
  const before = files();
  const parent = spawn(node[0] as string, [...node.slice(1), 'stay'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => parent.kill('SIGKILL'));
  let output = '';
  parent.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await until('the guest runs', BOOT_MS, () => output.includes('inside'));
  const [qemu = ''] = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').trim().split(' ');
  t.match(readFileSync(`/proc/${qemu}/cmdline`, 'utf8'), /^qemu-system/);
  parent.kill('SIGKILL');
  await until('QEMU is gone', 20_000, () => !existsSync(`/proc/${qemu}/exe`));
  t.same(files(), before, 'and leaves no file');
});
