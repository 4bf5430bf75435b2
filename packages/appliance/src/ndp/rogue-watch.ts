import {
  counterAdvertisement,
  defaultHostConfig,
  HostEngine,
  type HostEvent,
  type HostInput,
  isLasting,
  optionValues,
} from '@router7/ndp';
import { type Ipv6Address, MacAddress, toHex } from '@router7/wire';
import { type Drive, drive, type Timeout } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import type { Clock } from '../system/clock.ts';
import { CounterSender } from './counter-sender.ts';
import { HostTransport } from './host-transport.ts';

/** A link of the home to be watched. */
export interface WatchedLink {
  readonly name: string;
  readonly index: number;
  readonly linkLocalAddress: Ipv6Address;
  /** Undefined for a link without such addresses. */
  readonly linkLayerAddress: Uint8Array | undefined;
}

/** What to do about routers that are not ours. */
export interface RoguePolicy {
  /** Link-local addresses of routers that may be there besides this one. */
  readonly expected: readonly Ipv6Address[];
  /** Whether to take back what the others say, in their name. */
  readonly counter: boolean;
}

interface Running {
  readonly key: string;
  readonly drive: Drive<HostInput | Timeout>;
  readonly counter: CounterSender | undefined;
}

/** Tells of routers on a link of the home that are not ours, and takes back what they say when that is wanted (RA-16). */
export class RogueWatch {
  readonly #clock: Clock;
  readonly #log: Log;
  #running: Running | undefined;
  #policy: RoguePolicy = { expected: [], counter: false };

  /** @param log lines that hosts can provoke are limited by whoever gives it */
  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Watches a link, or none. Calls must not overlap.
   *
   * @throws SystemError when the link cannot be opened, as when it has just gone
   */
  async follow(link: WatchedLink | undefined, policy: RoguePolicy): Promise<void> {
    this.#policy = policy;
    const key = link && `${link.index} ${link.name} ${link.linkLocalAddress}`;
    if (this.#running !== undefined && this.#running.key !== key) await this.close();
    if (link === undefined || key === undefined) return;
    this.#running ??= this.#start(key, link);
    this.#running.drive.input({ kind: 'expect', routers: [link.linkLocalAddress, ...policy.expected] });
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.counter?.close();
    await running?.drive.close();
  }

  #start(key: string, { name, index, linkLocalAddress, linkLayerAddress }: WatchedLink): Running {
    const hardwareAddress = linkLayerAddress?.length === 6 ? MacAddress.fromBytes(linkLayerAddress) : undefined;
    const config = { ...defaultHostConfig(hardwareAddress ?? MacAddress.zero), solicit: false };
    const engine = new HostEngine({ ...config, expectedRouters: [linkLocalAddress] }, { random: () => 0 });
    const transport = new HostTransport({ name, index }, this.#log, (event) => this.#on(name, event));
    const counter = hardwareAddress && new CounterSender(index, hardwareAddress);
    return { key, counter, drive: drive(engine, transport, this.#clock, this.#log) };
  }

  #on(name: string, event: HostEvent): void {
    if (event.kind === 'overflow' && event.of === 'router') {
      this.#log.warn('more routers that are not ours than can be told', { interface: name });
    }
    if (event.kind !== 'rogue') return;
    const { router, advertisement, isNews } = event;
    const isCountered =
      this.#policy.counter &&
      isLasting(advertisement) &&
      this.#running?.counter?.send(router.address, counterAdvertisement(advertisement), this.#clock.now()) === true;
    if (!isNews) return;
    this.#log.warn('router that is not ours', {
      interface: name,
      router: router.address,
      hardwareAddress: router.linkLayerAddress && toHex(router.linkLayerAddress).replace(/..(?=.)/g, '$&:'),
      lifetime: advertisement.routerLifetimeSeconds,
      prefixes: optionValues(advertisement, 'prefixInformation')
        .map(({ prefix }) => `${prefix}`)
        .join(' '),
      dns: optionValues(advertisement, 'rdnss')
        .flatMap(({ addresses }) => addresses)
        .join(' '),
      countered: isCountered,
    });
  }
}
