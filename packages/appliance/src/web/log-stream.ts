import type { LogReader, ReadLine } from './log-reader.ts';

/** Readers of logs at a time. More than a household opens; each one has a connection and a chunk of text. */
const MAXIMUM_READERS = 32;
/** Characters that are handed over at a time; more waits where it is kept anyway, in the service's ring. */
const CHUNK = 32 * 1024;
/** How often a silent stream of events says that it is still there, milliseconds. Proxies cut off after 60 s or less. */
const BEAT = 20_000;
/** A reader that takes nothing for so many beats is gone. */
const PATIENCE = 3;

/** Text as it is in a line, without what would drive the terminal or end the line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get through
const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g;

/** A line without control characters, which could drive a terminal or begin another field of an event. */
export function harmless(text: string): string {
  return text.replace(CONTROLS, '\ufffd');
}

/** How lines are written: {@link plainLine}, {@link eventOf}. */
export type LineFormat = (line: ReadLine) => string;

/** A line for people and programs that read text. */
export const plainLine: LineFormat = ({ text }) => `${harmless(text)}\n`;

/** A server-sent event. @param isNamed after its stream, as gokrazy does when both are read */
export function eventOf({ stream, text, position, missed }: ReadLine, isNamed: boolean): string {
  const gap = missed > 0 ? `event: gap\ndata: ${missed}\n\n` : '';
  return `${gap}${isNamed ? `event: ${stream}\n` : ''}id: ${position}\ndata: ${harmless(text)}\n\n`;
}

/** Bodies of answers that go on as the log does. Slow readers cost no more than others, and there are only so many. */
export class LogStreams {
  #readers = 0;
  readonly #beat: number;

  /** @param beat milliseconds between two beats */
  constructor(beat: number = BEAT) {
    this.#beat = beat;
  }

  /** How many are being read. */
  get readers(): number {
    return this.#readers;
  }

  /**
   * The lines that there are, and each further one. @returns undefined when there are too many readers
   *
   * @param idle is written when nothing has happened for a while; '' for nothing
   */
  open(reader: LogReader, format: LineFormat, idle: string): ReadableStream<Uint8Array> | undefined {
    if (this.#readers >= MAXIMUM_READERS) return undefined;
    this.#readers++;
    const encoder = new TextEncoder();
    let wake = (_why: 'more' | 'beat' | 'over'): void => {};
    let isAsked = false;
    let unasked = 0;
    let timer: NodeJS.Timeout;
    const endListening = reader.onMore(() => wake('more'));
    let isOver = false;
    const finish = (): void => {
      if (isOver) return;
      isOver = true;
      this.#readers--;
      clearInterval(timer);
      endListening();
      wake('over');
    };
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          timer = setInterval(() => {
            unasked = isAsked ? 0 : unasked + 1;
            wake('beat');
            if (unasked < PATIENCE) return;
            finish();
            controller.error(new Error('the reader takes nothing'));
          }, this.#beat);
          timer.unref();
        },
        pull: async (controller) => {
          isAsked = true;
          while (!isOver) {
            const text = reader.read(CHUNK).map(format).join('');
            const why = text === '' ? await new Promise<string>((resolve) => (wake = resolve)) : 'text';
            const chunk = why === 'beat' ? idle : text;
            if (chunk === '' || isOver) continue;
            isAsked = false;
            unasked = 0;
            controller.enqueue(encoder.encode(chunk));
            return;
          }
        },
        cancel: finish,
      },
      // Nothing is read ahead: what nobody takes stays in the ring.
      { highWaterMark: 0 },
    );
  }
}
