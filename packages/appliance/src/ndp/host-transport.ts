import { type HostEvent, type HostInput, type HostOutput, MessageType } from '@router7/ndp';
import type { Receive, Transport } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import { type Icmpv6Interface, type Icmpv6Messages, Icmpv6Socket } from '../system/icmpv6-socket.ts';
import { errorCode } from '../system/libc.ts';

/** Connects a host engine with a link, on which it hears router advertisements. */
export class HostTransport implements Transport<HostInput, HostOutput> {
  readonly #interface: Icmpv6Interface;
  readonly #log: Log;
  readonly #onEvent: (event: HostEvent) => void;
  readonly #socket: Icmpv6Socket;
  #lastError = '';

  /** Opens the socket. @throws SystemError `ENODEV` when the interface is gone, or has no IPv6, `EPERM` */
  constructor(on: Icmpv6Interface, log: Log, onEvent: (event: HostEvent) => void) {
    this.#interface = on;
    this.#log = log;
    this.#onEvent = onEvent;
    // Every interface hears all nodes, to which advertisements go.
    this.#socket = Icmpv6Socket.open({ interface: on, types: [MessageType.routerAdvertisement], groups: [] });
  }

  start(receive: Receive<HostInput>): void {
    this.#socket.start((messages) => receive(inputs(messages)), this.#survive);
  }

  perform(output: HostOutput): void {
    if (output.kind !== 'send') this.#onEvent(output);
    // The unspecified address is the kernel's choice as long as there is no other.
    else
      this.#socket.queue(output.payload, output.destination, output.source.isUnspecified ? undefined : output.source);
  }

  flush(): void {
    this.#socket.flush();
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

function inputs(messages: Icmpv6Messages): HostInput[] {
  const all: HostInput[] = [];
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
