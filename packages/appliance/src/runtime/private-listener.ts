import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { getRequestListener } from '@hono/node-server';
import { errorCode } from '../system/libc.ts';
import type { Link, LinkAddress } from '../system/rtnetlink.ts';
import { AddressFollower } from './address-follower.ts';
import { ConnectionLimit } from './connection-limit.ts';
import type { Log } from './log.ts';
import { privateHosts } from './private-address.ts';

/** Answers requests. */
export type Fetch = Parameters<typeof getRequestListener>[0];

/** How {@link PrivateListener} listens. */
export interface PrivateListenerOptions {
  readonly port: number;
  /** Makes what answers requests, when the first one comes: `app.fetch` of a Hono application. */
  readonly pages: () => Fetch;
  readonly log: Log;
  /** More hosts to listen on, asked for each time: such as `<prefix>::1` of a delegated prefix. */
  readonly more?: () => readonly string[];
  /** Key and certificate; without them it speaks plain HTTP. */
  readonly tls?: SecureContextOptions;
}

/**
 * Connections on each address. A host that opens thousands and says nothing must not take memory and descriptors from the
 * daemon, whose real work is another one: without any left it could not write its files. Nor must it keep others out.
 */
const BOUNDS = { atATime: 128, ofOneHost: 48 } as const;

/**
 * How long a client may take for the head of a request and for the whole, in milliseconds. node:http looks at its
 * connections only now and then: by default every 30 s, three times as long as a head may take.
 */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1000 } as const;

/**
 * An HTTP server on every private address of this machine and on no other one. It follows the addresses as they come and
 * go; {@link PrivateListener.refresh} (on SIGUSR1) looks again at once.
 */
export class PrivateListener {
  readonly #options: PrivateListenerOptions;
  readonly #follower: AddressFollower;
  readonly #servers = new Map<string, Server | TlsServer>();
  #answer: Promise<ReturnType<typeof getRequestListener>> | undefined;
  #tls: SecureContextOptions | undefined;
  /** Hosts whose failure has been told. */
  readonly #told = new Set<string>();

  constructor(options: PrivateListenerOptions) {
    this.#options = options;
    this.#tls = options.tls;
    this.#follower = new AddressFollower(options.log, (links, addresses) => this.#follow(links, addresses));
  }

  /** Listens on the addresses there are, and follows them from then on. */
  start(): Promise<void> {
    return this.#follower.start();
  }

  /** The hosts that are listened on now. */
  get hosts(): readonly string[] {
    return [...this.#servers].flatMap(([host, server]) => (server.listening ? [host] : [])).sort();
  }

  /** Looks at the addresses again. Calls during a look are served by one more look. */
  refresh(): Promise<void> {
    return this.#follower.refresh();
  }

  /** Has new connections see another key and certificate. @throws when they do not fit, like `tls.createSecureContext` */
  setCredentials(tls: SecureContextOptions): void {
    this.#tls = tls;
    for (const server of this.#servers.values()) if (server instanceof TlsServer) server.setSecureContext(tls);
  }

  /** Stops listening; connections are ended. */
  async close(): Promise<void> {
    await this.#follower.close();
    for (const host of [...this.#servers.keys()]) this.#stop(host);
  }

  async #follow(links: readonly Link[], addresses: readonly LinkAddress[]): Promise<void> {
    const wanted = new Set(privateHosts(links, addresses));
    for (const host of this.#options.more?.() ?? []) wanted.add(host);
    for (const host of [...this.#servers.keys()]) if (!wanted.has(host)) this.#stop(host);
    const missing = [...wanted].filter((host) => !this.#servers.has(host));
    await Promise.all(missing.map((host) => this.#listen(host)));
  }

  /** Resolves when it listens or has failed. */
  #listen(host: string): Promise<void> {
    const { port, log } = this.#options;
    const limit = new ConnectionLimit(BOUNDS);
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      limit.answers(request, response);
      void this.#handle(request, response);
    };
    const server =
      this.#tls === undefined
        ? createServer(TIMEOUTS, listener)
        : createTlsServer({ ...TIMEOUTS, ...this.#tls, handshakeTimeout: TIMEOUTS.headersTimeout }, listener);
    server.on('connection', (socket) => limit.take(socket));
    this.#servers.set(host, server);
    return new Promise((resolve) => {
      server.on('error', (error) => {
        this.#servers.delete(host);
        server.close();
        // The address may be in use for a moment only (a daemon that is being replaced), or be gone already.
        if (!this.#told.has(host)) log.warn('cannot listen', { host, port, code: errorCode(error) });
        this.#told.add(host);
        this.#follower.retry();
        resolve();
      });
      server.listen({ host, port, ipv6Only: true }, () => {
        this.#told.delete(host);
        log.info('listening', { host, port });
        resolve();
      });
    });
  }

  /** Most daemons are never asked; what it takes to answer costs as much as all the rest of their start. */
  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#answer ??= import('@hono/node-server').then(({ getRequestListener }) => {
      return getRequestListener(this.#options.pages());
    });
    try {
      await (await this.#answer)(request, response);
    } catch (error) {
      this.#options.log.error('cannot answer', { path: request.url, error });
      response.destroy();
    }
  }

  #stop(host: string): void {
    const server = this.#servers.get(host);
    this.#servers.delete(host);
    server?.close();
    server?.closeAllConnections();
  }
}
