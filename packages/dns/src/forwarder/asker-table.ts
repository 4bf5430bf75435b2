import { NumberMap } from '@router7/wire';
import { HEADER_LENGTH } from '../header.ts';
import type { QueryView } from '../scan/query-view.ts';
import { Asker } from './asker.ts';
import type { ClientTransport } from './input.ts';
import { copyOctets } from './message-writing.ts';

/** Counters for clients, which some share; a power of two. */
const SHARES = 1024;
/** One client's part of the room there is. */
const SHARE = 0.25;
/** That many everyone may have. */
const LEAST_SHARE = 64;

/** The clients that wait, in objects that are used again and again. */
export class AskerTable {
  readonly #limit: number;
  readonly #share: number;
  readonly #free: Asker[] = [];
  readonly #byNumber = new NumberMap<Asker>();
  readonly #shares = new Uint16Array(SHARES);

  constructor(limit: number) {
    this.#limit = limit;
    this.#share = Math.min(Math.max(Math.floor(limit * SHARE), LEAST_SHARE), 0xffff);
  }

  /** Whether one more of this client may wait. */
  hasRoom(source: number): boolean {
    return this.#byNumber.size < this.#limit && (this.#shares[shareOf(source)] as number) < this.#share;
  }

  /** @param number the caller's; one that is in use belongs to the new query from now on */
  take(number: number, view: QueryView, transport: ClientTransport, source: number, maximumUdpSize: number): Asker {
    const before = this.#byNumber.get(number);
    if (before !== undefined) this.gone(number);
    const asker = this.#free.pop() ?? new Asker();
    asker.take(view, transport, source, maximumUdpSize);
    asker.number = number;
    asker.questionEnd = Math.min(view.questionEnd - view.start, asker.question.length);
    copyOctets(asker.question, 0, view.bytes, view.start, asker.questionEnd);
    asker.question.fill(0, 6, HEADER_LENGTH);
    asker.extendedError = -1;
    asker.next = undefined;
    asker.waiting = true;
    this.#byNumber.set(number, asker);
    this.#shares[shareOf(source)]!++;
    return asker;
  }

  /** The client does not wait any more. The object is released when its turn comes. */
  gone(number: number): void {
    const asker = this.#byNumber.get(number);
    if (asker !== undefined) this.#end(asker);
  }

  /** The client has been told. */
  release(asker: Asker): void {
    if (asker.waiting) this.#end(asker);
    this.#free.push(asker);
  }

  #end(asker: Asker): void {
    asker.waiting = false;
    this.#byNumber.delete(asker.number);
    this.#shares[shareOf(asker.source)]!--;
  }
}

function shareOf(source: number): number {
  return (Math.imul(source, 0x9e37_79b1) >>> 22) & (SHARES - 1);
}
