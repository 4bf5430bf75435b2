import type { ClientEvent, ClientInput, ClientOutput } from '@router7/dhcp6';
import type { Ipv6Address } from '@router7/wire';
import type { Receive, Transport } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import { LinkLocalSocket } from '../system/link-local-socket.ts';

const CLIENT_PORT = 546;
const SERVER_PORT = 547;

/** The interface that a client works on, and its address there. */
export interface ClientLink {
  readonly index: number;
  readonly name: string;
  readonly linkLocal: Ipv6Address;
}

/** Connects a DHCPv6 client engine with a link: port 546 of the link-local address (RFC 9915 sections 7.2 and 13.1). */
export class ClientTransport implements Transport<ClientInput, ClientOutput> {
  readonly #link: ClientLink;
  readonly #log: Log;
  readonly #onOutput: (output: ClientOutput) => void;
  readonly #onEvent: (event: ClientEvent) => void;
  readonly #socket: LinkLocalSocket;

  private constructor(
    link: ClientLink,
    log: Log,
    onOutput: (output: ClientOutput) => void,
    onEvent: (event: ClientEvent) => void,
    socket: LinkLocalSocket,
  ) {
    this.#link = link;
    this.#log = log;
    this.#onOutput = onOutput;
    this.#onEvent = onEvent;
    this.#socket = socket;
  }

  /**
   * Opens the socket. Rejects as {@link LinkLocalSocket.open} does.
   *
   * @param onOutput sees everything that the engine puts out
   * @param onEvent is to act on what it tells
   */
  static async open(
    link: ClientLink,
    log: Log,
    onOutput: (output: ClientOutput) => void,
    onEvent: (event: ClientEvent) => void,
  ): Promise<ClientTransport> {
    const { name: interfaceName, linkLocal: address } = link;
    const socket = await LinkLocalSocket.open({ interfaceName, address, port: CLIENT_PORT });
    return new ClientTransport(link, log, onOutput, onEvent, socket);
  }

  start(receive: Receive<ClientInput>): void {
    this.#socket.start(
      ({ payload, source, sourcePort }) => {
        // Bound to this address, the socket hears nothing that was sent to another one.
        const destination = this.#link.linkLocal;
        void receive([{ kind: 'datagram', payload, source, sourcePort, destination }]);
      },
      (error) => this.#log.warn('socket error', { interface: this.#link.name, error }),
    );
  }

  perform(output: ClientOutput): void {
    this.#onOutput(output);
    if (output.kind !== 'send') {
      this.#onEvent(output);
      return;
    }
    this.#socket.send(output.payload, output.destination, SERVER_PORT, (error) => {
      // The interface being down is told by its carrier, and every message is sent again.
      this.#log.debug('not sent', { interface: this.#link.name, error });
    });
  }

  flush(): void {
    // What is performed is sent.
  }

  close(): void {
    this.#socket.close();
  }
}
