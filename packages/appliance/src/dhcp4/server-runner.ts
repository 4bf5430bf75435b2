import { type ServerConfig, ServerEngine, type ServerEvent, type ServerInput } from '@router7/dhcp4';
import type { Ipv4Prefix, MacAddress } from '@router7/wire';
import { type Drive, drive } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import { LogLimit } from '../runtime/log-limit.ts';
import type { Clock } from '../system/clock.ts';
import { errorCode } from '../system/libc.ts';
import type { Link } from '../system/rtnetlink.ts';
import type { JournalLeaseTable } from './journal-lease-table.ts';
import type { SetHostNameResult } from './lease-server.ts';
import type { ReadSettings } from './server-files.ts';
import type { ServerStatistics } from './server-statistics.ts';
import { ServerTransport } from './server-transport.ts';

/** Before the sockets are tried again that could not be opened, in milliseconds. */
const RETRY = 2000;
const HOST_NAME_PATIENCE = 5000;

/** What a {@link ServerRunner} runs on. */
export interface ServerRunnerOptions {
  readonly table: JournalLeaseTable;
  /** The settings as the files have them now, or those of before; undefined when there is nothing to serve. */
  readonly settings: (before: ReadSettings | undefined, present: Ipv4Prefix | undefined) => ReadSettings | undefined;
  readonly statistics: ServerStatistics;
  readonly clock: Clock;
  readonly log: Log;
}

/** A wish for a host name that the engine has not answered yet. */
interface Wish {
  readonly hostName: string;
  readonly answer: (result: SetHostNameResult) => void;
}

/**
 * Runs a server engine on an interface whenever that is there, and starts it anew over the same leases when its settings
 * or the interface have changed.
 */
export class ServerRunner {
  readonly #options: ServerRunnerOptions;
  /** For what hosts on the LAN can provoke. */
  readonly #clientLog: LogLimit;
  #running: { readonly key: string; readonly engine: ServerEngine; readonly drive: Drive<ServerInput> } | undefined;
  #wishes: Wish[] = [];
  #retry: NodeJS.Timeout | undefined;
  #link: Link | undefined;
  #present: Ipv4Prefix | undefined;
  #settings: ReadSettings | undefined;

  constructor(options: ServerRunnerOptions) {
    this.#options = options;
    this.#clientLog = new LogLimit(options.log);
  }

  /** Leases in force; 0 while it does not run. */
  get activeLeases(): number {
    return this.#running?.engine.activeLeases ?? 0;
  }

  /**
   * Makes what runs be what should: on this interface with the settings of now. Calls must not overlap.
   *
   * @param link the interface; undefined when there is none
   * @param present the address that the interface has now
   */
  async follow(link: Link | undefined, present?: Ipv4Prefix): Promise<void> {
    clearTimeout(this.#retry);
    this.#link = link;
    this.#present = present;
    this.#settings = this.#options.settings(this.#settings, present);
    if (this.#options.table.isEdited) {
      // An engine keeps books about its table, so it starts anew over a changed one.
      await this.#stop();
      this.#options.table.adoptEdits();
    }
    const settings = this.#settings;
    const hardwareAddress = link?.hardwareAddress;
    if (link === undefined || hardwareAddress === undefined || settings === undefined) {
      await this.#stop();
      return;
    }
    const key = `${link.index} ${link.name} ${hardwareAddress} ${settings.key}`;
    if (key === this.#running?.key) return;
    await this.#stop();
    this.#start(key, settings.config, link, hardwareAddress);
  }

  /** A person names a device, known by its hardware address. */
  setHostName(client: MacAddress, hostName: string): Promise<SetHostNameResult> {
    const running = this.#running;
    if (running === undefined) return Promise.resolve('not-running');
    return new Promise((resolve) => {
      const timer = setTimeout(() => wish.answer('not-running'), HOST_NAME_PATIENCE);
      const wish: Wish = {
        hostName,
        answer: (result) => {
          clearTimeout(timer);
          this.#wishes = this.#wishes.filter((other) => other !== wish);
          resolve(result);
        },
      };
      this.#wishes.push(wish);
      running.drive.input({ kind: 'set-host-name', client, hostName });
    });
  }

  /** Stops serving. */
  async close(): Promise<void> {
    clearTimeout(this.#retry);
    await this.#stop();
    this.#clientLog.report();
  }

  #start(key: string, config: ServerConfig, link: Link, hardwareAddress: MacAddress): void {
    const { table, clock, log, statistics } = this.#options;
    const { index, name } = link;
    const address = config.serverIdentifier;
    try {
      table.firstAddress = address.value + 1;
      const engine = new ServerEngine(config, table, { random: Math.random });
      const transport = new ServerTransport({ index, name, hardwareAddress, address }, log, this.#tell, table);
      statistics.transport = () => transport.counters;
      this.#running = { key, engine, drive: drive(engine, transport, clock, log) };
      log.info('serving', { interface: name, address, leases: table.size });
    } catch (error) {
      log.error('cannot serve', { interface: name, error });
      // Settings that contradict themselves stay so until somebody corrects them and says so.
      if (errorCode(error)?.startsWith('E') !== true) return;
      this.#retry = setTimeout(() => void this.follow(this.#link, this.#present), RETRY);
    }
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.drive.close();
    for (const wish of [...this.#wishes]) wish.answer('not-running');
  }

  readonly #tell = (event: ServerEvent): void => {
    const log = this.#clientLog;
    this.#options.statistics.count(event);
    switch (event.kind) {
      case 'lease': {
        const { what, lease } = event;
        // Renewals are counted only: they are nearly all that happens.
        if (what === 'renewed') return;
        if (what === 'renamed') this.#answer('done', lease.hostNameOverride);
        const fields = {
          address: lease.address,
          name: lease.hostNameOverride || lease.hostName,
          client: lease.clientKey,
        };
        if (what === 'declined') log.warn('address in use by a stranger', fields);
        else log.info(`lease ${what}`, fields);
        return;
      }
      case 'host-name-refused':
        this.#answer(event.reason, event.hostName);
        return;
      case 'refused':
        log.info('lease refused', { address: event.address, client: event.clientKey });
        return;
      default:
    }
  };

  #answer(result: SetHostNameResult, hostName: string): void {
    this.#wishes.find((wish) => wish.hostName.toLowerCase() === hostName.toLowerCase())?.answer(result);
  }
}
