import { NumberPool } from '@router7/wire';
import { AnswerBatch } from '../system/answer-batch.ts';
import { MessageBatch } from '../system/message-batch.ts';
import { MAXIMUM_DATAGRAM_ASKERS } from './answering-desk.ts';
import { DATAGRAM_SIZE, type DatagramCounters } from './datagram-service.ts';

const NAME_SIZE = 28;
const NAME_WORDS = NAME_SIZE / 4;
/** Replies to send with one system call. */
const BATCH = 64;

/** Clients that have asked by UDP and are answered later. */
export class DatagramAskers {
  readonly #counters: DatagramCounters;
  readonly #free = new NumberPool(MAXIMUM_DATAGRAM_ASKERS);
  /** Socket addresses, in words. */
  readonly #names = new Uint32Array(MAXIMUM_DATAGRAM_ASKERS * NAME_WORDS);
  /** The socket that each has asked. */
  readonly #listeners = new Uint32Array(MAXIMUM_DATAGRAM_ASKERS);
  readonly #sockets = new Map<number, number>();
  readonly #out = new MessageBatch(BATCH, DATAGRAM_SIZE, NAME_SIZE, false);
  readonly #answers = new AnswerBatch(this.#out);
  #next = 0;
  /** Where what is queued goes. */
  #fd = -1;

  /** @param counters where `sent` and `unsent` are counted */
  constructor(counters: DatagramCounters) {
    this.#counters = counters;
  }

  /** A socket that is served; its number is never used again for another one. */
  opened(listener: number, fd: number): void {
    this.#sockets.set(listener, fd);
  }

  /** It is about to be closed. Who has asked there gets no answer. */
  closed(listener: number): void {
    this.flush();
    this.#sockets.delete(listener);
  }

  /** Keeps the address that message `index` came from. @returns the asker's number until its reply; -1 when too many wait */
  take(batch: MessageBatch, index: number, listener: number): number {
    const asker = this.#free.nextFree(this.#next);
    if (asker < 0) return -1;
    this.#free.setFree(asker, false);
    this.#next = asker + 1;
    // Word by word: a view of the address would be garbage for each query.
    const { words } = batch;
    const name = batch.name(index) >> 2;
    for (let word = 0; word < NAME_WORDS; word++) this.#names[asker * NAME_WORDS + word] = words[name + word] as number;
    this.#listeners[asker] = listener;
    return asker;
  }

  /** Queues the reply to an asker, whose number is free then; without a payload it gets none. The octets are copied. */
  reply(asker: number, payload: Uint8Array | undefined): void {
    this.#free.setFree(asker, true);
    const fd = this.#sockets.get(this.#listeners[asker] as number);
    if (payload === undefined || fd === undefined) return;
    if (payload.length > DATAGRAM_SIZE) {
      this.#counters.unsent++;
      return;
    }
    if (fd !== this.#fd || this.#answers.count === BATCH) this.flush();
    this.#fd = fd;
    const index = this.#answers.count;
    const { words } = this.#out;
    const name = this.#out.name(index) >> 2;
    for (let word = 0; word < NAME_WORDS; word++) words[name + word] = this.#names[asker * NAME_WORDS + word] as number;
    this.#out.setPayload(index, payload);
    this.#answers.add(index, payload.length);
  }

  /** Sends what is queued. */
  flush(): void {
    const answers = this.#answers;
    if (answers.count === 0) return;
    answers.send(this.#fd);
    this.#counters.sent += answers.sent;
    this.#counters.unsent += answers.unsent;
  }
}
