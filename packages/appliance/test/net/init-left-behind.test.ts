import './own-namespace.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import t from 'tap';
import { endLeftBehind } from '../../src/init/left-behind.ts';

/** A service of that name that ends at SIGTERM, with the status that tells so, or does not. */
/** Ended in any case: a child that goes on would keep this process from ending. */
const children: ChildProcess[] = [];
t.teardown(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function service(name: string, ends: boolean): Promise<ChildProcess> {
  const program = `
    process.on('SIGTERM', () => { ${ends ? 'process.exit(7)' : ''} });
    process.title = '/user/${name}';
    setInterval(() => {}, 1000);
    process.stdout.write('ready');
  `;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

t.test('services that a killed supervisor has left behind end before new ones start', async (t) => {
  const [polite, stubborn, stranger] = ['a', 'b', 'c'].map((letter) => `${letter}${process.pid}`) as [
    string,
    string,
    string,
  ];
  t.same(await endLeftBehind([polite, stubborn]), [], 'none');
  const services = [await service(polite, true), await service(stubborn, false), await service(stranger, true)];
  const ended = services.slice(0, 2).map((child) => once(child, 'exit'));
  t.same(await endLeftBehind([polite, stubborn, `${stranger}x`], 3000), [polite, stubborn]);
  t.same(await Promise.all(ended), [
    [7, null],
    [null, 'SIGKILL'],
  ]);
  t.equal(services[2]?.exitCode, null, 'another one goes on');
  services[2]?.kill('SIGKILL');
});
