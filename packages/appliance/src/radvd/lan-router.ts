import { randomInt } from 'node:crypto';
import { type LastingOption, type RouterConfig, RouterEngine, type RouterEvent, type RouterInput } from '@router7/ndp';
import { type Drive, drive, type Timeout } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import type { Clock } from '../system/clock.ts';
import type { AdvertisingLink } from './router-settings.ts';
import { RouterTransport } from './router-transport.ts';
import type { StateBook } from './state-book.ts';

/** A final advertisement keeps 3 s away from the one before (RFC 4861 section 6.2.6). */
const FINAL_PATIENCE = 3500;

/** What is told of a link that has no prefixes any more. */
const NOTHING = { prefixes: [], routes: [], dnsServers: [], searchDomains: [], pref64: [], encryptedDns: [] } as const;

/** What a {@link LanRouter} runs on. */
export interface LanRouterOptions {
  readonly name: string;
  readonly book: StateBook;
  readonly clock: Clock;
  /** Lines that hosts can provoke are limited by whoever gives it. */
  readonly log: Log;
}

interface Running {
  readonly key: string;
  config: RouterConfig;
  readonly transport: RouterTransport;
  readonly drive: Drive<RouterInput | Timeout>;
  carrier: boolean;
}

/** Runs a router engine on one link of the home whenever that is there. */
export class LanRouter {
  readonly #options: LanRouterOptions;
  #running: Running | undefined;
  #onCeased: () => void = () => undefined;

  constructor(options: LanRouterOptions) {
    this.#options = options;
  }

  /**
   * Makes what runs be what should: nothing without a link, nothing but a final advertisement without a configuration. Calls
   * must not overlap.
   *
   * @param carrier whether anybody can hear it
   * @throws SystemError when the link cannot be opened, as when it has just gone
   * @throws RouterVariableError or EncodeError when the configuration cannot be advertised
   */
  async follow(link: AdvertisingLink | undefined, config: RouterConfig | undefined, carrier: boolean): Promise<void> {
    if (link === undefined) {
      await this.#stop();
      return;
    }
    if (config === undefined) {
      await this.cease();
      return;
    }
    const key = `${link.index} ${link.name} ${link.linkLocalAddress} ${link.linkLayerAddress}`;
    if (this.#running !== undefined && this.#running.key !== key) await this.#stop();
    if (this.#running === undefined) {
      this.#running = this.#start(key, link, config, carrier);
      return;
    }
    const running = this.#running;
    const isBack = carrier && !running.carrier;
    running.config = config;
    if (isBack) running.transport.rejoin();
    // Not before: where the groups could not be joined that is tried again.
    running.carrier = carrier;
    running.drive.input({ kind: 'configure', config });
    if (isBack) running.drive.input({ kind: 'announce' });
  }

  /** An advertisement as soon as one may be sent. */
  announce(): void {
    this.#running?.drive.input({ kind: 'announce' });
  }

  /** Ends for good, as {@link cease}: what hosts of the link were told is over as well (RFC 9096 section 3.5). */
  async retire(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    running.drive.input({ kind: 'configure', config: { ...running.config, ...NOTHING } });
    await this.cease();
  }

  /** Ends after a final advertisement: hosts must not go on to use this router (RFC 4861 section 6.2.5). */
  async cease(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FINAL_PATIENCE);
      this.#onCeased = () => {
        clearTimeout(timer);
        resolve();
      };
      running.drive.input({ kind: 'cease' });
    });
    await running.drive.close();
  }

  #start(key: string, link: AdvertisingLink, config: RouterConfig, carrier: boolean): Running {
    const { name, book, clock, log } = this.#options;
    const random = (): number => randomInt(2 ** 47) / 2 ** 47;
    const engine = new RouterEngine(config, { random, remembered: book.remembered(name) });
    const transport = new RouterTransport(link, book, log, (event) => this.#tell(event));
    log.info('advertising', { interface: name, address: link.linkLocalAddress });
    return { key, config, transport, carrier, drive: drive(engine, transport, clock, log) };
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    this.#options.log.info('not advertising any more', { interface: this.#options.name });
    await running.drive.close();
  }

  #tell(event: RouterEvent): void {
    const { log, name } = this.#options;
    switch (event.kind) {
      case 'withdrawn':
        log.info('taken back', { interface: name, what: describe(event.option) });
        return;
      case 'inconsistent':
        log.warn('another router says otherwise', {
          interface: name,
          router: event.router,
          about: event.variables.join(', '),
        });
        return;
      case 'discarded':
        log.debug('discarded', { interface: name, reason: event.reason });
        return;
      case 'ceased':
        this.#onCeased();
        return;
    }
  }
}

/** What an option is about, for people. */
function describe(option: LastingOption): string {
  switch (option.kind) {
    case 'prefixInformation':
      return `prefix ${option.value.prefix}`;
    case 'routeInformation':
      return `route to ${option.value.prefix}`;
    case 'pref64':
      return `NAT64 prefix ${option.value.prefix}`;
    case 'rdnss':
      return `name server ${option.value.addresses.join(' ')}`;
    case 'dnssl':
      return `domain ${option.value.domainNames.join(' ')}`;
    case 'encryptedDns':
      return `resolver ${option.value.authenticationDomainName}`;
  }
}
