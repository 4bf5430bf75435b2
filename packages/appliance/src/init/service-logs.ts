import { chmodSync, closeSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LogStream as StreamName } from './control.ts';
import type { LogRing } from './log-ring.ts';
import { KeptRing, LogStream } from './log-stream.ts';

/** Who hears at once of what is logged, with the name of the service. */
export interface LogListener {
  /** A service has written a line. */
  wrote(name: string, text: string): void;
  /** The supervisor says something of a service, or of itself (`init`). */
  told(name: string, text: string): void;
}

/** Both streams of one service. */
interface Streams {
  readonly stdout: LogStream;
  readonly stderr: LogStream;
  /** The exit status that the latest process has told of itself. */
  lastStatus: number | undefined;
}

/** The logs of all services and of the supervisor itself, in a folder of pipes (IN-03). */
export class ServiceLogs {
  readonly #services = new Map<string, Streams>();
  readonly #own: KeptRing;
  readonly #silence: LogRing;
  readonly #listener: LogListener;

  /** @throws SystemError, or Node's system error, when the folder cannot be used */
  constructor(folder: string, names: readonly string[], listener: LogListener) {
    this.#listener = listener;
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o700);
    this.#own = new KeptRing(join(folder, 'init-stdout.lines'));
    this.#silence = new KeptRing(join(folder, 'init-stderr.lines')).ring;
    for (const name of names) {
      const open = (stream: StreamName): LogStream =>
        new LogStream(
          join(folder, `${name}-${stream}`),
          (text) => listener.wrote(name, text),
          (status) => {
            streams.lastStatus = status;
          },
        );
      const streams: Streams = { stdout: open('stdout'), stderr: open('stderr'), lastStatus: undefined };
      this.#services.set(name, streams);
    }
  }

  /** The last lines of a stream; `init` is the supervisor itself. @throws RangeError when there is no such service */
  ring(name: string, stream: StreamName): LogRing {
    if (name === 'init') return stream === 'stdout' ? this.#own.ring : this.#silence;
    return this.#of(name)[stream].ring;
  }

  /** The supervisor says something of a service, or of itself (`init`). */
  tell(name: string, message: string): void {
    this.#own.add([name === 'init' ? message : `${name}: ${message}`], new Date());
    this.#listener.told(name, message);
  }

  /** Starts a process with the descriptors of its streams, which are closed when `start` returns. @throws what it throws */
  forProcess<T>(name: string, start: (output: readonly [stdout: number, stderr: number]) => T): T {
    const streams = this.#of(name);
    streams.lastStatus = undefined;
    const open: number[] = [];
    try {
      for (const stream of [streams.stdout, streams.stderr]) open.push(stream.openForWriter());
      return start(open as [number, number]);
    } finally {
      for (const fd of open) closeSync(fd);
    }
  }

  /** The exit status that the latest process of a service has told. */
  lastStatus(name: string): number | undefined {
    return this.#of(name).lastStatus;
  }

  /** Reads no longer; who writes does not notice. */
  close(): void {
    for (const { stdout, stderr } of this.#services.values()) {
      stdout.close();
      stderr.close();
    }
  }

  #of(name: string): Streams {
    const streams = this.#services.get(name);
    if (streams === undefined) throw new RangeError(`no service ${name}`);
    return streams;
  }
}
