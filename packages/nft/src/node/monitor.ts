import { NFNLGRP_NFTABLES, type NftChange, NftError, readChange, readMessages } from '@router7/nft';
import { DecodeError } from '@router7/wire';
import { KernelSocket, type KernelSocketOptions } from './kernel-socket.ts';

/** What a {@link Monitor} tells. After `lost` ask for what is there now: some changes could not be kept. */
export type MonitorEvent = NftChange | { readonly kind: 'lost' };

/** How a monitor behaves. */
export interface MonitorOptions {
  /** Changes that wait to be read at most; 65,536 when absent. What comes beyond is lost, and said to be. */
  readonly limit?: number;
}

/**
 * The changes of the rule set, whoever makes them, for one reader: `for await (const event of monitor)`. The process
 * lives on while somebody waits for one. Breaking off the loop closes it.
 *
 * Nothing here fails because there is too much: when the kernel's buffer or the one here is full, the next event is
 * `lost`, once, and then it goes on.
 */
export class Monitor implements AsyncIterableIterator<MonitorEvent, undefined> {
  readonly #socket: KernelSocket;
  readonly #limit: number;
  #events: MonitorEvent[] = [];
  /** Those before it have been read. */
  #position = 0;
  #lost = false;
  /** Datagrams of which is told that they are lost. */
  #drops = 0;
  #checking = false;
  #open = true;
  #failure: NftError | undefined;
  #wake: (() => void) | undefined;

  /** @throws NftError `socket` when no socket can be opened, or the group cannot be joined, or without `setSocketOption` */
  constructor(socketOptions: KernelSocketOptions, options: MonitorOptions = {}) {
    if (socketOptions.setSocketOption === undefined) {
      throw new NftError('socket', 'a monitor needs setSocketOption: too many changes at once would end the process');
    }
    this.#limit = options.limit ?? 65_536;
    const events = {
      receive: (datagram: Uint8Array) => this.#receive(datagram),
      fail: (error: NftError) => this.#fail(error),
    };
    this.#socket = new KernelSocket(events, socketOptions);
    this.#socket.join(NFNLGRP_NFTABLES);
  }

  /** The next change; waits for one. At the end `done`. @throws NftError `socket` when the socket failed */
  async next(): Promise<IteratorResult<MonitorEvent, undefined>> {
    while (this.#open && this.#position === this.#events.length) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      this.#socket.hold();
      await promise;
    }
    const event = this.#take();
    if (event !== undefined) return { value: event, done: false };
    if (this.#failure !== undefined) throw this.#failure;
    return { value: undefined, done: true };
  }

  /** Ends it. May be called again. */
  async return(): Promise<IteratorResult<MonitorEvent, undefined>> {
    this.close();
    return { value: undefined, done: true };
  }

  /** Ends it; whoever waits is told `done`. May be called again. */
  close(): void {
    this.#open = false;
    this.#events = [];
    this.#position = 0;
    this.#socket.close();
    this.#wake?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** `using changes = connection.monitor()`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #receive(datagram: Uint8Array): void {
    try {
      for (const message of readMessages(datagram)) {
        const change = readChange(message);
        if (change !== undefined) this.#push(change);
      }
    } catch (error) {
      // Not even cut into messages: whatever it was, it cannot be told.
      if (!(error instanceof DecodeError)) throw error;
      this.#push({ kind: 'lost' });
    }
    if (this.#checking) return;
    this.#checking = true;
    // Once for all that is read in this turn: the buffer was full before, so that there was something to read.
    setImmediate(() => this.#checkDrops());
  }

  #checkDrops(): void {
    this.#checking = false;
    const drops = this.#socket.drops();
    if (drops <= this.#drops) return;
    this.#drops = drops;
    this.#push({ kind: 'lost' });
  }

  #take(): MonitorEvent | undefined {
    const event = this.#events[this.#position];
    if (event === undefined) return undefined;
    this.#position++;
    if (this.#position === this.#events.length) {
      this.#events = [];
      this.#position = 0;
    }
    // There is room again: from here on nothing is missing.
    if (event.kind === 'lost') this.#lost = false;
    return event;
  }

  #push(event: MonitorEvent): void {
    // While `lost` waits to be read, the reader has to look for itself anyway.
    if (this.#lost) return;
    const full = this.#events.length - this.#position >= this.#limit;
    if (full || event.kind === 'lost') this.#lost = true;
    this.#events.push(full ? { kind: 'lost' } : event);
    this.#socket.release();
    this.#wake?.();
  }

  #fail(error: NftError): void {
    if (error.code === 'overrun') {
      this.#push({ kind: 'lost' });
      return;
    }
    this.#failure = error;
    this.#open = false;
    this.#socket.close();
    this.#wake?.();
  }
}
