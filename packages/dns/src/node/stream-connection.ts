import type { Socket } from 'node:net';
import type { FailureReason } from '@router7/dns';
import { type Connection, type ConnectionEnd, type ConnectionLimits, ConnectionTimer } from './connection.ts';
import { CorkedWriter } from './corked-writer.ts';
import { type Exchange, idOf, isResponse, withId } from './exchange.ts';
import { failureOf } from './failure.ts';
import { frameMessage, MessageReader } from './message-reader.ts';

/** Messages that answer nothing before the other side counts as broken. */
const MAXIMUM_FOREIGN = 100;

/** A question on a connection; without `exchange` it was forgotten, but its answer may still come. */
interface Sent {
  exchange: Exchange | undefined;
  answered: boolean;
}

/**
 * Questions and answers over one TCP or TLS connection (RFC 7766): pipelined, with ids that are unique on the connection,
 * answered in any order.
 */
export class StreamConnection implements Connection {
  readonly #socket: Socket;
  readonly #writer: CorkedWriter;
  readonly #limits: ConnectionLimits;
  readonly #onEnd: (end: ConnectionEnd) => void;
  readonly #timer: ConnectionTimer;
  readonly #sent = new Map<number, Sent>();
  readonly #ids = new Map<Exchange, number>();
  /** What waits for the connection to be there: before that, TLS does not know whom it talks to. */
  #queue: Uint8Array[] | undefined = [];
  #answered = false;
  #foreign = 0;
  #ended = false;

  /**
   * @param readyEvent when the other side is there, and is who it should be
   * @param onEnd is called once
   */
  constructor(
    socket: Socket,
    readyEvent: 'connect' | 'secureConnect',
    limits: ConnectionLimits,
    onEnd: (end: ConnectionEnd) => void,
  ) {
    this.#socket = socket;
    this.#writer = new CorkedWriter(socket);
    this.#limits = limits;
    this.#onEnd = onEnd;
    this.#timer = new ConnectionTimer(limits, (reason) => this.destroy(reason));
    const reader = new MessageReader((message) => this.#receive(message));
    socket.on(readyEvent, () => this.#ready());
    socket.on('data', (chunk) => reader.push(chunk as Uint8Array));
    socket.on('error', (error) => this.destroy(failureOf(error)));
    socket.on('end', () => this.destroy('closed'));
    socket.on('close', () => this.destroy('closed'));
  }

  get hasRoom(): boolean {
    return this.#sent.size < this.#limits.maximumPipelined;
  }

  get isEnding(): boolean {
    return this.#ended;
  }

  send(exchange: Exchange): void {
    // RFC 7766 section 6.2.1: no id may be in use twice on a connection.
    let id = idOf(exchange.payload);
    while (this.#sent.has(id)) id = (id + 1) & 0xffff;
    this.#sent.set(id, { exchange, answered: false });
    this.#ids.set(exchange, id);
    exchange.attempts++;
    const framed = frameMessage(withId(exchange.payload, id));
    if (this.#queue !== undefined) this.#queue.push(framed);
    else {
      this.#timer.note(true, false);
      this.#writer.write(framed);
    }
  }

  forget(exchange: Exchange): void {
    const id = this.#ids.get(exchange);
    if (id === undefined) return;
    this.#ids.delete(exchange);
    const sent = this.#sent.get(id) as Sent;
    // Until it is answered the id belongs to that question.
    if (sent.answered) this.#sent.delete(id);
    else sent.exchange = undefined;
    if (this.#queue === undefined) this.#timer.note(this.#isWaiting(), false);
  }

  destroy(reason: FailureReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer.stop();
    this.#socket.destroy();
    this.#onEnd({
      unanswered: [...this.#sent.values()].flatMap(({ exchange, answered }) =>
        exchange === undefined || answered ? [] : [exchange],
      ),
      established: this.#queue === undefined,
      answered: this.#answered,
      reason,
    });
  }

  #ready(): void {
    const queue = this.#queue ?? [];
    this.#queue = undefined;
    this.#timer.note(this.#isWaiting(), true);
    for (const framed of queue) this.#writer.write(framed);
  }

  #receive(message: Uint8Array): void {
    if (this.#ended) return;
    // What is no message means that the lengths are not where they should be any more.
    if (!isResponse(message)) {
      this.destroy('closed');
      return;
    }
    const id = idOf(message);
    const sent = this.#sent.get(id);
    if (sent === undefined) {
      if (++this.#foreign > MAXIMUM_FOREIGN) this.destroy('closed');
      return;
    }
    this.#answered = true;
    const { exchange } = sent;
    sent.answered = true;
    if (exchange === undefined) this.#sent.delete(id);
    this.#timer.note(this.#isWaiting(), true);
    exchange?.answer(withId(message, idOf(exchange.payload)));
  }

  #isWaiting(): boolean {
    return this.#sent.size > 0;
  }
}
