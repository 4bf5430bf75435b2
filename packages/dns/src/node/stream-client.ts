import type { Socket } from 'node:net';
import type { QueryHandler } from './asker.ts';
import { CorkedWriter } from './corked-writer.ts';
import { frameMessage, MessageReader } from './message-reader.ts';

/** Octets of a header: less is no question, and what follows is none either. */
const HEADER = 12;
/** Octets of responses that a client may leave unread before its next questions are not read. */
const MAXIMUM_UNREAD = 262_144;

/** What a client may do. */
export interface StreamClientLimits {
  readonly maximumPending: number;
  readonly idleMilliseconds: number;
}

/** A client's TCP connection (RFC 7766): its questions are answered in the order in which the answers come. */
export class StreamClient {
  /** Who it is. */
  readonly address: string;
  readonly #socket: Socket;
  readonly #writer: CorkedWriter;
  readonly #limits: StreamClientLimits;
  readonly #onQuery: QueryHandler;
  readonly #port: number;
  readonly #timer: NodeJS.Timeout;
  #pending = 0;
  /** Questions that came with the last one there was room for; no more is read then. */
  readonly #waiting: Uint8Array[] = [];
  /** The client has said that there are no more questions; it may wait for answers still. */
  #hasEnded = false;

  constructor(socket: Socket, limits: StreamClientLimits, onQuery: QueryHandler) {
    this.#socket = socket;
    this.#writer = new CorkedWriter(socket);
    this.#limits = limits;
    this.#onQuery = onQuery;
    this.address = socket.remoteAddress ?? '';
    this.#port = socket.remotePort ?? 0;
    // Only whole questions and their answers are signs of life: one octet now and then is none.
    this.#timer = setTimeout(() => socket.destroy(), limits.idleMilliseconds);
    const reader = new MessageReader((message) => this.#receive(message));
    socket.on('data', (chunk) => reader.push(chunk as Uint8Array));
    socket.on('drain', () => this.#goOn());
    socket.on('end', () => {
      this.#hasEnded = true;
      this.#endWhenDone();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clearTimeout(this.#timer));
  }

  /** Whether no question is under way. */
  get isIdle(): boolean {
    return this.#pending === 0;
  }

  #receive(message: Uint8Array): void {
    if (this.#socket.destroyed) return;
    if (message.length < HEADER) {
      this.#socket.destroy();
      return;
    }
    if (this.#isFull()) {
      this.#waiting.push(message);
      this.#socket.pause();
    } else this.#hand(message);
  }

  #hand(message: Uint8Array): void {
    this.#timer.refresh();
    this.#pending++;
    let done = false;
    this.#onQuery(message, {
      transport: 'tcp',
      address: this.address,
      port: this.#port,
      reply: (payload) => {
        if (done) return;
        done = true;
        this.#reply(payload);
      },
    });
  }

  #reply(payload: Uint8Array | undefined): void {
    this.#pending--;
    if (this.#socket.destroyed) return;
    if (payload !== undefined && payload.length <= 0xffff) {
      this.#timer.refresh();
      this.#writer.write(frameMessage(payload));
    }
    this.#goOn();
    this.#endWhenDone();
  }

  #isFull(): boolean {
    return this.#pending >= this.#limits.maximumPending || this.#socket.writableLength > MAXIMUM_UNREAD;
  }

  #goOn(): void {
    while (this.#waiting.length > 0 && !this.#isFull()) this.#hand(this.#waiting.shift() as Uint8Array);
    if (this.#socket.isPaused() && !this.#isFull()) this.#socket.resume();
  }

  #endWhenDone(): void {
    if (this.#hasEnded && this.#pending === 0 && this.#waiting.length === 0) this.#socket.end();
  }
}
