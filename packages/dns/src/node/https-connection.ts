import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { isIPv6 } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { FailureReason } from '@router7/dns';
import { type Connection, type ConnectionEnd, type ConnectionLimits, ConnectionTimer } from './connection.ts';
import { type Exchange, idOf, isResponse, withId } from './exchange.ts';
import { failureOf } from './failure.ts';
import { subtractAge } from './http-age.ts';

/** What Node wants to know where it connects by itself. */
const AUTHORITY = 'https://dns.invalid';
const MEDIA_TYPE = 'application/dns-message';
/** Octets of a DNS message at most: there is no longer one. */
const LONGEST = 65_535;

/** The resource that is asked: `https://<name>:<port><path>`. */
export interface HttpsResource {
  readonly name: string;
  readonly port: number;
  readonly path: string;
}

/** Questions and answers over one HTTP/2 connection (RFC 8484), each a POST of its own. */
export class HttpsConnection implements Connection {
  readonly #resource: HttpsResource;
  readonly #limits: ConnectionLimits;
  readonly #onEnd: (end: ConnectionEnd) => void;
  readonly #timer: ConnectionTimer;
  readonly #session: ClientHttp2Session;
  readonly #streams = new Map<Exchange, ClientHttp2Stream>();
  /** What waits until the other side is known to be who it should be. */
  #queue: Set<Exchange> | undefined = new Set();
  #answered = false;
  #ending = false;
  #ended = false;

  /** @param onEnd is called once */
  constructor(
    socket: TLSSocket,
    resource: HttpsResource,
    limits: ConnectionLimits,
    onEnd: (end: ConnectionEnd) => void,
  ) {
    this.#resource = resource;
    this.#limits = limits;
    this.#onEnd = onEnd;
    this.#timer = new ConnectionTimer(limits, (reason) => this.destroy(reason));
    socket.on('error', (error) => this.destroy(failureOf(error)));
    // The socket is there already, and not every name that a server can have is one of a URL: `dns.256` is none.
    this.#session = connect(AUTHORITY, { createConnection: () => socket, settings: { enablePush: false } });
    this.#session.on('connect', () => this.#ready(socket));
    this.#session.on('error', (error) => this.destroy(failureOf(error)));
    this.#session.on('close', () => this.destroy('closed'));
    // What was asked before is still answered; what comes now has to go elsewhere.
    this.#session.on('goaway', () => {
      this.#ending = true;
    });
  }

  get hasRoom(): boolean {
    return this.#streams.size + (this.#queue?.size ?? 0) < this.#limits.maximumPipelined;
  }

  get isEnding(): boolean {
    return this.#ending || this.#ended;
  }

  send(exchange: Exchange): void {
    exchange.attempts++;
    if (this.#queue !== undefined) this.#queue.add(exchange);
    else this.#request(exchange);
  }

  forget(exchange: Exchange): void {
    this.#queue?.delete(exchange);
    const stream = this.#streams.get(exchange);
    if (stream === undefined) return;
    this.#streams.delete(exchange);
    if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
    this.#timer.note(this.#streams.size > 0, false);
  }

  destroy(reason: FailureReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer.stop();
    const unanswered = [...(this.#queue ?? []), ...this.#streams.keys()];
    const established = this.#queue === undefined;
    this.#streams.clear();
    this.#session.destroy();
    this.#onEnd({ unanswered, established, answered: this.#answered, reason });
  }

  #ready(socket: TLSSocket): void {
    // RFC 8484 section 5.2: HTTP/2 is the least that is recommended; nothing else is spoken here.
    if (socket.alpnProtocol !== 'h2') {
      this.destroy('closed');
      return;
    }
    const queue = this.#queue ?? [];
    this.#queue = undefined;
    this.#timer.note(false, true);
    for (const exchange of queue) this.#request(exchange);
  }

  #request(exchange: Exchange): void {
    const { path } = this.#resource;
    // RFC 8484 section 4.1: a DNS id of 0 "SHOULD" be used, as HTTP matches the answer with the question.
    const body = withId(exchange.payload, 0);
    const stream = this.#session.request({
      ':method': 'POST',
      ':authority': hostOf(this.#resource),
      ':path': path,
      accept: MEDIA_TYPE,
      'content-type': MEDIA_TYPE,
      'content-length': String(body.length),
    });
    this.#streams.set(exchange, stream);
    this.#timer.note(true, false);
    const chunks: Buffer[] = [];
    let length = 0;
    let age: number | undefined;
    stream.on('response', (headers) => {
      this.#timer.note(true, true);
      const status = headers[':status'] ?? 0;
      const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
      // RFC 8484 section 4.2.1: only with a status of 2xx the body is an answer.
      if (status >= 200 && status < 300 && type === MEDIA_TYPE) age = secondsOf(headers.age);
      else this.#fail(exchange, stream);
    });
    stream.on('data', (chunk: Buffer) => {
      this.#timer.note(true, true);
      length += chunk.length;
      if (length > LONGEST) this.#fail(exchange, stream);
      else chunks.push(chunk);
    });
    stream.on('end', () => {
      if (this.#streams.get(exchange) !== stream || age === undefined) return;
      const message = withId(Buffer.concat(chunks), idOf(exchange.payload));
      if (isResponse(message)) this.#answer(exchange, subtractAge(message, age));
    });
    stream.on('error', () => {});
    stream.on('close', () => this.#fail(exchange, stream));
    stream.end(body);
  }

  #answer(exchange: Exchange, message: Uint8Array): void {
    this.#streams.delete(exchange);
    this.#answered = true;
    this.#timer.note(this.#streams.size > 0, true);
    exchange.answer(message);
  }

  /** The stream has ended, or is ended, without an answer. */
  #fail(exchange: Exchange, stream: ClientHttp2Stream): void {
    if (this.#streams.get(exchange) !== stream) return;
    this.#streams.delete(exchange);
    if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
    this.#timer.note(this.#streams.size > 0, false);
    exchange.failed('closed');
  }
}

function hostOf({ name, port }: HttpsResource): string {
  const host = isIPv6(name) ? `[${name}]` : name;
  return port === 443 ? host : `${host}:${port}`;
}

/** RFC 9111 section 5.1: seconds; what cannot be read counts as none. */
function secondsOf(age: string | undefined): number {
  return age !== undefined && /^\d{1,9}$/.test(age) ? Number(age) : 0;
}
