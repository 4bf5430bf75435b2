import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many connections a {@link ConnectionLimit} lets live at a time. */
export interface ConnectionBounds {
  readonly atATime: number;
  readonly ofOneHost: number;
}

interface Connection {
  readonly host: string;
  readonly socket: Socket;
  /** Requests that are being answered. */
  underWay: number;
}

/**
 * Has connections on which nothing is asked make room for new ones: who opens many and says nothing keeps nobody else
 * out. Where there is no room to be made, the new one is ended.
 */
export class ConnectionLimit {
  readonly #bounds: ConnectionBounds;
  /** By the other end's address and port, which are those of the connection below TLS as well; the oldest first. */
  readonly #open = new Map<string, Connection>();

  constructor(bounds: ConnectionBounds) {
    this.#bounds = bounds;
  }

  /** Takes a new connection, or ends it. */
  take(socket: Socket): void {
    const host = socket.remoteAddress ?? '';
    const { atATime, ofOneHost } = this.#bounds;
    const all = [...this.#open.values()];
    const own = all.filter((connection) => connection.host === host);
    const isCrowded = own.length >= ofOneHost;
    if ((isCrowded || all.length >= atATime) && !endIdle(isCrowded ? own : all)) {
      socket.destroy();
      return;
    }
    const key = keyOf(socket);
    this.#open.set(key, { host, socket, underWay: 0 });
    socket.on('close', () => {
      if (this.#open.get(key)?.socket === socket) this.#open.delete(key);
    });
  }

  /** A connection is not idle until the response has ended. */
  answers(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#open.get(keyOf(request.socket));
    if (connection === undefined) return;
    connection.underWay++;
    response.on('close', () => connection.underWay--);
  }
}

/** Ends the oldest idle connection of the host that has most of these. @returns whether there was one */
function endIdle(connections: readonly Connection[]): boolean {
  const counts = new Map<string, number>();
  for (const { host } of connections) counts.set(host, (counts.get(host) ?? 0) + 1);
  let chosen: Connection | undefined;
  for (const connection of connections) {
    if (connection.underWay > 0 || connection.socket.destroyed) continue;
    const count = counts.get(connection.host) ?? 0;
    if (chosen === undefined || count > (counts.get(chosen.host) ?? 0)) chosen = connection;
  }
  chosen?.socket.destroy();
  return chosen !== undefined;
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
