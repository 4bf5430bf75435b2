import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import type { SupervisorControl } from '../init/control.ts';
import { isImage } from '../init/image.ts';
import type { Log } from '../runtime/log.ts';
import { PrivateListener } from '../runtime/private-listener.ts';
import { checkLogin } from '../runtime/web-login.ts';
import { type Clock, systemClock } from '../system/clock.ts';
import { RtNetlink } from '../system/rtnetlink.ts';
import { CertificateKeeper } from './certificate-keeper.ts';
import type { WebFetch } from './guard.ts';
import { redirectToHttps } from './https-redirect.ts';
import { type Machine, readMachine } from './machine.ts';
import { processMemory } from './process-memory.ts';
import { routes } from './routes.ts';
import { listenUnix, UNIX_SOCKET } from './unix-listener.ts';
import { readPort, type WebFiles, webFiles } from './web-files.ts';

/** How often the files that decide on the server are looked at, milliseconds. */
const LOOK_INTERVAL = 5000;
const SBOM_FILE = '/etc/gokrazy/sbom.json';

/** How {@link startWeb} serves. What is left out is as in the image. */
export interface WebOptions {
  readonly log: Log;
  readonly files?: WebFiles;
  readonly socketPath?: string;
  /** Where no file says another one. */
  readonly ports?: { readonly http: number; readonly https: number };
  readonly isImage?: boolean;
  readonly clock?: Clock;
  /** Milliseconds between two looks at the files. */
  readonly lookInterval?: number;
}

/**
 * Starts the supervisor's web server: on port 80 of private addresses, on 443 when there is a certificate, and by a unix
 * socket (rows IN-04 to IN-08).
 */
export async function startWeb(control: SupervisorControl, options: WebOptions): Promise<Web> {
  const web = new Web(control, options);
  await web.start();
  return web;
}

/** The server that {@link startWeb} has started. */
export class Web {
  readonly #options: WebOptions;
  readonly #files: WebFiles;
  readonly #certificates: CertificateKeeper;
  readonly #fetch: WebFetch;
  #plain: { readonly port: number; readonly listener: PrivateListener } | undefined;
  #secure: { readonly port: number; readonly digest: string; readonly listener: PrivateListener } | undefined;
  #unix: Server | undefined;
  #stamp = '';
  #hasTold = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  /** The look that has not begun yet. */
  #next: Promise<void> | undefined;
  #closed = false;

  constructor(control: SupervisorControl, options: WebOptions) {
    const { log, files = webFiles(), clock = systemClock } = options;
    this.#options = options;
    this.#files = files;
    this.#certificates = new CertificateKeeper(files.certificates, clock, log);
    this.#fetch = routes({
      control,
      machine: lookAtMachine,
      memoryOf: processMemory,
      sbom: readSbom,
      isImage: options.isImage ?? isImage(),
      hostname,
      passwordFiles: files.passwords,
      clock,
      log,
    }).fetch;
  }

  /** Serves, and follows addresses and files from then on. */
  async start(): Promise<void> {
    const { socketPath = UNIX_SOCKET, lookInterval = LOOK_INTERVAL, log } = this.#options;
    this.#unix = await listenUnix(socketPath, (request, env) => this.#fetch(request, { ...env, viaSocket: true }), log);
    await this.refresh();
    this.#timer = setInterval(() => {
      if (this.#certificates.isDue || this.#stampOfFiles() !== this.#stamp) void this.refresh();
    }, lookInterval);
    this.#timer.unref();
  }

  /** The hosts that are listened on, with plain HTTP and with TLS. */
  get hosts(): { readonly http: readonly string[]; readonly https: readonly string[] } {
    return { http: this.#plain?.listener.hosts ?? [], https: this.#secure?.listener.hosts ?? [] };
  }

  /** Looks at files and addresses again: on SIGHUP. However often it is called during a look, one more follows. */
  refresh(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.#closed ? undefined : this.#look();
    });
    this.#running = this.#next;
    return this.#next;
  }

  /** Stops serving. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
    await Promise.all([this.#plain?.listener.close(), this.#secure?.listener.close()]);
    this.#unix?.close();
    this.#unix?.closeAllConnections();
  }

  async #look(): Promise<void> {
    const { log, ports = { http: 80, https: 443 } } = this.#options;
    this.#stamp = this.#stampOfFiles();
    try {
      const isOpen = checkLogin(undefined, this.#files.passwords) !== 'no-password';
      if (!isOpen && !this.#hasTold) {
        log.warn('no password, so the web interface is there by the unix socket only', {
          write: this.#files.passwords[0],
        });
      }
      this.#hasTold = !isOpen;
      // HTTPS first: nobody is led there before it answers.
      await this.#serveTls(isOpen, readPort(this.#files.httpsPorts, ports.https));
      await this.#servePlain(isOpen, readPort(this.#files.httpPorts, ports.http));
    } catch (error) {
      log.error('the web interface cannot listen', { error });
      this.#stamp = '';
    }
  }

  async #servePlain(isOpen: boolean, port: number): Promise<void> {
    if (this.#plain !== undefined && (!isOpen || this.#plain.port !== port)) {
      await this.#plain.listener.close();
      this.#plain = undefined;
    }
    if (!isOpen) return;
    if (this.#plain !== undefined) return this.#plain.listener.refresh();
    // Where nobody listens, nobody is led to.
    const to = (): number | undefined => (this.hosts.https.length > 0 ? this.#secure?.port : undefined);
    const fetch = redirectToHttps((request, env) => this.#fetch(request, env), to);
    const listener = new PrivateListener({ port, pages: () => fetch, log: this.#options.log });
    this.#plain = { port, listener };
    await listener.start();
  }

  async #serveTls(isOpen: boolean, port: number): Promise<void> {
    const credentials = isOpen ? this.#certificates.look() : undefined;
    const old = this.#secure;
    if (old !== undefined && (credentials === undefined || old.port !== port)) {
      await old.listener.close();
      this.#secure = undefined;
    }
    if (credentials === undefined) return;
    const { tls, digest } = credentials;
    if (this.#secure === undefined) {
      const listener = new PrivateListener({ port, tls, pages: () => this.#fetch, log: this.#options.log });
      this.#secure = { port, digest, listener };
      return listener.start();
    }
    const { listener } = this.#secure;
    if (this.#secure.digest !== digest) listener.setCredentials(tls);
    this.#secure = { port, digest, listener };
    return listener.refresh();
  }

  #stampOfFiles(): string {
    const { passwords, certificates, httpPorts, httpsPorts } = this.#files;
    const pairs = certificates.flatMap(({ certificate, key }) => [certificate, key]);
    return [...passwords, ...pairs, ...httpPorts, ...httpsPorts].map(stampOf).join();
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.ctimeMs} ${stat.size}`;
}

async function lookAtMachine(): Promise<Machine> {
  const netlink = new RtNetlink();
  try {
    return readMachine({ links: await netlink.links(), addresses: await netlink.addresses() });
  } finally {
    netlink.close();
  }
}

async function readSbom(): Promise<string | undefined> {
  try {
    return await readFile(SBOM_FILE, 'utf8');
  } catch {
    return undefined;
  }
}
