import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { type FailureReason, nameKey } from '@router7/dns';
import { Upstreams, type UpstreamsOptions } from '@router7/dns/node';
import type { Test } from 'tap';

/** A question for the A record of a name. */
export function question(id: number, name: string = 'www.example', type: number = 1): Uint8Array {
  return Uint8Array.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...nameKey(name), 0, type, 0, 1]);
}

/** An answer to a question: its only record is as long as asked for, and `mark` is its first octet. */
export function answer(asked: Uint8Array, mark: number = 0, length: number = 4, ttl: number = 300): Uint8Array {
  const data = new Uint8Array(length);
  data[0] = mark;
  const bytes = Uint8Array.from([
    ...asked,
    ...[0xc0, 0x0c, ...asked.slice(-4, -2), 0, 1, ttl >>> 24, (ttl >> 16) & 255, (ttl >> 8) & 255, ttl & 255],
    ...[length >> 8, length & 255, ...data],
  ]);
  bytes[2] = 0x81;
  bytes[3] = 0x80;
  bytes[7] = 1;
  return bytes;
}

/** A message with its length before it. */
export function framed(message: Uint8Array): Uint8Array {
  return Uint8Array.from([message.length >> 8, message.length & 255, ...message]);
}

/** The first octet of the record's data: what an answer was marked with. */
export function markOf(message: Uint8Array): number | undefined {
  return message[question(0).length + 12];
}

/** A connection to a {@link StreamServer}. */
export class ServedConnection {
  readonly socket: Socket;
  readonly questions: Uint8Array[] = [];
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, onQuestion: (asked: Uint8Array, connection: ServedConnection) => void) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      while (this.#rest.length >= 2 && this.#rest.length >= 2 + this.#rest.readUInt16BE()) {
        const asked = Uint8Array.from(this.#rest.subarray(2, 2 + this.#rest.readUInt16BE()));
        this.#rest = this.#rest.subarray(2 + asked.length);
        this.questions.push(asked);
        onQuestion(asked, this);
      }
    });
  }

  send(message: Uint8Array): void {
    this.socket.write(framed(message));
  }
}

/** A DNS server for TCP or TLS that does what a test wants with each question. */
export class StreamServer {
  readonly connections: ServedConnection[] = [];
  readonly port: number;
  readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
    this.port = (server.address() as { port: number }).port;
  }

  static async open(
    t: Test,
    onQuestion: (asked: Uint8Array, connection: ServedConnection) => void,
    tls?: TlsOptions,
    port: number = 0,
  ): Promise<StreamServer> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    const sockets = trackSockets(server);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const served = new StreamServer(server);
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      served.connections.push(new ServedConnection(socket, onQuestion));
    });
    t.teardown(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return served;
  }

  /** Questions of all connections. */
  get questions(): Uint8Array[] {
    return this.connections.flatMap(({ questions }) => questions);
  }
}

/** A request to an {@link HttpsServer}. */
export interface HttpsRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
  readonly stream: ServerHttp2Stream;
}

/** An HTTP/2 server that does what a test wants with each request. */
export class HttpsServer {
  readonly requests: HttpsRequest[] = [];
  readonly resumed: boolean[] = [];
  readonly server: Http2SecureServer;
  readonly port: number;

  private constructor(server: Http2SecureServer) {
    this.server = server;
    this.port = (server.address() as { port: number }).port;
  }

  static async open(t: Test, tls: TlsOptions, onRequest: (request: HttpsRequest) => void): Promise<HttpsServer> {
    const server = createSecureServer({ ...tls, allowHTTP1: false });
    const sockets = trackSockets(server as unknown as Server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const served = new HttpsServer(server);
    server.on('secureConnection', (socket: TLSSocket) => served.resumed.push(socket.isSessionReused()));
    server.on('sessionError', () => {});
    server.on('stream', (stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on('error', () => {});
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const body = Uint8Array.from(Buffer.concat(chunks));
        const request = { headers, body, stream: stream as ServerHttp2Stream };
        served.requests.push(request);
        onRequest(request);
      });
    });
    t.teardown(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return served;
  }
}

/** Upstreams that are asked, with what came of it. */
export class Asking {
  readonly answers: { exchange: number; message: Uint8Array }[] = [];
  readonly failures: { exchange: number; reason: FailureReason }[] = [];
  readonly upstreams: Upstreams;

  constructor(t: Test, options: Omit<UpstreamsOptions, 'onAnswer' | 'onFailed'>) {
    this.upstreams = new Upstreams({
      ...options,
      onAnswer: (exchange, message) => {
        this.answers.push({ exchange, message });
        this.upstreams.forget(exchange);
      },
      onFailed: (exchange, reason) => this.failures.push({ exchange, reason }),
    });
    t.teardown(() => this.upstreams.close());
  }

  ask(exchange: number, { upstream = 0, stream = false, message = question(exchange) } = {}): void {
    this.upstreams.ask(exchange, upstream, stream, message);
  }

  /** What the answers were marked with, by exchange. */
  get marks(): Record<number, number | undefined> {
    return Object.fromEntries(this.answers.map(({ exchange, message }) => [exchange, markOf(message)]));
  }

  /** Asks and waits for what comes of it. */
  async result(exchange: number, options: { upstream?: number; stream?: boolean } = {}): Promise<number | string> {
    const before = this.answers.length + this.failures.length;
    this.ask(exchange, options);
    await until(() => this.answers.length + this.failures.length > before);
    const failure = this.failures.findLast((one) => one.exchange === exchange);
    return failure?.reason ?? (markOf(this.answers.at(-1)?.message as Uint8Array) as number);
  }
}

/** Waits for something to be so. */
export async function until(condition: () => boolean, milliseconds: number = 5000): Promise<void> {
  for (const end = performance.now() + milliseconds; !condition(); ) {
    if (performance.now() > end) throw new Error('it does not happen');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  return sockets;
}
