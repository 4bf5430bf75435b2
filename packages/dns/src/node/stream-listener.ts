import { createServer, type Server, type Socket } from 'node:net';
import type { QueryHandler } from './asker.ts';
import { StreamClient } from './stream-client.ts';

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
  /**
   * How long a connection may be without a whole question or answer, in milliseconds; 10,000 when absent. RFC 7766
   * section 6.2.3 has a few seconds.
   */
  readonly idleMilliseconds?: number;
}

/** Takes questions by TCP on one address (RFC 7766): pipelined, answered in the order in which the answers come. */
export class StreamListener {
  readonly #server: Server;
  readonly #options: StreamListenerOptions;
  /** Connections, the oldest first. */
  readonly #connections = new Map<Socket, StreamClient>();

  private constructor(options: StreamListenerOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
  }

  /** @throws Node's system error: `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES` */
  static async open(options: StreamListenerOptions): Promise<StreamListener> {
    const listener = new StreamListener(options);
    const server = listener.#server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: options.address, port: options.port, ipv6Only: options.address.includes(':') }, () => {
        server.off('error', reject);
        server.on('error', (error) => options.onError?.(error));
        resolve();
      });
    });
    return listener;
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
    for (const socket of this.#connections.keys()) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const { accepts, maximumConnections = 256, maximumPending = 64, idleMilliseconds = 10_000 } = this.#options;
    const address = socket.remoteAddress;
    // Gone already, or one too many: RFC 7766 section 10 has servers limit connections of one client,
    if (
      address === undefined ||
      accepts?.(address) === false ||
      this.#countOf(address) >= (this.#options.maximumPerClient ?? 16)
    ) {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    // and of all.
    if (this.#connections.size >= maximumConnections) this.#endOldest();
    socket.on('close', () => this.#connections.delete(socket));
    this.#connections.set(
      socket,
      new StreamClient(socket, { maximumPending, idleMilliseconds }, this.#options.onQuery),
    );
  }

  /**
   * Ends the oldest connection without a question under way, if there is one, else the oldest. A host with many addresses
   * must not keep everybody out; a client whose connection is gone makes another one (RFC 7766 section 6.2.4).
   */
  #endOldest(): void {
    const connections = [...this.#connections];
    const [socket] = connections.find(([, client]) => client.isIdle) ?? connections[0] ?? [];
    if (socket === undefined) return;
    this.#connections.delete(socket);
    socket.destroy();
  }

  #countOf(address: string): number {
    let count = 0;
    for (const client of this.#connections.values()) if (client.address === address) count++;
    return count;
  }
}
