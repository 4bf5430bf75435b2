import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultHostConfig, HostEngine, type HostEvent, type HostInput } from '@router7/ndp';
import { Ipv6Address, type MacAddress } from '@router7/wire';
import { removeFileSync, removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import { type Drive, drive, type Timeout } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import { formatUplinkRouters, UPLINK_ROUTERS_FILE } from '../state/uplink-routers.ts';
import type { Clock } from '../system/clock.ts';
import type { Link, LinkAddress } from '../system/rtnetlink.ts';
import { HostTransport } from './host-transport.ts';
import { uplinkRecord } from './uplink-record.ts';

/** Advertisements come with several options, and from several routers: one file for all that come together. */
const WRITE_DELAY_MS = 100;
/** A router that changes its mind all the time must not wear out the disk. */
const WRITE_INTERVAL_MS = 5000;
const WRITE_RETRY_MS = 10_000;

/** The uplink as the kernel has it. */
export interface Uplink {
  readonly name: string;
  readonly index: number;
  readonly hardwareAddress: MacAddress;
  readonly linkLocal: Ipv6Address;
  readonly carrier: boolean;
}

/** The uplink of what the kernel says, once it has a link-local address that is nobody else's. */
export function uplinkOf(link: Link | undefined, addresses: readonly LinkAddress[]): Uplink | undefined {
  if (link?.hardwareAddress === undefined) return undefined;
  const linkLocal = addresses
    .filter((one) => one.link === link.index && one.tentative !== true && one.duplicate !== true)
    .map(({ prefix }) => prefix.address)
    .find((address) => address instanceof Ipv6Address && address.isLinkLocal);
  if (!(linkLocal instanceof Ipv6Address)) return undefined;
  const { name, index, hardwareAddress, carrier } = link;
  return { name, index, hardwareAddress, linkLocal, carrier };
}

/** What an {@link UplinkWatch} needs. */
export interface UplinkWatchOptions {
  readonly stateDirectory: string;
  readonly clock: Clock;
  /** Lines that hosts can provoke are limited by whoever gives it. */
  readonly log: Log;
  /** The file has changed. */
  readonly changed: () => void;
}

interface Running {
  readonly key: string;
  readonly engine: HostEngine;
  readonly drive: Drive<HostInput | Timeout>;
}

/**
 * Keeps in a file what the provider's routers advertise. What becomes of it as addresses and routes is the kernel's business,
 * which hears it as well.
 */
export class UplinkWatch {
  readonly #options: UplinkWatchOptions;
  readonly #file: string;
  #running: Running | undefined;
  #written = '';
  /** Monotonic milliseconds. */
  #writtenAt = Number.NEGATIVE_INFINITY;
  #writing: NodeJS.Timeout | undefined;

  constructor(options: UplinkWatchOptions) {
    this.#options = options;
    this.#file = join(options.stateDirectory, UPLINK_ROUTERS_FILE);
    removeStaleTemporaries(this.#file);
    // What was true before this process may be so no more.
    this.#remove();
  }

  /** The uplink is there in this state, or (undefined) not there. Calls must not overlap. */
  async follow(uplink: Uplink | undefined): Promise<void> {
    const key = uplink && `${uplink.index} ${uplink.name} ${uplink.linkLocal} ${uplink.hardwareAddress}`;
    if (this.#running !== undefined && this.#running.key !== key) {
      await this.close();
      this.#remove();
    }
    if (uplink === undefined || key === undefined) return;
    this.#running ??= this.#start(key, uplink);
    this.#running?.drive.input({ kind: 'carrier', up: uplink.carrier });
  }

  /** Ends, and leaves the file as it is. */
  async close(): Promise<void> {
    clearTimeout(this.#writing);
    this.#writing = undefined;
    const running = this.#running;
    this.#running = undefined;
    await running?.drive.close();
  }

  #start(key: string, { name, index, hardwareAddress, linkLocal }: Uplink): Running | undefined {
    const { clock, log } = this.#options;
    const engine = new HostEngine(defaultHostConfig(hardwareAddress), { random: () => randomInt(2 ** 47) / 2 ** 47 });
    try {
      const transport = new HostTransport({ name, index }, log, (event) => this.#on(name, event));
      const running = { key, engine, drive: drive(engine, transport, clock, log) };
      running.drive.input({ kind: 'address', linkLocal });
      return running;
    } catch (error) {
      // It went away again; the next change of links brings us back here.
      log.warn('cannot listen for routers', { interface: name, error });
      return undefined;
    }
  }

  #on(name: string, event: HostEvent): void {
    const { log } = this.#options;
    switch (event.kind) {
      case 'learned':
      case 'changed':
      case 'lost':
        if (event.heard.kind === 'router' && event.kind !== 'changed') {
          log.info(event.kind === 'learned' ? 'router heard' : 'router gone', {
            interface: name,
            router: event.heard.address,
          });
        }
        this.#writing ??= setTimeout(
          () => this.#write(),
          Math.max(this.#writtenAt + WRITE_INTERVAL_MS - this.#options.clock.now(), WRITE_DELAY_MS),
        );
        return;
      case 'overflow':
        log.warn('more is advertised than can be kept', { interface: name, of: event.of });
        return;
      case 'discarded':
        log.debug('discarded', { interface: name, reason: event.reason });
        return;
      case 'flags':
      case 'rogue':
        return;
    }
  }

  #write(): void {
    this.#writing = undefined;
    if (this.#running === undefined) return;
    const text = formatUplinkRouters(uplinkRecord(this.#running.engine));
    if (text === this.#written) return;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileAtomicSync(this.#file, text);
    } catch (error) {
      this.#options.log.error('cannot write file, trying again', { file: this.#file, error });
      this.#writing = setTimeout(() => this.#write(), WRITE_RETRY_MS);
      return;
    }
    this.#written = text;
    this.#writtenAt = this.#options.clock.now();
    this.#options.changed();
  }

  #remove(): void {
    this.#written = '';
    try {
      removeFileSync(this.#file);
    } catch (error) {
      this.#options.log.error('cannot remove file', { file: this.#file, error });
    }
  }
}
