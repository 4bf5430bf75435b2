import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { peerProcess } from '../system/peer-process.ts';

/** Octets of the longest message; what is longer is not for us. */
const LONGEST_MESSAGE = 256;
const MAXIMUM_CONNECTIONS = 64;
/** How long a connection may take, milliseconds. */
const PATIENCE = 5000;

/** What daemons tell the supervisor and ask of it, one JSON object a line. */
export interface SupervisorRequests {
  /** `{"ready":true}`: the process serves. */
  ready(pid: number): void;
  /** `{"signal":"netconfigd","kind":"SIGUSR1"}`: the process wants another service signalled. */
  signal(pid: number, name: string, kind: 'SIGUSR1' | 'SIGHUP'): void;
}

/**
 * The socket by which daemons reach their supervisor. Anybody may connect; who it is the kernel tells (SO_PEERCRED,
 * unix(7)), and nothing that a message says.
 */
export class SupervisorSocket {
  readonly #server: Server;

  constructor(requests: SupervisorRequests) {
    this.#server = createServer((connection) => serve(connection, requests));
    this.#server.maxConnections = MAXIMUM_CONNECTIONS;
  }

  /** Rejects with Node's system error. A socket that an earlier supervisor has left is replaced. */
  async listen(path: string): Promise<void> {
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, resolve);
    });
    // Daemons are of other users.
    chmodSync(path, 0o666);
  }

  /** Takes no more connections. */
  close(): void {
    this.#server.close();
  }
}

function serve(connection: Socket, requests: SupervisorRequests): void {
  const pid = peerProcess(connection);
  connection.on('error', () => undefined);
  if (pid === undefined) {
    connection.destroy();
    return;
  }
  const timer = setTimeout(() => connection.destroy(), PATIENCE);
  connection.on('close', () => clearTimeout(timer));
  let rest = '';
  connection.setEncoding('utf8');
  connection.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_MESSAGE) connection.destroy();
    for (const line of lines) if (line.length <= LONGEST_MESSAGE) take(line, pid, requests);
  });
}

function take(line: string, pid: number, requests: SupervisorRequests): void {
  let message: { ready?: unknown; signal?: unknown; kind?: unknown } | null;
  try {
    message = JSON.parse(line);
  } catch {
    return;
  }
  if (typeof message !== 'object' || message === null) return;
  const { ready, signal, kind } = message;
  if (ready === true) requests.ready(pid);
  if (typeof signal === 'string' && (kind === 'SIGUSR1' || kind === 'SIGHUP')) requests.signal(pid, signal, kind);
}
