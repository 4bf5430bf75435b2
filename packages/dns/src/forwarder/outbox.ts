import type { Asker } from './asker.ts';
import type { ForwarderEvent } from './output.ts';
import type { Exchange } from './pending.ts';

/** What is to be told: clients with an outcome, exchanges that begin or are over, events. */
export type OutboxItem = Asker | Exchange | ForwarderEvent;

/** Room for what nobody takes out; askers and exchanges are bounded by their tables. */
const MAX_EVENTS = 64;

/** What waits to be polled, in order. Messages are made when they are taken out. */
export class Outbox {
  /** Never made shorter: to grow again would leave an array behind for each query. */
  #items: (OutboxItem | undefined)[] = [];
  #at = 0;
  #end = 0;
  #events = 0;

  push(item: OutboxItem): void {
    this.#items[this.#end++] = item;
  }

  /** Events that nobody takes are dropped. */
  tell(event: ForwarderEvent): void {
    if (this.#events >= MAX_EVENTS) return;
    this.#events++;
    this.#items[this.#end++] = event;
  }

  shift(): OutboxItem | undefined {
    if (this.#at === this.#end) return undefined;
    const item = this.#items[this.#at];
    this.#items[this.#at++] = undefined;
    if (this.#at === this.#end) {
      this.#at = this.#end = 0;
      this.#events = 0;
    } else if (this.#at > 1024 && 2 * this.#at > this.#end) {
      this.#items = this.#items.slice(this.#at, this.#end);
      this.#end -= this.#at;
      this.#at = 0;
    }
    return item;
  }
}
