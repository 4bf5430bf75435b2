import { HeldReplies, type Reply } from './held-replies.ts';
import type { DurableTable } from './journal-table.ts';

/**
 * With so many replies waiting for the disk there are more on their way: the write that is due waits for one more look at
 * the socket, and serves them too. It costs as much processor time as several replies do.
 */
const BUSY = 4;
const PATIENCE = 4;
/** Replies that wait while the disk is written to, before whoever asks more has to wait as well. */
const MOST_HELD = 256;

/** What a server's transport has done besides moving datagrams. */
export interface ReplyCounters {
  /** Datagrams that were longer than any DHCP message is here. */
  readonly truncated: number;
  /** Replies that found no room in a queue: their clients ask again. */
  readonly unsent: number;
  /** Replies that were not sent because their lease could not be written. */
  readonly withheld: number;
}

/**
 * The way of a server's replies: those that promise something wait until the lease table is safe, all of a batch for the
 * same write; the others leave before that. While a write for many is under way the next ones are made, which wait for
 * the write that follows it.
 */
export class DurableReplies<R extends Reply> {
  /** Replies that were not sent because their lease could not be written. */
  withheld = 0;
  readonly #table: DurableTable | undefined;
  readonly #queue: (reply: R, payload: Uint8Array) => void;
  readonly #send: () => void;
  /** Replies that wait for the next write, and those that wait for the one that is under way. */
  #held = new HeldReplies<R>();
  #inWriting = new HeldReplies<R>();
  /** The disk is being written to, by a thread. */
  #underway: Promise<void> | undefined;
  /** There is more to be written once it is done. */
  #again = false;
  /** A write has been put off for what comes in next. */
  #deferred: NodeJS.Immediate | undefined;
  /** How often the write may be put off further. */
  #patience = 0;

  /**
   * @param table what has to be safe before a promise leaves; undefined when nothing is kept
   * @param queue puts a reply into a socket's queue
   * @param send sends what is queued
   */
  constructor(table: DurableTable | undefined, queue: (reply: R, payload: Uint8Array) => void, send: () => void) {
    this.#table = table;
    this.#queue = queue;
    this.#send = send;
  }

  /** Takes a reply. @param durable whether it has to wait for the table */
  add(reply: R, durable: boolean): void {
    if (durable && this.#table !== undefined) this.#held.add(reply);
    else this.#queue(reply, reply.payload);
  }

  /** The end of a batch: as of `Transport`. */
  flush(): void | Promise<void> {
    this.#send();
    if (this.#underway !== undefined) {
      this.#again = true;
      return this.#held.count < MOST_HELD ? undefined : this.#underway;
    }
    if (this.#deferred !== undefined) return;
    if (this.#held.count < BUSY) return this.#commit(false);
    this.#patience = PATIENCE;
    this.#defer();
  }

  /** Sends what can be sent on the spot. */
  close(): void {
    clearImmediate(this.#deferred);
    this.#again = false;
    if (this.#underway === undefined) void this.#commit(false);
  }

  /** Has the write wait for the next turn of the event loop, as long as that brings more that needs it. */
  #defer(): void {
    const count = this.#held.count;
    // Twice through the event loop: what comes in during the first turn is handled after this callback.
    this.#deferred = setImmediate(() => {
      this.#deferred = setImmediate(() => {
        this.#deferred = undefined;
        if (this.#held.count > count && --this.#patience > 0) this.#defer();
        else void this.#commit(true);
      });
    });
  }

  /** Makes the table safe, then sends what has waited for it. @param isBusy whether there is more to do meanwhile */
  #commit(isBusy: boolean): void | Promise<void> {
    if (this.#table === undefined) return;
    let pending: void | Promise<void>;
    try {
      pending = this.#table.sync(isBusy);
    } catch {
      // Told by the table.
      this.#withhold(this.#held);
      return;
    }
    if (pending === undefined) {
      this.#release(this.#held);
      return;
    }
    // What is added from here on is not in this write.
    const written = this.#held;
    this.#held = this.#inWriting;
    this.#inWriting = written;
    this.#underway = pending
      .then(
        () => this.#release(written),
        () => this.#withhold(written),
      )
      .finally(() => {
        this.#underway = undefined;
        if (!this.#again) return;
        this.#again = false;
        void this.#commit(true);
      });
    return this.#underway;
  }

  #release(replies: HeldReplies<R>): void {
    if (replies.count === 0) return;
    replies.release(this.#queue);
    this.#send();
  }

  #withhold(replies: HeldReplies<R>): void {
    this.withheld += replies.drop();
  }
}
