import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../wait.ts';
import type { SerialConsole } from './serial-console.ts';

/** What a command in the guest came to. */
export interface Outcome {
  readonly status: number;
  /** Standard output and standard error. */
  readonly output: string;
}

/** What the shell says once it listens: what is typed before the port is open, gets lost. */
const GREETING = '@@open@@';

/** Shell on the second serial port: no echo, no prompt, and nobody else speaks there, as the kernel and PID 1 do on the first. */
const AGENT =
  `stty -F /dev/ttyS1 115200 raw -echo && (setsid sh -c 'exec </dev/ttyS1 >/dev/null 2>&1; ` +
  `echo ${GREETING} >/dev/ttyS1; exec sh' </dev/null >/dev/null 2>&1 &)`;

/**
 * Runs commands in a guest, one after the other, by way of its second serial port: a shell that is opened by typing at the
 * console's prompt listens there, and the end of a command's output is told by a line that nothing else can print.
 */
export class GuestShell {
  readonly #stream: Duplex;
  #text = '';
  #number = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #isOpen = false;

  /** @param stream the machine's second serial port */
  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      this.#text += text;
    });
    stream.on('error', () => undefined);
  }

  /** Whether {@link open} has succeeded since the last {@link forget}. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The machine starts anew: the shell has to be opened again. */
  forget(): void {
    this.#isOpen = false;
  }

  /** Starts the shell from the console, once it offers one. @param from which line of the console the present start began at */
  async open(console: SerialConsole, timeoutMs: number, from: number = 0): Promise<void> {
    const end = performance.now() + timeoutMs;
    await console.line(/Please press Enter to activate this console|^[~/] #/, timeoutMs, from);
    for (;;) {
      console.write('\r');
      await sleep(1000);
      // Twice the same would do no harm but answer twice.
      if (/[#$] $/.test(console.rest)) break;
      if (performance.now() > end) throw new Error(`no prompt on the console: ${console.lines.slice(-5).join(' | ')}`);
    }
    this.#text = '';
    console.write(`${AGENT}\r`);
    await until('a shell on the second serial port', Math.max(10_000, end - performance.now()), () =>
      this.#text.includes(GREETING),
    );
    this.#isOpen = true;
  }

  /** Runs a command of any number of lines to its end. Rejects when it takes too long. */
  run(command: string, timeoutMs: number = 60_000): Promise<Outcome> {
    const outcome = this.#turn.then(() => this.#exchange(command, timeoutMs));
    this.#turn = outcome.catch(() => undefined);
    return outcome;
  }

  /** Runs a command. @returns its output. Rejects when its status is not 0 */
  async output(command: string, timeoutMs?: number): Promise<string> {
    const { status, output } = await this.run(command, timeoutMs);
    if (status !== 0) throw new Error(`${command.split('\n')[0]}: status ${status}: ${output.trim().slice(-300)}`);
    return output;
  }

  async #exchange(command: string, timeoutMs: number): Promise<Outcome> {
    const mark = `@@${process.pid}.${++this.#number}@@`;
    // What an earlier command that took too long has still said is in front of the mark that this one begins with.
    this.#stream.write(`{ echo; echo '${mark}'; (\n${command}\n) </dev/null 2>&1; echo "${mark}$?@@"; } >/dev/ttyS1\n`);
    const end = performance.now() + timeoutMs;
    const pattern = new RegExp(`^${mark}\\r?\\n([^]*)${mark}(\\d+)@@\\r?$`, 'm');
    for (;;) {
      const match = pattern.exec(this.#text);
      if (match !== null) {
        this.#text = '';
        return { status: Number(match[2]), output: (match[1] ?? '').replaceAll('\r', '') };
      }
      if (performance.now() > end) throw new Error(`no end within ${timeoutMs / 1000} s in the guest: ${command}`);
      await sleep(20);
    }
  }
}
