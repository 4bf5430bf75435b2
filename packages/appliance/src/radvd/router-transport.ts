import { setTimeout as sleep } from 'node:timers/promises';
import { MessageType, type RouterEvent, type RouterInput, type RouterOutput } from '@router7/ndp';
import { Ipv6Address } from '@router7/wire';
import type { Receive, Transport } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import { type Icmpv6Interface, type Icmpv6Messages, Icmpv6Socket } from '../system/icmpv6-socket.ts';
import { errorCode } from '../system/libc.ts';
import type { StateBook } from './state-book.ts';

const ALL_ROUTERS = Ipv6Address.parse('ff02::2');
/**
 * Where messages come one soon after the other, the socket rests for so long after each look, in milliseconds: answers are
 * delayed by half a second at random anyway, and a look at ten costs little more than a look at one.
 */
const REST = 20;

/** Connects a router engine with a link. What hosts are about to be told is on disk before they are. */
export class RouterTransport implements Transport<RouterInput, RouterOutput> {
  readonly #interface: Icmpv6Interface;
  readonly #book: StateBook;
  readonly #log: Log;
  readonly #onEvent: (event: RouterEvent) => void;
  readonly #socket: Icmpv6Socket;
  #lastError = '';

  /**
   * Opens the socket. "A router MUST join the all-routers multicast address on an advertising interface" (RFC 4861 section
   * 6.2.2).
   *
   * @throws SystemError `ENODEV` when the interface is gone, or has no IPv6, `EPERM`
   */
  constructor(on: Icmpv6Interface, book: StateBook, log: Log, onEvent: (event: RouterEvent) => void) {
    this.#interface = on;
    this.#book = book;
    this.#log = log;
    this.#onEvent = onEvent;
    const types = [MessageType.routerSolicitation, MessageType.routerAdvertisement];
    this.#socket = Icmpv6Socket.open({ interface: on, types, groups: [ALL_ROUTERS] });
  }

  start(receive: Receive<RouterInput>): void {
    let lookedAt = Number.NEGATIVE_INFINITY;
    this.#socket.start((messages) => {
      const now = performance.now();
      const isBusy = now - lookedAt < 2 * REST;
      lookedAt = now;
      // Nothing in it is a promise: the engine copies what it keeps.
      void receive(inputs(messages));
      return isBusy ? sleep(REST) : undefined;
    }, this.#survive);
  }

  perform(output: RouterOutput): void {
    switch (output.kind) {
      case 'send':
        if (this.#socket.room === 0) this.flush();
        this.#socket.queue(output.payload, output.destination, output.source);
        return;
      case 'record':
        this.#book.note(this.#interface.name, output.options);
        return;
      default:
        this.#onEvent(output);
    }
  }

  flush(): void {
    this.#book.sync();
    this.#socket.flush();
  }

  /** The groups again, which an interface forgets when it loses IPv6 for a while. @throws SystemError `ENODEV` */
  rejoin(): void {
    this.#socket.rebind(this.#interface);
  }

  close(): void {
    this.#socket.close();
  }

  readonly #survive = (error: Error): void => {
    const code = errorCode(error) ?? error.message;
    // An interface that is down says so again and again.
    if (code === this.#lastError) return;
    this.#lastError = code;
    this.#log.warn('socket error', { interface: this.#interface.name, error });
  };
}

function inputs(messages: Icmpv6Messages): RouterInput[] {
  const all: RouterInput[] = [];
  for (let index = 0; index < messages.count; index++) {
    if (messages.isTruncated(index)) continue;
    all.push({
      kind: 'packet',
      payload: messages.payload(index),
      source: messages.source(index),
      destination: messages.destination(index),
      hopLimit: messages.hopLimit(index),
    });
  }
  return all;
}
