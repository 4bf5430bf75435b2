import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { passResults, RESULTS } from './results.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const script = fileURLToPath(new URL('stage.sh', import.meta.url));

/** Set in the environment of everything that runs on a stage. */
export const STAGE_VARIABLE = 'ROUTER7_STAGE';

/** A command that runs on a stage (see stage.sh), and the directory that both sides see. */
export interface Stage {
  readonly process: ChildProcess;
  /** Path outside; inside it is `/run/lab`. Removed by {@link Stage.finished}. */
  readonly exchange: string;
  /** Signals the stage's first process: the command. SIGKILL ends everything on the stage at once. */
  signal(signal: NodeJS.Signals): void;
  /** What the program has handed over by {@link handResults}, once the stage is gone. */
  readonly results: Promise<string>;
  /** Resolves with the exit status once the stage is gone; 128 and more when a signal ended it. */
  readonly finished: Promise<number>;
}

/**
 * Starts a TypeScript program on a stage: new mount, network, process namespaces, a private /perm, /run, /tmp and
 * /var/lib. When the stage's first process ends, by whatever cause, all that runs on it ends and all that was made is
 * gone. Without root a user namespace gives the needed rights.
 *
 * @param program path of the program
 * @param stdio as of `child_process.spawn`
 */
export function openStage(
  program: string,
  args: readonly string[],
  options: { readonly stdio?: 'inherit' | 'pipe' } = {},
): Stage {
  removeStaleExchanges();
  const exchange = mkdtempSync(join(tmpdir(), `${exchangePrefix()}${process.pid}-`));
  const userNamespace = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const namespaces = ['--mount', '--net', '--ipc', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];
  const child = spawn(
    'unshare',
    [
      ...userNamespace,
      ...namespaces,
      '--',
      script,
      repository,
      exchange,
      process.execPath,
      '--conditions=@router7/source',
      program,
      ...args,
    ],
    {
      // The pipe as descriptor 3 is never written to: it ends when this process does, and the stage with it.
      stdio: [...Array(3).fill(options.stdio ?? 'inherit'), 'pipe', 'pipe'],
      // Where files are made for a while outside, is not there on a stage.
      env: { ...process.env, TMPDIR: '/tmp', [STAGE_VARIABLE]: '1' },
      detached: true,
    },
  );
  const finished = new Promise<number>((resolve) => {
    const end = (status: number): void => {
      rmSync(exchange, { recursive: true, force: true });
      resolve(status);
    };
    child.once('error', (error) => {
      console.error(`router7 lab: cannot start unshare: ${error.message}`);
      end(127);
    });
    child.once('exit', (code, signal) => end(code ?? (signal === 'SIGKILL' ? 137 : 128)));
  });
  const results = text(child.stdio[RESULTS] as Readable);
  return { process: child, exchange, results, finished, signal: (signal) => signalFirst(child, signal) };
}

/** What the names of exchange directories begin with: process ids mean something in their own namespace only. */
function exchangePrefix(): string {
  const [, namespace = '0'] = /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
  return `router7-lab-${namespace}-`;
}

/** Removes what owners that were killed have left: with them went their stages, only the directories are there still. */
function removeStaleExchanges(): void {
  const prefix = exchangePrefix();
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))) {
    const [, owner = ''] = /^(\d+)-\w+$/.exec(name.slice(prefix.length)) ?? [];
    if (owner === '' || existsSync(`/proc/${owner}`)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's: it is theirs to remove.
    }
  }
}

/** The first process of the stage is the only child of unshare, which itself would die of a signal and take all along. */
function signalFirst(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (signal === 'SIGKILL') {
    child.kill(signal);
    return;
  }
  try {
    const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
    if (first !== undefined && first !== '') process.kill(Number(first), signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** Ends this process, and so the stage whose first process it is, when the process that opened the stage is gone. */
export function endWithParent(): void {
  const pipe = new Socket({ fd: 3 });
  pipe.on('close', () => process.exit(130));
  pipe.resume();
  pipe.unref();
}

/**
 * Makes a test file run on a stage: outside of one it starts itself again on one, passes its output through and exits
 * with its status; on a stage it returns.
 *
 * @param moduleUrl `import.meta.url` of the file
 * @param options.results path of the file for what it hands over by {@link handResults}: what it writes itself may be gone
 * with the stage
 */
export async function onStage(moduleUrl: string, options: { readonly results?: string } = {}): Promise<void> {
  if (process.env[STAGE_VARIABLE] === '1') {
    endWithParent();
    return;
  }
  const stage = openStage(fileURLToPath(moduleUrl), process.argv.slice(2));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stage.signal('SIGKILL'));
  }
  const status = await stage.finished;
  passResults(await stage.results, options.results);
  process.exit(status);
}
