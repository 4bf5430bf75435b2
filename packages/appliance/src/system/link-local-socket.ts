import { createSocket, type Socket } from 'node:dgram';
import { Ipv6Address } from '@router7/wire';

/** One datagram that came in. The payload may be a view of a buffer that is used again. */
export interface LinkLocalDatagram {
  readonly payload: Uint8Array;
  readonly source: Ipv6Address;
  readonly sourcePort: number;
}

/** How {@link LinkLocalSocket.open} opens. */
export interface LinkLocalSocketOptions {
  readonly interfaceName: string;
  /** A link-local address of the interface, one that is not tentative any longer. */
  readonly address: Ipv6Address;
  readonly port: number;
}

/**
 * A UDP socket on a link-local address: the kernel binds it to the interface by the address's zone, so it hears what is sent
 * to that address over that link, and nothing else. For protocols of a few messages an hour.
 */
export class LinkLocalSocket {
  readonly #socket: Socket;
  readonly #zone: string;
  #closed = false;

  private constructor(socket: Socket, zone: string) {
    this.#socket = socket;
    this.#zone = zone;
  }

  /**
   * Opens and binds. Rejects with Node's system error: `EADDRNOTAVAIL` (the interface has no such address, or it is
   * tentative), `EINVAL` (no such interface), `EADDRINUSE`, `EACCES` (port below 1024).
   */
  static async open({ interfaceName, address, port }: LinkLocalSocketOptions): Promise<LinkLocalSocket> {
    const socket = createSocket({ type: 'udp6', ipv6Only: true });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind({ address: `${address}%${interfaceName}`, port, exclusive: true }, resolve);
      });
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.removeAllListeners('error');
    return new LinkLocalSocket(socket, interfaceName);
  }

  /**
   * Starts receiving.
   *
   * @param onError hears of errors that the socket survives
   */
  start(receive: (datagram: LinkLocalDatagram) => void, onError: (error: Error) => void): void {
    this.#socket.on('error', onError);
    this.#socket.on('message', (payload, { address, port }) => {
      receive({ payload, source: Ipv6Address.parse(address.replace(/%.*$/, '')), sourcePort: port });
    });
  }

  /** Sends to a link-local or multicast address of the link. @param onError hears when the kernel refuses */
  send(payload: Uint8Array, destination: Ipv6Address, port: number, onError: (error: Error) => void): void {
    if (this.#closed) return;
    this.#socket.send(payload, port, `${destination}%${this.#zone}`, (error) => {
      if (error !== null && !this.#closed) onError(error);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
}
