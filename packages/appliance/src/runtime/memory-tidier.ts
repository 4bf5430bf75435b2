import { getHeapStatistics, queryObjects } from 'node:v8';
import { giveBackFreeMemory } from '../system/free-memory.ts';

/** How often a thread looks at itself, in milliseconds. */
const INTERVAL = 60_000;
/** What works more than this part of the time is not held up, and is collected by V8 in good time. */
const QUIET = 0.2;
/** Octets that V8 must have taken since the last time for it to be worth the trouble. */
const WORTH = 1 << 20;

/**
 * Gives back what a thread has taken and does not need any more: V8 by itself looks for it only when a program goes on asking
 * for memory, and a router has little to do. What a start leaves behind is a third of all.
 */
export class MemoryTidier {
  readonly #interval: number;
  #next: number;
  #last: number;
  #usage = process.threadCpuUsage();
  /** Octets of V8's heap after the last time. */
  #left = 0;

  /**
   * @param now monotonic, milliseconds; the first look is an interval later, when whoever waits for the router is online
   * @param interval milliseconds
   */
  constructor(now: number, interval: number = INTERVAL) {
    this.#interval = interval;
    this.#last = now;
    this.#next = now + interval;
  }

  /**
   * Called now and then, while there is nothing to do, it tidies up after a quiet interval. That takes some milliseconds for
   * each megabyte in use.
   */
  look(now: number): void {
    if (now < this.#next) return;
    const usage = process.threadCpuUsage();
    const worked = (usage.user - this.#usage.user + usage.system - this.#usage.system) / 1000;
    const isQuiet = worked < QUIET * (now - this.#last);
    this.#usage = usage;
    this.#last = now;
    this.#next = now + this.#interval;
    if (!isQuiet || getHeapStatistics().total_heap_size < this.#left + WORTH) return;
    // It is the collection that is wanted: all that can be had. There is no other way to it without an option of V8, and
    // with one Node takes the caches of its own modules no more. What the query takes itself is some megabytes in small blocks.
    queryObjects(Nothing);
    giveBackFreeMemory();
    this.#left = getHeapStatistics().total_heap_size;
  }
}

/** Has no objects. */
class Nothing {}
