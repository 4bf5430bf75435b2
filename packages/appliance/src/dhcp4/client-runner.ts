import { randomInt } from 'node:crypto';
import { type ClientConfig, ClientEngine, type ClientEvent, type ClientInput } from '@router7/dhcp4';
import type { MacAddress } from '@router7/wire';
import { type Drive, drive, type Timeout } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import type { Clock } from '../system/clock.ts';
import type { Link } from '../system/rtnetlink.ts';
import { ClientLeaseFile } from './client-lease-file.ts';
import { type ClientLink, ClientTransport } from './client-transport.ts';

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
  readonly #files: ClientLeaseFile;
  #running: Running | undefined;

  constructor(options: ClientRunnerOptions) {
    this.#options = options;
    this.#files = new ClientLeaseFile(options.stateDirectory, options.clock, options.log, options.changed);
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
    this.#files.close();
    await this.#running?.drive.close();
  }

  /** Forgets the lease on disk. */
  forget(): void {
    this.#files.forget();
  }

  #start(link: ClientLink): Running | undefined {
    const { configure, clock, log } = this.#options;
    const engine = new ClientEngine(configure(link.hardwareAddress), {
      random: () => randomInt(2 ** 47) / 2 ** 47,
      remembered: this.#files.remembered(),
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

  #on(event: ClientEvent): void {
    const { log } = this.#options;
    switch (event.kind) {
      case 'bound':
        log.info('lease obtained', { how: event.how, address: event.lease.address, server: event.lease.server });
        this.#files.write(event.lease, event.ack);
        return;
      case 'expired':
        log.warn('lease expired, kept until there is another', { address: event.lease.address });
        return;
      case 'lost':
        log.warn('lease lost', { address: event.lease.address, why: event.why });
        // Starting over is a guess that another lease may work better: what there is stays applied meanwhile (D4C-07).
        if (event.why === 'restart') this.#files.forgetAck();
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
}
