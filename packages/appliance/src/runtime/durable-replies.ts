import type { Completion, DurableTable } from './durable-table.ts';
import { HeldReplies, type Reply } from './held-replies.ts';

/**
 * With so many replies there are more on their way: sending and writing wait until the socket has been emptied, and serve
 * them too. Each costs as much processor time as several replies do.
 */
const BUSY = 4;
/**
 * For fewer replies than this the disk is waited for, which costs less. For more, others are served while it writes: as many
 * wait for the write that follows, so that there is always somebody to serve.
 */
const WORTHWHILE = 8;
const MANY = 2 * WORTHWHILE;
/** Larger groups of replies hardly cost less each. */
const LARGEST_HALF = 32;
/** Where there are many, others are waited for before so few are written for or sent to, in milliseconds. */
const GATHER = 0.06;
/** Replies that wait while the disk is written to, before whoever asks more has to wait as well. */
const MOST_HELD = 256;
/** A disk that takes longer, in milliseconds, is left to the event loop. */
const PATIENCE = 4;

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
 * same write; the others leave before that. While it is being written for many, the next ones are made, which wait for the
 * write that follows it.
 */
export class DurableReplies<R extends Reply> {
  /** Replies that were not sent because their lease could not be written. */
  withheld = 0;
  readonly #table: DurableTable | undefined;
  readonly #completion: Completion | undefined;
  readonly #queue: (reply: R, payload: Uint8Array) => void;
  readonly #send: () => void;
  /** Replies that wait for the next write, and those that wait for the one that is under way. */
  #held = new HeldReplies<R>();
  #inWriting = new HeldReplies<R>();
  /** The disk is being written to, and {@link #completion} will tell. */
  #isWriting = false;
  #writtenSince = 0;
  /** How many clients are about whose replies wait for the disk, lately. */
  #clients = 0;
  /** Until when others may come before the disk is written to; 0 when nobody is waited for. */
  #gathersUntil = 0;
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
    this.#completion = table?.completion;
    this.#queue = queue;
    this.#send = send;
  }

  /** Tells the descriptor of a socket that is emptied before each {@link settle}: it is looked at while the disk is written. */
  watch(fd: number): void {
    this.#completion?.watch(fd);
  }

  /** Takes a reply. @param durable whether it has to wait for the table */
  add(reply: R, durable: boolean): void {
    if (durable && this.#table !== undefined) this.#held.add(reply);
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
    if (this.#isWriting && this.#held.count >= MOST_HELD) this.#completion?.finish();
    if (!this.#isWriting && this.#held.count >= this.#half) this.#begin();
    const isQuiet = !this.#isWriting && this.#clients < MANY && this.#queued + this.#held.count < BUSY;
    if (isQuiet && !this.#isDeferred) return this.#settle();
    this.#isDeferred = true;
    this.#awaitTick();
  }

  /**
   * Sends and writes what {@link flush} has put off: there is nothing left to be received.
   *
   * @returns whether replies have left, or will soon: others may have come meanwhile
   */
  settle(): boolean {
    if (this.#isWriting && this.#completion?.look() !== true) {
      if (this.#isDeferred && this.#queued < WORTHWHILE) {
        // Rather with those that follow.
        this.#isDeferred = false;
        return true;
      }
      if (!this.#isDeferred && this.#queued === 0) {
        if (performance.now() - this.#writtenSince > PATIENCE) return false;
        this.#completion?.wait(PATIENCE);
      }
    } else if (!this.#isDeferred) {
      if (this.#gathersUntil === 0) return false;
      if (performance.now() < this.#gathersUntil) return true;
    }
    return this.#settle() === undefined;
  }

  /** Sends what can be sent on the spot. */
  close(): void {
    this.#again = false;
    while (this.#isWriting) this.#completion?.finish();
    // Nobody is waited for any more.
    this.#isDeferred = false;
    if (this.#underway === undefined) void this.#settle();
    // That may have begun another write.
    while (this.#isWriting) this.#completion?.finish();
    this.#sendQueued();
  }

  /** Has {@link #tick} called when whoever has called this has received until there was nothing left. */
  #awaitTick(): void {
    if (this.#isTickAwaited) return;
    this.#isTickAwaited = true;
    process.nextTick(this.#tick);
  }

  readonly #tick = (): void => {
    this.#isTickAwaited = false;
    if (this.#underway !== undefined) return;
    // Nobody is waited for any more.
    this.#isDeferred = false;
    void this.#settle();
    if (this.#isWriting) this.#completion?.sleep();
  };

  #settle(): void | Promise<void> {
    if (this.#isWriting) this.#completion?.look();
    const isNew = this.#isDeferred;
    this.#isDeferred = false;
    this.#gathersUntil = 0;
    if (!this.#isWriting && this.#held.count >= this.#half) this.#begin();
    // First, so that those who get it have something to do while the disk is written to.
    this.#sendQueued();
    if (this.#isWriting) return;
    if (isNew && this.#held.count > 0 && this.#clients >= MANY) {
      this.#gathersUntil = performance.now() + GATHER;
      return;
    }
    if (this.#held.count > 0) this.#clients >>= 1;
    return this.#commit();
  }

  /** With so many replies that wait for the disk it is time to write. */
  get #half(): number {
    return Math.min(Math.max(this.#clients >> 1, WORTHWHILE), LARGEST_HALF);
  }

  #sendQueued(): void {
    if (this.#queued === 0) return;
    this.#queued = 0;
    this.#send();
  }

  /** Begins to make the table safe, if that is possible. */
  #begin(): void {
    if (this.#completion === undefined || this.#table?.begin?.(this.#written) !== true) {
      this.#clients = 0;
      return;
    }
    this.#swap();
    this.#isWriting = true;
    this.#writtenSince = performance.now();
    this.#awaitTick();
  }

  /** What was begun is done. Something else is at work, so that the rest waits for its end. */
  readonly #written = (error?: unknown): void => {
    this.#isWriting = false;
    const { count } = this.#inWriting;
    this.#clients = Math.max(count + this.#held.count, this.#clients - (this.#clients >> 3));
    if (error === undefined) {
      this.#inWriting.release(this.#queue);
      this.#queued += count;
    } else this.#withhold(this.#inWriting);
    this.#isDeferred = true;
    this.#awaitTick();
  };

  /** What is added from here on is not in the write that has begun. @returns those that are in it */
  #swap(): HeldReplies<R> {
    const written = this.#held;
    this.#held = this.#inWriting;
    this.#inWriting = written;
    return written;
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
    const written = this.#swap();
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
