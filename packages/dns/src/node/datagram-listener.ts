import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Asker, QueryHandler } from './asker.ts';

/** How {@link DatagramListener} listens. */
export interface DatagramListenerOptions {
  /** One own IPv4 or IPv6 address. */
  readonly address: string;
  /** 53; 0 lets the kernel choose. */
  readonly port: number;
  readonly onQuery: QueryHandler;
  /** Hears of errors that the listener survives. */
  readonly onError?: (error: Error) => void;
}

/** Takes questions by UDP on one address, so that answers leave with the address that was asked. */
export class DatagramListener {
  readonly #socket: Socket;
  readonly #options: DatagramListenerOptions;
  #closed = false;

  private constructor(socket: Socket, options: DatagramListenerOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (payload, from) => options.onQuery(payload, this.#asker(from)));
    socket.on('error', (error) => options.onError?.(error));
  }

  /** @throws Node's system error: `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES` */
  static async open(options: DatagramListenerOptions): Promise<DatagramListener> {
    const socket = createSocket(
      isIPv6(options.address.split('%')[0] ?? '') ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' },
    );
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close();
        reject(error);
      });
      socket.bind({ address: options.address, port: options.port }, resolve);
    });
    socket.removeAllListeners('error');
    return new DatagramListener(socket, options);
  }

  /** The port that is listened on. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** Listens no longer. Answers that come after that are not sent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await new Promise<void>((resolve) => {
      this.#socket.close(resolve);
    });
  }

  #asker({ address, port }: RemoteInfo): Asker {
    let done = false;
    return {
      transport: 'udp',
      address,
      port,
      reply: (payload) => {
        if (done || this.#closed) return;
        done = true;
        // The socket may keep the octets until the next turn of the loop.
        if (payload === undefined || port === 0) return;
        this.#socket.send(payload.slice(), port, address, (error) => {
          if (error !== null) this.#options.onError?.(error);
        });
      },
    };
  }
}
