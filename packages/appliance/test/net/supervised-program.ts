/*
 * What a supervisor's test runs.
 *
 * usage: supervised-program.ts supervisor FOLDER NAME=KIND[,NAME=KIND]... [NAME<NAME]...
 *        supervised-program.ts service NAME KIND
 *
 * NAME<NAME: the first one waits for the second.
 */
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { claimFolder } from '../../src/init/run-folder.ts';
import { environmentOf } from '../../src/init/service-command.ts';
import type { Service } from '../../src/init/services.ts';
import { Supervisor } from '../../src/init/supervisor.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { takeTitle } from '../../src/runtime/notify.ts';
import { requestSignal, tellReady } from '../../src/runtime/supervised.ts';
import { startWeb } from '../../src/web/web.ts';
import { webFiles } from '../../src/web/web-files.ts';

const [what, ...args] = process.argv.slice(2);
if (what === 'supervisor') await supervise(args[0] as string, args.slice(1));
else serve(args[0] as string, args[1] as string);

async function supervise(folder: string, words: readonly string[]): Promise<void> {
  const kinds = words.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]);
  const waits = words.filter((word) => word.includes('<')).map((word) => word.split('<') as [string, string]);
  const services = kinds.map(([name, kind]): Service => {
    const waitsFor = waits.filter(([who]) => who === name).map(([, whom]) => whom);
    // Who never gets to say that it is ready is not waited for long, the others as long as a busy machine takes to start them.
    const readyWithinMs = kind === 'silent' || kind === 'crowd' ? 3000 : 30_000;
    return { name, args: [], user: name, capabilities: [], writable: [], memoryMiB: 64, waitsFor, readyWithinMs };
  });
  await claimFolder(folder);
  const program = fileURLToPath(import.meta.url);
  const supervisor = new Supervisor({
    services,
    folder,
    command: ({ name }, situation) => ({
      file: process.execPath,
      args: ['--conditions=@router7/source', program, 'service', name, new Map(kinds).get(name) as string],
      env: { ...process.env, ...environmentOf(name, situation) },
    }),
    listener: { told: (name, text) => print('told', name, text), wrote: () => undefined },
    relisten: () => print('relisten', 'init', ''),
  });
  process.on('SIGTERM', () => void supervisor.end().then(() => process.exit(0)));
  // Orders: `web` (serves pages by the folder's http.sock), `list`, `memory`, `log NAME`, `stop NAME`, `start NAME`,
  // `restart NAME`, `end` (all services).
  process.stdin.on('data', (text) => {
    for (const line of String(text).trim().split('\n')) {
      const [order, name = ''] = line.split(' ');
      if (order === 'web') void serveWeb(supervisor, folder);
      if (order === 'list') print('list', 'init', JSON.stringify(supervisor.list()));
      if (order === 'memory') print('memory', 'init', String(process.memoryUsage().rss));
      if (order === 'log') print('log', name, JSON.stringify(supervisor.log(name, 'stdout').lines()));
      if (order === 'end') void supervisor.end();
      if (order === 'restart') void supervisor.restart(name);
      if (order === 'start') supervisor.start(name);
      if (order === 'stop') void supervisor.stop(name).then(() => print('stopped', name, ''));
    }
  });
  supervisor.adopt();
  await supervisor.begin();
  print('begun', 'init', String(process.pid));
}

async function serveWeb(supervisor: Supervisor, folder: string): Promise<void> {
  await startWeb(supervisor, { log: silentLog, files: webFiles(folder), socketPath: join(folder, 'http.sock') });
  print('web', 'init', '');
}

function print(kind: string, name: string, text: string): void {
  process.stdout.write(`${kind} ${name} ${text}\n`);
}

function serve(name: string, kind: string): void {
  if (kind === 'crash') process.exit(1);
  takeTitle(name);
  let number = 0;
  const write = (): void => void process.stdout.write(`${process.pid} ${number++}\n`);
  process.on('SIGTERM', () => kind !== 'stubborn' && process.exit(0));
  process.on('SIGUSR2', () => process.exit(125));
  process.on('SIGUSR1', () => process.stdout.write('signalled\n'));
  // A teller goes on; of the others a hundred lines, which is what is kept, are those of minutes.
  for (let i = 1; i <= 20; i++) setTimeout(write, i * 100);
  setInterval(write, kind === 'teller' ? 100 : 1000);
  if (kind === 'asker') {
    requestSignal('target');
    requestSignal('init', 'SIGHUP');
  }
  if (kind === 'crowd') for (let i = 0; i < 100; i++) crowd(process.env.ROUTER7_SUPERVISOR as string);
  if (kind === 'flood') {
    const line = 'x'.repeat(999);
    setInterval(() => {
      for (let i = 0; i < 2000 && process.stdout.writableLength < 1 << 22; i++) process.stdout.write(`${line}\n`);
    }, 1);
  }
  if (kind !== 'silent') tellReady();
}

/** Has a connection and says nothing, again and again. */
function crowd(path: string): void {
  connect(path)
    .on('error', () => undefined)
    .on('close', () => setTimeout(crowd, 20, path));
}
