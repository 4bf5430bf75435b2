import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { until } from '../../src/wait.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** One `./run lab`, with a folder of its own for temporary files. */
export class Lab {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly lines: string[] = [];
  readonly errors: string[] = [];
  /** Its exit status, when it has ended and all that it printed is read. */
  readonly ended: Promise<number>;
  readonly #t: Test;

  constructor(t: Test, args: readonly string[], folder?: string) {
    this.#t = t;
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'lab-test-'));
    const { ROUTER7_STAGE: _, ...env } = process.env;
    this.child = spawn(process.execPath, ['--conditions=@router7/source', main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, TMPDIR: this.folder },
    });
    for (const [stream, lines] of [
      [this.child.stdout, this.lines],
      [this.child.stderr, this.errors],
    ] as const) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => lines.push(line));
    }
    this.ended = new Promise((resolve) => this.child.once('close', (status) => resolve(status ?? 128)));
    t.teardown(async () => {
      this.child.kill('SIGKILL');
      await this.ended;
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  /** Waits for a line on its standard output. */
  line(pattern: RegExp): Promise<string> {
    return until(`a line ${pattern}`, 30_000, () => this.lines.find((line) => pattern.test(line)));
  }

  /** The process namespace of its stage, once there is one. */
  namespace(): Promise<string> {
    const own = readlinkSync('/proc/self/ns/pid');
    return until('a stage', 30_000, () => {
      const [unshare] = children(this.child.pid ?? -1);
      const [first] = unshare === undefined ? [] : children(unshare);
      const namespace = first === undefined ? undefined : readlinkSync(`/proc/${first}/ns/pid`);
      return namespace !== own && namespace;
    });
  }

  /** Asserts that neither processes of the stage nor files are there any more; the kernel may take a moment to end them all. */
  async nothingLeft(namespace: string): Promise<void> {
    const gone = await until('the end of all processes', 5000, () => processesIn(namespace).length === 0).catch(
      () => false,
    );
    this.#t.ok(gone, `no process is left, so no namespace is (${processesIn(namespace).join(' ')})`);
    this.#t.same(readdirSync(this.folder), [], 'and no file');
  }
}

function children(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** Process ids of a process namespace. */
export function processesIn(namespace: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/ns/pid`) === namespace;
    } catch {
      return false;
    }
  });
}
