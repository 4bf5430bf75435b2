import { type ChildProcess, spawn } from 'node:child_process';

/** What one step came to; `output` is what it said, for the case that it failed. */
interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Print what the command says as it says it, indented. */
  readonly live?: boolean;
  readonly timeoutSeconds?: number;
}

let running: ChildProcess | undefined;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill('SIGTERM');
  });
}

/** Runs a command to its end; its failing is an outcome, not an exception. */
export function run(command: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  const [program, ...args] = command;
  if (program === undefined || interrupted) return Promise.resolve({ ok: false, output: 'interrupted' });
  return new Promise((done) => {
    let output = '';
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: (options.timeoutSeconds ?? 1800) * 1000,
    });
    running = child;
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      if (options.live) process.stdout.write(chunk.toString().replaceAll(/^(?=.)/gm, '    '));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => done({ ok: false, output: `${program}: ${error.message}` }));
    child.on('close', (code, signal) => {
      running = undefined;
      done({ ok: code === 0, output: signal === null ? output : `${output}\nended by ${signal}` });
    });
  });
}

/** Counts steps. A step that throws or whose commands fail is told at once, with the end of what it said. */
export class Report {
  #passed = 0;
  readonly #failures: string[] = [];

  /** Runs one step; true when it held. After an interruption, steps are not run and count as failed. */
  async step(name: string, work: () => Promise<Outcome>): Promise<boolean> {
    const start = performance.now();
    const { ok, output } = interrupted
      ? { ok: false, output: 'interrupted' }
      : await work().catch((error: unknown) => ({ ok: false, output: String(error) }));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${ok ? 'ok' : 'not ok'} ${name} (${seconds} s)`);
    if (ok) {
      this.#passed += 1;
      return true;
    }
    this.#failures.push(name);
    console.log(output.trimEnd().split('\n').slice(-80).join('\n').replaceAll(/^/gm, '    '));
    return false;
  }

  /** Prints the last line, and gives the exit status. */
  end(): number {
    for (const name of this.#failures) console.log(`failed: ${name}`);
    console.log(`${this.#passed} passed, ${this.#failures.length} failed`);
    return this.#failures.length > 0 ? 1 : 0;
  }
}
