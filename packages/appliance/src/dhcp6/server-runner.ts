import { createHmac, randomBytes } from 'node:crypto';
import {
  type Lease,
  type ServerConfig,
  ServerEngine,
  type ServerEnvironment,
  type ServerEvent,
  type ServerInput,
} from '@router7/dhcp6';
import { toHex } from '@router7/wire';
import { type Drive, drive } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import { LogLimit } from '../runtime/log-limit.ts';
import type { Clock } from '../system/clock.ts';
import { errorCode } from '../system/libc.ts';
import type { ReadSettings } from './server-files.ts';
import type { JournalLeaseTable } from './server-lease-table.ts';
import type { ServerReplay } from './server-replay.ts';
import type { ServerStatistics } from './server-statistics.ts';
import { type ServerLink, ServerTransport } from './server-transport.ts';

/** Before the sockets are tried again that could not be opened, in milliseconds. */
const RETRY = 2000;

/** What a {@link ServerRunner} runs on. */
export interface ServerRunnerOptions {
  readonly table: JournalLeaseTable;
  readonly statistics: ServerStatistics;
  /** See `ServerEnvironment.placeSecret`. */
  readonly placeSecret: Uint8Array;
  readonly replay: ServerReplay;
  /** A lease of a prefix has changed, or was prolonged. */
  readonly onPrefix: (lease: Lease) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Runs a server engine on the interfaces that are there, and starts it anew over the same leases when its settings or the
 * interfaces have changed.
 */
export class ServerRunner {
  readonly #options: ServerRunnerOptions;
  readonly #environment: ServerEnvironment;
  /** For what hosts on the LAN can provoke. */
  readonly #clientLog: LogLimit;
  #running:
    | {
        readonly key: string;
        readonly isWhole: boolean;
        readonly engine: ServerEngine;
        readonly drive: Drive<ServerInput>;
      }
    | undefined;
  #retry: NodeJS.Timeout | undefined;
  #last: readonly [settings: ReadSettings | undefined, links: readonly ServerLink[]] = [undefined, []];

  constructor(options: ServerRunnerOptions) {
    this.#options = options;
    this.#clientLog = new LogLimit(options.log);
    this.#environment = {
      randomOctets: (count) => new Uint8Array(randomBytes(count)),
      placeSecret: options.placeSecret,
      hmacMd5: (key, octets) => new Uint8Array(createHmac('md5', key).update(octets).digest()),
      replayDetection: () => options.replay.next(),
    };
  }

  /** Leases in force; 0 while it does not run. */
  get activeLeases(): number {
    return this.#running?.engine.activeLeases ?? 0;
  }

  /** Makes what runs be what should. Calls must not overlap. @param links the interfaces of the settings that are there */
  async follow(settings: ReadSettings | undefined, links: readonly ServerLink[]): Promise<void> {
    clearTimeout(this.#retry);
    this.#last = [settings, links];
    if (settings === undefined || links.length === 0) {
      await this.#stop();
      return;
    }
    const key = `${links.map(({ index, name }) => `${index} ${name}`).join()} ${settings.key}`;
    // One that lacks an interface tries it again.
    if (key === this.#running?.key && this.#running.isWhole) return;
    await this.#stop();
    this.#start(key, settings.config, links);
  }

  /** Stops serving. */
  async close(): Promise<void> {
    clearTimeout(this.#retry);
    await this.#stop();
    this.#clientLog.report();
  }

  #start(key: string, config: ServerConfig, links: readonly ServerLink[]): void {
    const { table, clock, log, statistics } = this.#options;
    try {
      const engine = new ServerEngine(config, table, this.#environment);
      const transport = new ServerTransport(links, log, this.#tell, table);
      statistics.transport = () => transport.counters;
      this.#running = {
        key,
        isWhole: transport.names.length === links.length,
        engine,
        drive: drive(engine, transport, clock, log),
      };
      log.info('serving', { interfaces: transport.names.join(), leases: table.size });
    } catch (error) {
      log.error('cannot serve', { error });
      // Settings that contradict themselves stay so until somebody corrects them and says so.
      if (errorCode(error)?.startsWith('E') !== true) return;
      this.#retry = setTimeout(() => void this.follow(...this.#last), RETRY);
    }
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.drive.close();
  }

  readonly #tell = (event: ServerEvent): void => {
    const log = this.#clientLog;
    this.#options.statistics.count(event);
    switch (event.kind) {
      case 'lease': {
        const { what, lease } = event;
        if (lease.kind === 'prefix' && event.timesOnly !== true)
          this.#options.onPrefix(what === 'expired' ? { ...lease, state: 'released' } : lease);
        // Renewals are counted only: they are nearly all that happens.
        if (what === 'renewed') return;
        const fields = { interface: lease.link, kind: lease.kind, num: lease.slot, client: toHex(lease.duid) };
        if (what === 'declined') log.warn('address in use by a stranger', fields);
        else log.info(`lease ${what}`, fields);
        return;
      }
      case 'refused':
        log.info('nothing to give', { interface: event.link, kind: event.what, client: toHex(event.duid) });
        return;
      case 'reconfigure':
        log.info('client asked to renew', { interface: event.link, client: toHex(event.duid) });
        return;
      default:
    }
  };
}
