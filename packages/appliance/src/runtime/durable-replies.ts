import type { DurableTable } from './durable-table.ts';
import { HeldReplies, type Reply } from './held-replies.ts';

/**
 * With so many replies there are more on their way: sending and writing wait until the socket has been emptied, and serve
 * them too. Each costs as much processor time as several replies do.
 */
const BUSY = 4;
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
 * same write; the others leave before that. While a thread writes for many to a slow disk the next ones are made, which wait
 * for the write that follows it.
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
  /** Replies that have been put into the queue since it was sent. */
  #queued = 0;
  /** Sending and writing wait for the end of what is being received. */
  #isDeferred = false;
  #isTickAwaited = false;

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
    if (durable && this.#table !== undefined && this.#table.isSafe !== true) this.#held.add(reply);
    else {
      this.#queue(reply, reply.payload);
      this.#queued++;
    }
  }

  /** The end of a batch: as of `Transport`. */
  flush(): void | Promise<void> {
    if (this.#underway !== undefined) {
      this.#sendQueued();
      this.#again = true;
      return this.#held.count < MOST_HELD ? undefined : this.#underway;
    }
    if (this.#isDeferred) return;
    if (this.#queued + this.#held.count < BUSY) return this.#settle();
    this.#isDeferred = true;
    if (this.#isTickAwaited) return;
    this.#isTickAwaited = true;
    // By then whoever has called this has received until there was nothing left.
    process.nextTick(this.#tick);
  }

  /**
   * Sends and writes what {@link flush} has put off: there is nothing left to be received.
   *
   * @returns whether replies have left: others may have come meanwhile
   */
  settle(): boolean {
    return this.#isDeferred && this.#settle() === undefined;
  }

  /** Sends what can be sent on the spot. */
  close(): void {
    this.#again = false;
    if (this.#underway === undefined) void this.#settle();
  }

  readonly #tick = (): void => {
    this.#isTickAwaited = false;
    this.settle();
  };

  #settle(): void | Promise<void> {
    this.#isDeferred = false;
    // First, so that those who get it have something to do while the disk is written to.
    this.#sendQueued();
    return this.#commit();
  }

  #sendQueued(): void {
    if (this.#queued === 0) return;
    this.#queued = 0;
    this.#send();
  }

  /** Makes the table safe, then sends what has waited for it. */
  #commit(): void | Promise<void> {
    if (this.#table === undefined) return;
    let pending: void | Promise<void>;
    try {
      pending = this.#table.sync();
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
        void this.#commit();
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
