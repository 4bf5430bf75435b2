import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { peerProcess } from '../system/peer-process.ts';

/** Octets of the longest message; what is longer is not for us. */
const LONGEST_MESSAGE = 256;
/** One service has so many at a time; a connection brings one message. */
const CONNECTIONS_EACH = 4;
const MAXIMUM_CONNECTIONS = 64;
/** How long a connection may take, milliseconds. */
const PATIENCE = 5000;

/** What daemons tell the supervisor and ask of it: a line with a JSON object, and one line a connection. */
export interface SupervisorRequests {
  /** Whether a process is a service's; nobody else is listened to. */
  isService(pid: number): boolean;
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
  readonly #requests: SupervisorRequests;
  /** How many connections each process has. */
  readonly #open = new Map<number, number>();

  constructor(requests: SupervisorRequests) {
    this.#requests = requests;
    this.#server = createServer((connection) => this.#accept(connection));
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

  #accept(connection: Socket): void {
    connection.on('error', () => undefined);
    const pid = peerProcess(connection);
    const count = pid === undefined ? 0 : (this.#open.get(pid) ?? 0);
    // One that opens many must not take their places from the others.
    if (pid === undefined || !this.#requests.isService(pid) || count >= CONNECTIONS_EACH) {
      connection.destroy();
      return;
    }
    this.#open.set(pid, count + 1);
    connection.on('close', () => {
      const left = (this.#open.get(pid) ?? 1) - 1;
      if (left === 0) this.#open.delete(pid);
      else this.#open.set(pid, left);
    });
    serve(connection, pid, this.#requests);
  }
}

function serve(connection: Socket, pid: number, requests: SupervisorRequests): void {
  const timer = setTimeout(() => connection.destroy(), PATIENCE);
  connection.on('close', () => clearTimeout(timer));
  let text = '';
  connection.setEncoding('utf8');
  connection.on('data', (piece: string) => {
    text += piece;
    const end = text.indexOf('\n');
    if (end === -1 && text.length <= LONGEST_MESSAGE) return;
    connection.destroy();
    if (end !== -1 && end <= LONGEST_MESSAGE) take(text.slice(0, end), pid, requests);
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
