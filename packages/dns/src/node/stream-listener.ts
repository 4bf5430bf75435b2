import { createServer, type Server, type Socket } from 'node:net';
import type { QueryHandler } from './asker.ts';

/** How {@link StreamListener} listens. */
export interface StreamListenerOptions {
  /** One own IPv4 or IPv6 address. */
  readonly address: string;
  /** 53; 0 lets the kernel choose. */
  readonly port: number;
  readonly onQuery: QueryHandler;
  /** Hears of errors that the listener survives. */
  readonly onError?: (error: Error) => void;
  /** Whether a client may connect at all; all may when absent. */
  readonly accepts?: (address: string) => boolean;
  /** Connections at a time, of all clients (256 when absent) and of one (16): RFC 7766 section 6.2.2. */
  readonly maximumConnections?: number;
  readonly maximumPerClient?: number;
  /** Questions of one connection that are under way at a time; more are not read before some are answered. 64 when absent. */
  readonly maximumPending?: number;
  /** How long a connection may be silent, in milliseconds; 10,000 when absent. What is under way counts as silence too. */
  readonly idleMilliseconds?: number;
}

/** Takes questions by TCP on one address (RFC 7766): pipelined, answered in the order in which the answers come. */
export class StreamListener {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @throws Node's system error: `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES` */
  static async open(options: StreamListenerOptions): Promise<StreamListener> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: options.address, port: options.port }, resolve);
    });
    return new StreamListener(server);
  }

  /** The port that is listened on. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Connections there are now. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Stops listening and ends the connections. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const socket of this.#connections) socket.destroy();
    await closed;
  }
}
