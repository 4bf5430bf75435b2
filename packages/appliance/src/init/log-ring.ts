/** Lines that are kept of each stream. */
export const KEPT_LINES = 100;
/** And characters: lines may be long. */
const KEPT_CHARACTERS = 64 * 1024;

/** One line that a service has written. */
export interface LogLine {
  /** Counts from 0 for each stream; a gap tells that lines came too fast to be kept. */
  readonly number: number;
  readonly at: Date;
  /** Without its line feed. */
  readonly text: string;
}

/** The last lines of one stream. However much is written, it needs the same little memory. */
export class LogRing {
  #lines: LogLine[] = [];
  #characters = 0;
  #next = 0;
  readonly #listeners = new Set<(line: LogLine) => void>();

  /** @param before lines that there were already, ascending by their numbers */
  constructor(before: readonly LogLine[] = []) {
    for (const line of before) this.#push(line);
  }

  /** The lines there are, the oldest first. */
  lines(): readonly LogLine[] {
    return [...this.#lines];
  }

  /** Hears of each further line. @returns ends that */
  subscribe(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Adds a line. */
  add(text: string, at: Date): void {
    const line = { number: this.#next, at, text };
    this.#push(line);
    for (const listener of [...this.#listeners]) listener(line);
  }

  /** Counts lines that are not kept. */
  skip(count: number): void {
    this.#next += count;
  }

  #push(line: LogLine): void {
    this.#next = line.number + 1;
    this.#lines.push(line);
    this.#characters += line.text.length;
    while (this.#lines.length > KEPT_LINES || (this.#characters > KEPT_CHARACTERS && this.#lines.length > 1)) {
      this.#characters -= (this.#lines.shift() as LogLine).text.length;
    }
  }
}
