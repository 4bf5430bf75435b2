import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';

const KEPT_LINES = 400;

/** What the lab needs to know of anything that it has started. */
export type Running = Pick<Program, 'name' | 'output' | 'exited' | 'follow' | 'stop'>;

/** A program that the lab started and will stop: its last lines of output are kept for when something goes wrong. */
export class Program {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<number>;
  #lines: string[] = [];
  #watchers: { readonly pattern: RegExp; readonly found: (line: string) => void }[] = [];
  #status: number | undefined;
  #follower: ((line: string) => void) | undefined;

  /** @param command program and arguments; started in a session of its own, so that Ctrl-C does not reach it */
  constructor(name: string, command: readonly string[], environment: Record<string, string> = {}) {
    this.name = name;
    const [file = '', ...args] = command;
    this.#child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      detached: true,
    });
    // A test that failed leaves programs running: they must not keep it from ending, with its stage, at once.
    this.#child.unref();
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream instanceof Socket) stream.unref();
      this.#collect(stream);
    }
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#line(error.message));
      this.#child.once('close', (code, signal) => {
        if (signal !== null) this.#line(`ended by ${signal}`);
        this.#status = code ?? (signal === null ? 1 : 128);
        resolve(this.#status);
      });
    });
  }

  /** Process id; of `ip netns exec`, which becomes the program. */
  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Exit status, or undefined while it runs. */
  get status(): number | undefined {
    return this.#status;
  }

  /** What it printed, the last lines. */
  get output(): readonly string[] {
    return this.#lines;
  }

  /** Resolves with the exit status; who asks for it waits for it. */
  get exited(): Promise<number> {
    if (this.#status === undefined) this.#child.ref();
    return this.#exited;
  }

  /** Hands over each further line of output as it comes. */
  follow(follower: (line: string) => void): void {
    this.#follower = follower;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for a line of output that matches, past ones included. Rejects when the program ends or time runs out. */
  line(pattern: RegExp, timeoutMs: number): Promise<string> {
    const past = this.#lines.find((line) => pattern.test(line));
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.name}: no line ${pattern} in ${timeoutMs} ms`)),
        timeoutMs,
      );
      this.#watchers.push({
        pattern,
        found: (line) => {
          clearTimeout(timer);
          resolve(line);
        },
      });
      void this.#exited.then((status) => {
        clearTimeout(timer);
        reject(new Error(`${this.name} ended with status ${status}: ${this.#lines.slice(-5).join(' | ')}`));
      });
    });
  }

  /** Asks it to end (SIGTERM, or `signal`), then makes it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', patienceMs: number = 3000): Promise<number> {
    if (this.#status !== undefined) return this.#status;
    this.kill(signal);
    const timer = setTimeout(() => this.kill('SIGKILL'), patienceMs);
    const status = await this.exited;
    clearTimeout(timer);
    return status;
  }

  #collect(stream: NodeJS.ReadableStream | null): void {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-4096);
      for (const line of lines) this.#line(line);
    });
  }

  #line(line: string): void {
    this.#lines.push(line);
    this.#follower?.(line);
    if (this.#lines.length > KEPT_LINES) this.#lines = this.#lines.slice(-KEPT_LINES / 2);
    this.#watchers = this.#watchers.filter(({ pattern, found }) => {
      if (!pattern.test(line)) return true;
      found(line);
      return false;
    });
  }
}
