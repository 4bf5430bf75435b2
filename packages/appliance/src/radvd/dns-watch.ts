import { createSocket } from 'node:dgram';
import type { Log } from '../runtime/log.ts';

/** Between two questions, and after one without an answer, milliseconds. */
const INTERVAL = 2000;
const INTERVAL_WHEN_SILENT = 500;
/** How long an answer is waited for, milliseconds. */
const PATIENCE = 1000;
/** So many questions in a row without an answer: longer than a name server takes that is started anew. */
const MOST_SILENCE = 12;

/** `localhost`, type A: what every name server answers by itself (RFC 6761 section 6.3). */
const QUESTION: Uint8Array = Buffer.from('103501000001000000000000' + '096c6f63616c686f73740000010001', 'hex');

/** How a {@link DnsWatch} asks. */
export interface DnsWatchOptions {
  /** @returns whether there was an answer */
  readonly ask?: () => Promise<boolean>;
  /** Divides all times. */
  readonly haste?: number;
}

/**
 * Asks the router's own name server whether it answers (row RA-15). One that has never done so is not taken for dead: it may
 * be about to start, or another one may be meant.
 */
export class DnsWatch {
  readonly #ask: () => Promise<boolean>;
  readonly #haste: number;
  readonly #log: Log;
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #hasAnswered = false;
  #silence = 0;

  /** @param changed {@link DnsWatch.isDead} is another one */
  constructor(log: Log, changed: () => void, { ask = askOwnServer, haste = 1 }: DnsWatchOptions = {}) {
    this.#log = log;
    this.#changed = changed;
    this.#ask = ask;
    this.#haste = haste;
    this.#next(0);
  }

  /** It has answered once, and does not any more. */
  get isDead(): boolean {
    return this.#hasAnswered && this.#silence >= MOST_SILENCE;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #next(delay: number): void {
    if (!this.#closed) this.#timer = setTimeout(() => void this.#look(), delay / this.#haste);
  }

  async #look(): Promise<void> {
    const before = this.isDead;
    const answers = await this.#ask();
    if (this.#closed) return;
    this.#hasAnswered ||= answers;
    this.#silence = answers ? 0 : this.#silence + 1;
    if (this.isDead !== before) {
      if (before) this.#log.info('the name server answers again');
      else this.#log.warn('the name server does not answer, hosts are told not to ask it');
      this.#changed();
    }
    this.#next(answers ? INTERVAL : INTERVAL_WHEN_SILENT);
  }
}

/** Whether anything comes back from port 53 of this machine. */
export function askOwnServer(port: number = 53): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (answers: boolean): void => {
      clearTimeout(timer);
      socket.removeAllListeners('message');
      socket.close();
      resolve(answers);
    };
    const timer = setTimeout(end, PATIENCE, false);
    // Connected, so that a closed port is told at once.
    socket.once('error', () => end(false));
    socket.once('message', () => end(true));
    socket.connect(port, '127.0.0.1', () => socket.send(QUESTION));
  });
}
