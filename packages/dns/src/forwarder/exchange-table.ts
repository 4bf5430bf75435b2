import { NumberPool } from '@router7/wire';
import { Exchange } from './pending.ts';

/** All exchanges there can be, used again and again. */
export class ExchangeTable {
  readonly #exchanges: (Exchange | undefined)[];
  readonly #free: NumberPool;
  #start = 0;
  #open = 0;

  constructor(size: number) {
    this.#exchanges = new Array<Exchange | undefined>(size).fill(undefined);
    this.#free = new NumberPool(size);
  }

  /** How many are open, or were and nobody has been told the end yet. */
  get size(): number {
    return this.#open;
  }

  /** Undefined when all are in use. A number is taken again as late as can be. */
  take(): Exchange | undefined {
    const number = this.#free.nextFree(this.#start);
    if (number < 0) return undefined;
    this.#start = number + 1;
    this.#free.setFree(number, false);
    this.#open++;
    const exchange = (this.#exchanges[number] ??= new Exchange(number));
    exchange.open = true;
    exchange.sent = false;
    return exchange;
  }

  /** Gives a number back. */
  release(exchange: Exchange): void {
    exchange.pending = undefined;
    exchange.next = undefined;
    exchange.open = false;
    this.#free.setFree(exchange.number, true);
    this.#open--;
  }

  /** The open exchange of a number. */
  get(number: number): Exchange | undefined {
    const exchange = this.#exchanges[number];
    return exchange?.open === true ? exchange : undefined;
  }

  /** All open ones. */
  *open(): Generator<Exchange, undefined> {
    for (const exchange of this.#exchanges) if (exchange?.open === true) yield exchange;
  }
}
