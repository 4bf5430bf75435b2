import { createHmac, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { type ClientConfig, ClientEngine, type ClientEvent, type ClientInput, type ClientOutput } from '@router7/dhcp6';
import { Ipv6Prefix, type MacAddress, toHex } from '@router7/wire';
import { type Drive, drive, type Timeout } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import { DHCP6_LEASE_FILE } from '../state/dhcp6-lease.ts';
import type { Clock } from '../system/clock.ts';
import type { Link, LinkAddress } from '../system/rtnetlink.ts';
import { ClientLeaseFile } from './client-lease-file.ts';
import { type ClientLink, ClientTransport } from './client-transport.ts';
import { RECONFIGURE_KEY_FILE, ReconfigureKeyFile } from './reconfigure-key-file.ts';

const OPEN_RETRY_MS = 1000;

/** What a {@link ClientRunner} needs. */
export interface ClientRunnerOptions {
  readonly stateDirectory: string;
  /** The client's settings; the hardware address is for a DUID that has to be made. */
  readonly configure: (hardwareAddress: MacAddress) => ClientConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** The lease file has changed. */
  readonly changed: () => void;
  /** The client has given its leases back and ended. */
  readonly stopped: () => void;
  /** Look at the interface again: it could not be opened. */
  readonly again: () => void;
  /** Sees everything that the engine puts out. */
  readonly observe?: ((output: ClientOutput) => void) | undefined;
}

interface Running {
  readonly link: ClientLink;
  readonly hardwareAddress: MacAddress;
  /** What the engine goes by, as a text that differs when it does. */
  readonly settings: string;
  readonly engine: ClientEngine;
  readonly drive: Drive<ClientInput | Timeout>;
  carrier: boolean;
}

/**
 * Keeps a DHCPv6 client running on an interface that comes, goes, and changes. It starts when the interface has a link-local
 * address that is nobody else's (RFC 9915 section 18.2.1 leaves no other source), each time with what its file remembers
 * (D6C-12); and what it learns is in the file before anybody is told.
 */
export class ClientRunner {
  readonly #options: ClientRunnerOptions;
  readonly #file: ClientLeaseFile;
  readonly #keyFile: ReconfigureKeyFile;
  #running: Running | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: ClientRunnerOptions) {
    this.#options = options;
    const { stateDirectory, clock, log, changed } = options;
    this.#file = new ClientLeaseFile(join(stateDirectory, DHCP6_LEASE_FILE), clock, log, changed);
    this.#keyFile = new ReconfigureKeyFile(join(stateDirectory, RECONFIGURE_KEY_FILE), log);
  }

  /**
   * The interface is there in this state, or (undefined) not there.
   *
   * @param addresses those of all interfaces
   */
  async follow(link: Link | undefined, addresses: readonly LinkAddress[]): Promise<void> {
    const own = addresses.filter((address) => address.link === link?.index && address.prefix instanceof Ipv6Prefix);
    const usable = own.filter(({ tentative, duplicate }) => tentative !== true && duplicate !== true);
    const linkLocals = usable
      .map(({ prefix }) => (prefix as Ipv6Prefix).address)
      .filter(({ isLinkLocal }) => isLinkLocal);
    const running = this.#running;
    const same =
      link !== undefined &&
      running?.link.index === link.index &&
      running.link.name === link.name &&
      linkLocals.some((address) => address.equals(running.link.linkLocal));
    if (running !== undefined && !same) {
      this.#running = undefined;
      this.#options.log.info('interface gone or changed', { interface: running.link.name });
      await running.drive.close();
    }
    const [linkLocal] = linkLocals;
    if (link?.hardwareAddress === undefined || linkLocal === undefined) return;
    this.#running ??= await this.#start({ index: link.index, name: link.name, linkLocal }, link.hardwareAddress);
    const now = this.#running;
    if (now === undefined) return;
    if (now.carrier !== link.carrier) {
      now.carrier = link.carrier;
      now.drive.input({ kind: 'carrier', up: link.carrier });
    }
    if (link.routerFlags !== undefined) now.drive.input({ kind: 'router', ...link.routerFlags });
    for (const { prefix, duplicate } of own) {
      if (duplicate !== true || !(prefix instanceof Ipv6Prefix)) continue;
      const { address } = prefix;
      if (!now.engine.configuration.addresses.some((lease) => lease.address.equals(address))) continue;
      this.#options.log.warn('address in use by another host', { address });
      now.drive.input({ kind: 'duplicate', address });
    }
  }

  /**
   * Looks at the settings anew. Where they are others, the client ends, so that the next {@link follow} starts one that goes by
   * them, with what its file remembers. Settings that contradict themselves are told, and it goes on. Calls must not overlap
   * with those of `follow`.
   *
   * @returns whether it has ended
   */
  async reload(): Promise<boolean> {
    const running = this.#running;
    if (running === undefined) return false;
    const { configure, log } = this.#options;
    try {
      const config = configure(running.hardwareAddress);
      if (JSON.stringify(config) === running.settings) return false;
      // The engine knows what contradicts itself.
      new ClientEngine(config, { random: () => 0 });
    } catch (error) {
      log.error('settings unusable', { error });
      return false;
    }
    log.info('settings changed', { interface: running.link.name });
    this.#running = undefined;
    await running.drive.close();
    return true;
  }

  /** Hands an input to the client. @returns false when none is running */
  input(input: ClientInput): boolean {
    this.#running?.drive.input(input);
    return this.#running !== undefined;
  }

  /** Ends without a Release: the leases go on being used (WPD-9). */
  async close(): Promise<void> {
    this.#file.close();
    clearTimeout(this.#retry);
    await this.#running?.drive.close();
  }

  /** Forgets the leases on disk. */
  forget(): void {
    this.#file.forget();
    this.#keyFile.forget();
  }

  async #start(link: ClientLink, hardwareAddress: MacAddress): Promise<Running | undefined> {
    const { configure, clock, log, observe = () => undefined } = this.#options;
    const config = configure(hardwareAddress);
    const settings = JSON.stringify(config);
    const engine = new ClientEngine(config, {
      random: () => randomInt(2 ** 47) / 2 ** 47,
      hmacMd5: (key, octets) => new Uint8Array(createHmac('md5', key).update(octets).digest()),
      remembered: this.#file.remembered(),
      reconfigureKey: this.#keyFile.read(),
    });
    try {
      const transport = await ClientTransport.open(link, log, observe, (event) => this.#on(event));
      log.info('started', { interface: link.name, address: link.linkLocal });
      return { link, hardwareAddress, settings, engine, drive: drive(engine, transport, clock, log), carrier: false };
    } catch (error) {
      // It went away again, or the port is not free yet.
      log.warn('cannot open interface', { interface: link.name, error });
      clearTimeout(this.#retry);
      this.#retry = setTimeout(this.#options.again, OPEN_RETRY_MS);
      return undefined;
    }
  }

  #on(event: ClientEvent): void {
    const { log } = this.#options;
    switch (event.kind) {
      case 'changed': {
        const { why, configuration, lost } = event;
        const { delegations, addresses, serverIdentifier } = configuration;
        for (const lease of lost) {
          log.warn('lease lost', { why, lease: lease.kind === 'prefix' ? lease.prefix : lease.address });
        }
        log.info('configuration', {
          how: why,
          prefixes: delegations.map(({ prefix }) => prefix.toString()).join(' '),
          addresses: addresses.map(({ address }) => address.toString()).join(' '),
          server: serverIdentifier === undefined ? undefined : toHex(serverIdentifier),
        });
        if (why === 'released') this.forget();
        else this.#file.write(configuration);
        return;
      }
      case 'refused':
        log.warn('refused', { status: event.status, message: event.message, iaid: event.iaid });
        return;
      case 'state':
        log.info('state', { state: event.state });
        return;
      case 'reconfigureKey':
        this.#keyFile.write(event.key);
        return;
      case 'stopped':
        this.#options.stopped();
        return;
      case 'discarded':
        log.debug('discarded', { reason: event.reason });
        return;
      case 'received':
        return;
    }
  }
}
