import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { commandOf } from './programs.ts';
import type { Service } from './services.ts';

/** Exit statuses after which a service stays stopped: done, and asked not to be supervised. */
const STAY_STOPPED: ReadonlySet<number | null> = new Set([0, 125]);
const RESTART_DELAY_MS = 1000;
const STOP_PATIENCE_MS = 5000;

interface Running {
  readonly service: Service;
  child: ChildProcess | undefined;
  restart: NodeJS.Timeout | undefined;
  starts: number;
}

/** What the supervisor tells about its services. */
export type SupervisorLog = (service: string, message: string) => void;

/**
 * Starts services and starts them again a second after they end, unless they end with status 0 or 125.
 *
 * A service gets `GOKRAZY_FIRST_START=1` the first time, `HOME=/perm/home/<name>` (`/perm/<name>` where that exists),
 * `PATH` with the router's own programs first, `USER=root`, and a process group of its own.
 */
export class Supervisor {
  readonly #services: readonly Running[];
  readonly #log: SupervisorLog;
  #stopping = false;

  constructor(services: readonly Service[], log: SupervisorLog) {
    this.#services = services.map((service) => ({ service, child: undefined, restart: undefined, starts: 0 }));
    this.#log = log;
  }

  /** Starts every service, in order. */
  start(): void {
    for (const running of this.#services) this.#launch(running);
  }

  /** Asks every service to end with SIGTERM, after a while with SIGKILL; resolves when none is left. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(
      this.#services.map(async (running) => {
        clearTimeout(running.restart);
        const child = running.child;
        if (child === undefined) return;
        const ended = new Promise((resolve) => child.once('close', resolve));
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
        await ended;
        clearTimeout(timer);
      }),
    );
  }

  #launch(running: Running): void {
    const { service } = running;
    const [file, ...args] = commandOf(service);
    running.starts++;
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: environmentOf(service, running.starts === 1),
    });
    running.child = child;
    for (const stream of [child.stdout, child.stderr]) this.#relay(service.name, stream);
    let over = false;
    const end = (why: string, status: number | null): void => {
      if (over) return;
      over = true;
      running.child = undefined;
      if (this.#stopping) return;
      if (STAY_STOPPED.has(status)) {
        this.#log(service.name, `ended with ${why}, stays stopped`);
        return;
      }
      this.#log(service.name, `ended with ${why}, starts again in ${RESTART_DELAY_MS / 1000} s`);
      running.restart = setTimeout(() => this.#launch(running), RESTART_DELAY_MS);
    };
    child.once('error', (error) => end(error.message, 127));
    child.once('close', (code, signal) => end(signal ?? `status ${code}`, code));
  }

  #relay(name: string, stream: NodeJS.ReadableStream | null): void {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      // A line without end must not fill the memory.
      rest = (lines.pop() ?? '').slice(-8192);
      for (const line of lines) this.#log(name, line);
    });
  }
}

function environmentOf(service: Service, first: boolean): NodeJS.ProcessEnv {
  const own = `/perm/${service.name}`;
  const home = existsSync(own) ? own : `/perm/home/${service.name}`;
  try {
    mkdirSync(home, { recursive: true });
  } catch {
    // A full or read-only /perm must not keep a service from starting.
  }
  return {
    ...process.env,
    HOME: home,
    PATH: `/user:/gokrazy:${process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin'}`,
    USER: 'root',
    ...(first ? { GOKRAZY_FIRST_START: '1' } : {}),
  };
}
