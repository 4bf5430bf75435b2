import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ClientConfig,
  ClientEngine,
  type ClientEvent,
  type ClientInput,
  type RememberedLease,
} from '@router7/dhcp4';
import type { MacAddress } from '@router7/wire';
import { removeFileSync, removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import { type Drive, drive, type Timeout } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import { DHCP4_LEASE_FILE, type Dhcp4Lease, formatDhcp4Lease } from '../state/dhcp4-lease.ts';
import type { Clock } from '../system/clock.ts';
import { errorCode } from '../system/libc.ts';
import type { Link } from '../system/rtnetlink.ts';
import { type ClientLink, ClientTransport } from './client-transport.ts';
import { leaseRecord } from './lease-record.ts';

/** Under the state folder: the last DHCPACK's octets; its modification time is when it came. */
export const ACK_FILE = 'wire/ack';

const WRITE_RETRY_MS = 10_000;

/** What a {@link ClientRunner} needs. */
export interface ClientRunnerOptions {
  readonly stateDirectory: string;
  /** The client's settings for a hardware address. */
  readonly configure: (hardwareAddress: MacAddress) => ClientConfig;
  /** Address to use instead of the interface's own; it may not have it yet (D4C-13). */
  readonly spoofed: () => MacAddress | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** The files have changed. */
  readonly changed: () => void;
  /** The client has said DHCPRELEASE and ended. */
  readonly stopped: () => void;
}

interface Running {
  readonly link: ClientLink;
  readonly drive: Drive<ClientInput | Timeout>;
  carrier: boolean;
}

/**
 * Keeps a DHCPv4 client running on an interface that comes, goes, and changes: each time it appears the client starts
 * with what its files remember (INIT-REBOOT), and what it learns is in the files before anybody is told.
 */
export class ClientRunner {
  readonly #options: ClientRunnerOptions;
  readonly #leaseFile: string;
  readonly #ackFile: string;
  #running: Running | undefined;
  #unwritten: NodeJS.Timeout | undefined;

  constructor(options: ClientRunnerOptions) {
    this.#options = options;
    this.#leaseFile = join(options.stateDirectory, DHCP4_LEASE_FILE);
    this.#ackFile = join(options.stateDirectory, ACK_FILE);
    removeStaleTemporaries(this.#leaseFile);
    removeStaleTemporaries(this.#ackFile);
  }

  /** The interface is there in this state, or (undefined) not there. */
  async follow(link: Link | undefined): Promise<void> {
    const hardwareAddress = this.#options.spoofed() ?? link?.hardwareAddress;
    const running = this.#running;
    const same =
      link !== undefined &&
      running?.link.index === link.index &&
      running.link.name === link.name &&
      hardwareAddress !== undefined &&
      running.link.hardwareAddress.equals(hardwareAddress);
    if (running !== undefined && !same) {
      this.#running = undefined;
      this.#options.log.info('interface gone or changed', { interface: running.link.name });
      await running.drive.close();
    }
    if (link === undefined || hardwareAddress === undefined) return;
    this.#running ??= this.#start({ index: link.index, name: link.name, hardwareAddress });
    const now = this.#running;
    if (now === undefined || now.carrier === link.carrier) return;
    now.carrier = link.carrier;
    now.drive.input({ kind: 'carrier', up: link.carrier });
  }

  /** Hands an input to the client. @returns false when none is running */
  input(input: ClientInput): boolean {
    this.#running?.drive.input(input);
    return this.#running !== undefined;
  }

  /** Ends without a DHCPRELEASE: the lease goes on being used. */
  async close(): Promise<void> {
    clearTimeout(this.#unwritten);
    await this.#running?.drive.close();
  }

  /** Forgets the lease on disk. */
  forget(): void {
    // The lease first: when this is cut short, the ACK alone makes the next run ask for the address again and hear again
    // that it is lost. The lease alone would go on being applied.
    this.#remove([this.#leaseFile, this.#ackFile]);
  }

  #remove(files: readonly string[]): void {
    clearTimeout(this.#unwritten);
    for (const file of files) {
      try {
        removeFileSync(file);
      } catch (error) {
        this.#options.log.error('cannot remove file', { file, error });
      }
    }
    this.#options.changed();
  }

  #start(link: ClientLink): Running | undefined {
    const { configure, clock, log } = this.#options;
    const engine = new ClientEngine(configure(link.hardwareAddress), {
      random: () => randomInt(2 ** 47) / 2 ** 47,
      remembered: this.#remembered(),
    });
    try {
      const transport = new ClientTransport(link, log, (event) => this.#on(event));
      log.info('started', { interface: link.name, hardwareAddress: link.hardwareAddress });
      return { link, drive: drive(engine, transport, clock, log), carrier: false };
    } catch (error) {
      // It went away again; the next change of links brings us back here.
      log.warn('cannot open interface', { interface: link.name, error });
      return undefined;
    }
  }

  #remembered(): RememberedLease | undefined {
    try {
      const ack = readFileSync(this.#ackFile);
      return { ack, ageMs: this.#options.clock.wall() - statSync(this.#ackFile).mtimeMs };
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.#options.log.warn('cannot read file', { file: this.#ackFile, error });
      return undefined;
    }
  }

  #on(event: ClientEvent): void {
    const { log, clock } = this.#options;
    switch (event.kind) {
      case 'bound':
        log.info('lease obtained', { how: event.how, address: event.lease.address, server: event.lease.server });
        this.#write(leaseRecord(event.lease, clock), event.ack, clock.wall());
        return;
      case 'expired':
        log.warn('lease expired, kept until there is another', { address: event.lease.address });
        return;
      case 'lost':
        log.warn('lease lost', { address: event.lease.address, why: event.why });
        // Starting over is a guess that another lease may work better: what there is stays applied meanwhile (D4C-07).
        if (event.why === 'restart') this.#remove([this.#ackFile]);
        else this.forget();
        return;
      case 'state':
        log.info('state', { state: event.state });
        return;
      case 'stopped':
        this.#options.stopped();
        return;
      case 'discarded':
        log.debug('discarded', { reason: event.reason });
        return;
      case 'informed':
        return;
    }
  }

  /** Writes both files, the lease last: it is what others read. A full disk is tried again until it has room. */
  #write(record: Dhcp4Lease, ack: Uint8Array, cameAt: number): void {
    clearTimeout(this.#unwritten);
    try {
      mkdirSync(join(this.#options.stateDirectory, 'wire'), { recursive: true });
      writeFileAtomicSync(this.#ackFile, ack);
      // When there was no room for a while, the lease is older than its file.
      utimesSync(this.#ackFile, cameAt / 1000, cameAt / 1000);
      writeFileAtomicSync(this.#leaseFile, formatDhcp4Lease(record));
    } catch (error) {
      this.#options.log.error('cannot write lease, trying again', { file: this.#leaseFile, error });
      this.#unwritten = setTimeout(() => this.#write(record, ack, cameAt), WRITE_RETRY_MS);
      return;
    }
    this.#options.changed();
  }
}
