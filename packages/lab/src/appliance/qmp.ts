import type { Duplex } from 'node:stream';

/** What QEMU says to a command. */
interface Answer {
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
  readonly event?: string;
  readonly QMP?: object;
}

/** The QEMU Machine Protocol: one JSON object a line, answers in the order of the commands, events between them. */
export class Qmp {
  readonly #stream: Duplex;
  readonly #waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  readonly #events: string[] = [];
  #closed = false;

  /** @param stream connected to a monitor in control mode */
  constructor(stream: Duplex) {
    this.#stream = stream;
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') this.#answer(JSON.parse(line) as Answer);
    });
    stream.on('error', () => this.#close());
    stream.on('close', () => this.#close());
    // What is sent before QEMU greets waits for it. Commands are refused until this one.
    this.execute('qmp_capabilities').catch(() => undefined);
  }

  /** Names of the events so far: `RESET`, `SHUTDOWN`, `STOP` ... */
  get events(): readonly string[] {
    return this.#events;
  }

  /** Gives a command. Rejects with what QEMU says against it, or when QEMU is gone. */
  execute(command: string, args: object = {}): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error(`${command}: QEMU has ended`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#stream.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
  }

  /** A command of the monitor for people, for what the protocol lacks. @returns what it prints */
  async monitor(line: string): Promise<string> {
    return String(await this.execute('human-monitor-command', { 'command-line': line }));
  }

  #answer(answer: Answer): void {
    if (answer.event !== undefined) this.#events.push(answer.event);
    if (!('return' in answer) && answer.error === undefined) return;
    const command = this.#waiting.shift();
    if (answer.error === undefined) command?.resolve(answer.return);
    else command?.reject(new Error(answer.error.desc));
  }

  #close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('QEMU has ended'));
  }
}
