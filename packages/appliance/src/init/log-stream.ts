import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { LAST_WORDS } from '../runtime/supervised.ts';
import { Fifo } from '../system/fifo.ts';
import { LineSplitter } from './line-splitter.ts';
import { KEPT_LINES, type LogLine, LogRing } from './log-ring.ts';

/** Characters of the file beside a ring, before it is written anew with what the ring has. */
const LONGEST_FILE = 128 * 1024;

/** A ring that the next supervisor finds as this one has left it, by a file in memory (/run). */
export class KeptRing {
  readonly ring: LogRing;
  readonly #path: string;
  /** Characters of the file: the one of before may hold anything. */
  #written = LONGEST_FILE;

  constructor(path: string) {
    this.#path = path;
    this.ring = new LogRing(readKept(path));
  }

  /**
   * Adds lines of one moment. They are in the file before anybody who hears of them can tell others: a number that a reader
   * has seen never stands for another line.
   */
  add(texts: readonly string[], at: Date): void {
    if (texts.length === 0) return;
    for (const text of texts) this.ring.add(text, at);
    if (this.#written >= LONGEST_FILE) this.#write(KEPT_LINES, true);
    else this.#write(texts.length, false);
  }

  #write(last: number, isAnew: boolean): void {
    const text = this.ring.lines().slice(-last).map(keptLine).join('');
    this.#written = isAnew ? text.length : this.#written + text.length;
    try {
      if (isAnew) {
        writeFileSync(`${this.#path}.new`, text, { mode: 0o600 });
        renameSync(`${this.#path}.new`, this.#path);
      } else appendFileSync(this.#path, text);
    } catch {
      // No room in memory: the next supervisor will know less. Half a line may be there, to which nothing is to be added.
      this.#written = LONGEST_FILE;
    }
  }
}

/** One stream of a service: a pipe that outlives the supervisor, and the last lines that came through it. */
export class LogStream {
  readonly #fifo: Fifo;
  readonly #kept: KeptRing;

  /**
   * @param path of the pipe; the ring's file is beside it
   * @param echo gets each line that is kept
   * @param lastWords gets the exit status that a process tells of itself
   * @throws SystemError, or Node's system error
   */
  constructor(path: string, echo: (text: string) => void, lastWords: (status: number) => void) {
    this.#kept = new KeptRing(`${path}.lines`);
    const splitter = new LineSplitter(KEPT_LINES);
    this.#fifo = new Fifo(path, (octets) => {
      const { lines, left } = splitter.push(octets);
      const isLast = (text: string): boolean => text.startsWith(LAST_WORDS);
      this.ring.skip(left);
      const texts = lines.filter((text) => !isLast(text));
      this.#kept.add(texts, new Date());
      for (const text of texts) echo(text);
      const last = lines.findLast(isLast);
      if (last !== undefined) lastWords(Number(last.slice(LAST_WORDS.length)));
    });
  }

  /** The last lines. */
  get ring(): LogRing {
    return this.#kept.ring;
  }

  /** A descriptor for a process to write to, for the caller to close. @throws Node's system error */
  openForWriter(): number {
    return this.#fifo.openForWriter();
  }

  /** Reads no longer; who writes does not notice. */
  close(): void {
    this.#fifo.close();
  }
}

function keptLine({ number, at, text }: LogLine): string {
  return `${number} ${at.getTime()} ${text}\n`;
}

/** A line that is cut off or damaged is left out. */
function readKept(path: string): readonly LogLine[] {
  let file: string;
  try {
    file = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  const lines = file.split('\n');
  // Behind the last line feed there is nothing, or a line that is cut off.
  lines.pop();
  return lines.flatMap((line) => {
    const [, number, at, text] = /^(\d{1,15}) (\d{1,15}) (.*)$/s.exec(line) ?? [];
    return text === undefined ? [] : [{ number: Number(number), at: new Date(Number(at)), text }];
  });
}
