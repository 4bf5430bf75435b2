import type { Receive, Transport } from '@router7/appliance/runtime/drive';
import { type Icmpv6Interface, Icmpv6Socket } from '@router7/appliance/system/icmpv6-socket';
import { MessageType, type RouterInput, type RouterOutput } from '@router7/ndp';
import { Ipv6Address } from '@router7/wire';

/** Connects a router engine with a link of the provider's. It remembers nothing for the next time. */
export class AdvertisingTransport implements Transport<RouterInput, RouterOutput> {
  readonly #socket: Icmpv6Socket;

  /** Opens the socket. @throws SystemError `ENODEV`, `EPERM` */
  constructor(on: Icmpv6Interface) {
    const groups = [Ipv6Address.parse('ff02::2')];
    this.#socket = Icmpv6Socket.open({ interface: on, types: [MessageType.routerSolicitation], groups });
  }

  start(receive: Receive<RouterInput>): void {
    this.#socket.start(
      (messages) =>
        receive(
          Array.from({ length: messages.count }, (_, index) => ({
            kind: 'packet',
            payload: messages.payload(index),
            source: messages.source(index),
            destination: messages.destination(index),
            hopLimit: messages.hopLimit(index),
          })),
        ),
      (error) => console.log(`advertising: ${error.message}`),
    );
  }

  perform(output: RouterOutput): void {
    if (output.kind === 'send') this.#socket.queue(output.payload, output.destination, output.source);
  }

  flush(): void {
    this.#socket.flush();
  }

  close(): void {
    this.#socket.close();
  }
}
