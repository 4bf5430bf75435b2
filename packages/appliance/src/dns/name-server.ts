import { randomBytes } from 'node:crypto';
import { type ForwarderEvent, nameText } from '@router7/dns';
import { type Asker, StreamListener, type UpstreamServer, Upstreams } from '@router7/dns/node';
import type { Log } from '../runtime/log.ts';
import { LogLimit } from '../runtime/log-limit.ts';
import { errorCode } from '../system/libc.ts';
import type { Answering } from './answering.ts';
import { Clients } from './clients.ts';
import { EventLoopAnswering } from './event-loop-answering.ts';
import type { AnswererSettings, AnswererStatistics, KnowledgeOrder, Report } from './orders.ts';
import { ThreadAnswering } from './thread-answering.ts';

/** How long to wait before an address that is in use is tried again, in milliseconds. */
const RETRY = 2000;

/** What a name server goes by. */
export interface NameServerSettings {
  readonly answerer: AnswererSettings;
  /** By the numbers of the forwarder's upstreams. */
  readonly servers: readonly UpstreamServer[];
  /** Addresses of this machine. A server's name that leads to one of them leads nowhere. */
  readonly own: readonly string[];
}

/** How a {@link NameServer} is started. */
export interface NameServerOptions {
  readonly settings: NameServerSettings;
  /** `batch`: a thread that moves many datagrams with one system call; `dgram`: Node's own sockets. */
  readonly transport: 'batch' | 'dgram';
  readonly port: number;
  readonly log: Log;
  /** Nothing is answered any more. */
  readonly onDeath: (error: Error) => void;
}

/** What listens on a host. */
interface Listening {
  readonly streams: StreamListener;
}

/** Answers queries by UDP and TCP: an answerer, and around it connections of clients and to upstream servers. */
export class NameServer {
  readonly #options: NameServerOptions;
  /** For what hosts on the LAN, or the uplink, can provoke. */
  readonly #log: LogLimit;
  readonly #clients: Clients;
  readonly #answering: Answering;
  readonly #upstreams: Upstreams;
  readonly #hosts = new Map<string, Listening>();
  /** Hosts whose failure has been told. */
  readonly #told = new Set<string>();
  /** Clients that have asked by TCP, by numbers that are never used again. */
  readonly #askers = new Map<number, Asker>();
  #statistics: PromiseWithResolvers<AnswererStatistics> | undefined;
  readonly #restored = Promise.withResolvers<number>();
  readonly #stopped = Promise.withResolvers<readonly Uint8Array[]>();
  #settings: NameServerSettings;
  #wanted: readonly string[] = [];
  /** One change of the hosts at a time. */
  #listening: Promise<void> = Promise.resolve();
  #nextClient = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: NameServerOptions) {
    const { settings, transport, log, onDeath } = options;
    this.#options = options;
    this.#log = new LogLimit(log);
    this.#settings = settings;
    this.#clients = new Clients(settings.answerer.clients, random());
    const onReport = (report: Report): void => this.#take(report);
    this.#upstreams = new Upstreams({
      servers: settings.servers,
      isOwn: (address) => this.#settings.own.includes(address),
      onAnswer: (ticket, payload) => this.#answering.tell({ kind: 'answer', ticket, payload: new Uint8Array(payload) }),
      onFailed: (ticket, reason) => this.#answering.tell({ kind: 'failed', ticket, reason }),
    });
    this.#answering =
      transport === 'batch'
        ? new ThreadAnswering({ settings: settings.answerer, onReport, onDeath })
        : new EventLoopAnswering({ settings: settings.answerer, onReport, random });
  }

  /** Goes by other settings from now on. */
  configure(settings: NameServerSettings): void {
    this.#settings = settings;
    this.#clients.configure(settings.answerer.clients);
    this.#upstreams.configure(settings.servers);
    this.#answering.tell({ kind: 'settings', settings: settings.answerer });
  }

  /** Takes in what is answered from, and what is not answered. */
  know(order: KnowledgeOrder): void {
    this.#answering.tell(order);
  }

  /** Takes in what {@link NameServer.stop} of an earlier one gave. @returns answers that there are now */
  restore(bytes: Uint8Array): Promise<number> {
    this.#answering.tell({ kind: 'restore', bytes });
    return this.#restored.promise;
  }

  /** Connections to upstream servers may lead nowhere any more. */
  uplinkChanged(): void {
    this.#upstreams.drop();
    this.#answering.tell({ kind: 'uplink-changed' });
  }

  /** Hosts that are listened on now. */
  get hosts(): readonly string[] {
    return [...this.#hosts.keys()].sort();
  }

  /** Listens on these hosts and no others. What could not be had is tried again by and by. */
  listen(hosts: readonly string[]): Promise<void> {
    this.#wanted = hosts;
    this.#listening = this.#listening.then(() => this.#follow());
    return this.#listening;
  }

  async #follow(): Promise<void> {
    if (this.#closed) return;
    const hosts = this.#wanted;
    clearTimeout(this.#retry);
    for (const host of [...this.#hosts.keys()]) if (!hosts.includes(host)) await this.#unlisten(host);
    await Promise.all(hosts.filter((host) => !this.#hosts.has(host)).map((host) => this.#listen(host)));
    const missing = hosts.some((host) => !this.#hosts.has(host));
    if (missing && !this.#closed) this.#retry = setTimeout(() => void this.listen(this.#wanted), RETRY);
  }

  /** What has been done so far. */
  statistics(): Promise<AnswererStatistics> {
    const asked = this.#statistics;
    if (asked !== undefined) return asked.promise;
    const asking = Promise.withResolvers<AnswererStatistics>();
    this.#statistics = asking;
    // The report may come before this returns.
    this.#answering.tell({ kind: 'statistics' });
    return asking.promise;
  }

  /** Connections of clients. */
  get connections(): number {
    return [...this.#hosts.values()].reduce((sum, { streams }) => sum + streams.connections, 0);
  }

  /** Ends. @param keep whether the cache is wanted @returns what is in the cache, in pieces */
  async stop(keep: boolean): Promise<readonly Uint8Array[]> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#listening;
    await Promise.all([...this.#hosts.keys()].map((host) => this.#unlisten(host)));
    this.#answering.tell({ kind: 'stop', keep });
    const cache = await this.#stopped.promise;
    this.#upstreams.close();
    await this.#answering.close();
    this.#log.report();
    return cache;
  }

  async #listen(host: string): Promise<void> {
    const { port, log } = this.#options;
    try {
      const streams = await StreamListener.open({
        address: host,
        port,
        onQuery: (payload, asker) => this.#query(payload, asker),
        accepts: (address) => this.#clients.findText(address),
      });
      try {
        await this.#answering.listen(host, port);
      } catch (error) {
        await streams.close();
        throw error;
      }
      this.#hosts.set(host, { streams });
      this.#told.delete(host);
      log.info('listening', { host, port });
    } catch (error) {
      // The address may be in use for a moment only (a daemon that is being replaced), or be gone already.
      if (!this.#told.has(host)) log.warn('cannot listen', { host, port, code: errorCode(error), error });
      this.#told.add(host);
    }
  }

  async #unlisten(host: string): Promise<void> {
    const listening = this.#hosts.get(host);
    this.#hosts.delete(host);
    this.#answering.unlisten(host);
    await listening?.streams.close();
  }

  #query(payload: Uint8Array, asker: Asker): void {
    if (!this.#clients.findText(asker.address)) {
      asker.reply();
      return;
    }
    const { source, group } = this.#clients;
    const client = this.#nextClient++;
    this.#askers.set(client, asker);
    // A copy: what is posted of a view is all that it is a view of.
    this.#answering.tell({ kind: 'query', client, payload: new Uint8Array(payload), source, group });
  }

  #take(report: Report): void {
    switch (report.kind) {
      case 'reply':
        this.#askers.get(report.client)?.reply(report.payload);
        this.#askers.delete(report.client);
        return;
      case 'ask':
        this.#upstreams.ask(report.ticket, report.upstream, report.stream, report.payload);
        return;
      case 'forget':
        this.#upstreams.forget(report.ticket);
        return;
      case 'statistics':
        this.#statistics?.resolve(report.statistics);
        this.#statistics = undefined;
        return;
      case 'restored':
        this.#restored.resolve(report.answers);
        return;
      case 'stopped':
        this.#stopped.resolve(report.cache);
        return;
      case 'fault':
        // Possibly something that a packet can provoke again and again.
        this.#log.warn('answering failed', { error: report.message, stack: report.stack });
        return;
      case 'event':
        this.#tell(report.event);
    }
  }

  #tell(event: ForwarderEvent): void {
    if (event.event === 'rebind-blocked') {
      this.#log.warn('private address of a public name kept from a client', { name: nameText(event.name, 0) });
      return;
    }
    const { label } = this.#settings.answerer.forwarder.upstreams[event.upstream] ?? { label: 'another' };
    if (event.event === 'upstream-down') this.#log.warn('upstream does not answer', { upstream: label });
    else this.#log.info('upstream answers', { upstream: label });
  }
}

function random(): number {
  return randomBytes(4).readUInt32LE();
}
