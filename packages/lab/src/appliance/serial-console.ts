import type { Duplex } from 'node:stream';
import { until } from '../wait.ts';

/** The other end of a machine's serial cable: keeps every line, and types. */
export class SerialConsole {
  readonly #stream: Duplex;
  readonly #lines: string[] = [];
  #rest = '';
  #follower: ((line: string) => void) | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) {
        // Terminals are told to move and to colour; a line of the log has none of that.
        const plain = withoutControls(line);
        this.#lines.push(plain);
        this.#follower?.(plain);
      }
    });
    stream.on('error', () => undefined);
  }

  /** Everything that was said, a line each. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** What was said since the last line's end: a prompt, perhaps. */
  get rest(): string {
    return withoutControls(this.#rest);
  }

  /** Hands over each further line as it comes. */
  follow(follower: (line: string) => void): void {
    this.#follower = follower;
  }

  /** Types. */
  write(text: string): void {
    this.#stream.write(text);
  }

  /** Waits for a line that matches, of those from number `from` on (0 for the first). Rejects with the last lines of the log. */
  async line(pattern: RegExp, timeoutMs: number, from: number = 0): Promise<string> {
    let next = from;
    try {
      return await until(`a line ${pattern} on the console`, timeoutMs, () => {
        for (; next < this.#lines.length; next++) {
          if (pattern.test(this.#lines[next] as string)) return this.#lines[next];
        }
        return pattern.test(this.rest) && this.rest;
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; its last lines: ${this.#lines.slice(-8).join(' | ')}`);
    }
  }
}

function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/\x1b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[c78=>])|[\x00-\x08\x0b-\x1a\r]/g, '');
}
