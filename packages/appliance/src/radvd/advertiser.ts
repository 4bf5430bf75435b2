import { type RouterConfig, RouterEngine } from '@router7/ndp';
import { Ipv6Address } from '@router7/wire';
import { type RoguePolicy, RogueWatch } from '../ndp/rogue-watch.ts';
import type { Log } from '../runtime/log.ts';
import { LogLimit } from '../runtime/log-limit.ts';
import { parseGoTime } from '../state/go-time.ts';
import type { RadvdConfig, RadvdLinkConfig } from '../state/radvd-config.ts';
import type { Clock } from '../system/clock.ts';
import { advertisingLink, hasDefaultRoute, type KernelView } from './kernel-view.ts';
import { LanRouter } from './lan-router.ts';
import type { RadvdFiles, RadvdReading } from './radvd-files.ts';
import { type AdvertisingLink, linkConfig, type RouterFacts, routerSettings } from './router-settings.ts';
import type { StateBook } from './state-book.ts';
import { SteadyEnds } from './steady-ends.ts';

/** Before a link that could not be opened is tried again, in milliseconds. */
const RETRY = 2000;
/** How long a router that has just begun waits for word of its prefix, in milliseconds: a Rebind is answered by then. */
const WORD_PATIENCE = 4000;
/** setTimeout's limit. */
const LONGEST_TIMER = 0x7fff_ffff;

/** What an {@link Advertiser} runs on. */
export interface AdvertiserOptions {
  readonly files: RadvdFiles;
  readonly book: StateBook;
  /** Asks the kernel for its state. */
  readonly view: () => Promise<KernelView>;
  /** Whether the router's own name server has died. */
  readonly dnsIsDead: () => boolean;
  /** Name of the interface to the provider. */
  readonly uplink: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** One link of the home. */
interface Lan {
  readonly router: LanRouter;
  readonly watch: RogueWatch;
  address: Ipv6Address | undefined;
  /** The settings that were usable last: a slip of the pen must not take the router away from the home. */
  settings: RadvdConfig;
  /** What was wrong last, to be told once. */
  fault: string;
}

/** Has a router advertise on each link of the home what follows from the files and from the kernel's state. */
export class Advertiser {
  readonly #options: AdvertiserOptions;
  readonly #ends: SteadyEnds;
  /** For what hosts can provoke. */
  readonly #hostLog: LogLimit;
  readonly #lans = new Map<string, Lan>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #announce = false;
  #closed = false;
  /** The lease that was there at the start, and until when to wait for another word. */
  #awaited: { readonly receivedAt: string | undefined; readonly until: number } | undefined;

  constructor(options: AdvertiserOptions) {
    this.#options = options;
    this.#ends = new SteadyEnds(options.clock);
    this.#hostLog = new LogLimit(options.log);
  }

  /**
   * Looks at everything anew, one look at a time.
   *
   * @param announce whether to send an advertisement even if nothing has changed
   */
  look(announce: boolean = false): void {
    this.#again = true;
    this.#announce ||= announce;
    this.#looking ??= this.#follow().finally(() => {
      this.#looking = undefined;
    });
  }

  /** Ends, with a final advertisement on each link. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.all([...this.#lans.values()].flatMap(({ router, watch }) => [router.cease(), watch.close()]));
    this.#options.book.close();
    this.#hostLog.report();
  }

  async #follow(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      const announce = this.#announce;
      this.#announce = false;
      try {
        await this.#once(announce);
      } catch (error) {
        this.#options.log.error('cannot look at the network', { error });
        this.#lookIn(RETRY);
      }
    }
  }

  async #once(announce: boolean): Promise<void> {
    const { files, view, uplink, clock, dnsIsDead } = this.#options;
    const reading = files.read();
    // As long as nobody knows what was delegated nothing can be said that is true.
    if (reading.lease === 'unknown') {
      this.#announce ||= announce;
      this.#lookIn(RETRY);
      return;
    }
    const kernel = await view();
    clearTimeout(this.#timer);
    const silence = this.#silence(reading, hasDefaultRoute(kernel, uplink));
    if (silence > 0) {
      this.#announce ||= announce;
      this.#lookIn(silence);
      return;
    }
    const receivedAt = reading.lease?.received_at;
    const told = receivedAt === undefined ? undefined : parseGoTime(receivedAt);
    const facts: RouterFacts = {
      plan: reading.plan,
      ipv6: reading.config,
      radvd: reading.radvd,
      extra: reading.extra,
      dnsIsDead: dnsIsDead(),
      hasDefaultRoute: hasDefaultRoute(kernel, uplink),
      now: clock.now(),
      ends: (key, ends) => this.#ends.of(key, ends, told),
    };
    let failed = false;
    for (const name of this.#names(reading)) failed = !(await this.#followLan(name, kernel, facts, reading)) || failed;
    this.#ends.settle();
    if (announce) for (const { router } of this.#lans.values()) router.announce();
    this.#lookIn(failed ? RETRY : this.#nextEnd(facts) - clock.now());
  }

  /**
   * How long to be silent yet. After a power cut the lease on disk may be of a prefix that the provider has given to others
   * meanwhile, and to repeat it keeps a router from telling the new one for the next three seconds
   * (MIN_DELAY_BETWEEN_RAS, RFC 4861 section 6.2.4). While no way leads to the provider, hosts lose nothing by the wait.
   */
  #silence({ lease }: RadvdReading, hasRoute: boolean): number {
    const receivedAt = lease === 'unknown' ? undefined : lease?.received_at;
    const now = this.#options.clock.now();
    const isOld = receivedAt !== undefined && !hasRoute;
    this.#awaited ??= { receivedAt, until: isOld ? now + WORD_PATIENCE : now };
    return receivedAt === this.#awaited.receivedAt ? this.#awaited.until - now : 0;
  }

  /** The links of the home, and those that were: they may have to be told that it is over. */
  #names({ plan }: RadvdReading): Set<string> {
    return new Set([...plan.lans.map(({ lan }) => lan), ...this.#lans.keys()]);
  }

  /** @returns whether it is as it should be */
  async #followLan(name: string, kernel: KernelView, facts: RouterFacts, { plan }: RadvdReading): Promise<boolean> {
    const { book, clock, log } = this.#options;
    const lan = this.#lans.get(name) ?? {
      router: new LanRouter({ name, book, clock, log: this.#hostLog }),
      watch: new RogueWatch(clock, this.#hostLog),
      address: undefined,
      settings: {},
      fault: '',
    };
    this.#lans.set(name, lan);
    const found = advertisingLink(kernel, name, lan.address);
    lan.address = found?.link.linkLocalAddress;
    const isPlanned = plan.lans.some((each) => each.lan === name);
    const isWanted = isPlanned && linkConfig(facts.radvd, name).advertise !== false;
    let fault = '';
    let isOpen = true;
    try {
      const usable = found === undefined || !isWanted ? undefined : usableSettings(found.link, facts, lan.settings);
      lan.settings = usable?.settings ?? lan.settings;
      fault = usable?.fault ?? '';
      if (found !== undefined && !isPlanned) await lan.router.retire();
      await lan.router.follow(found?.link, usable?.config, found?.carrier === true);
      await lan.watch.follow(found?.link, roguePolicy(linkConfig(facts.radvd, name)));
    } catch (error) {
      fault = (error as Error).message;
      isOpen = false;
    }
    if (fault !== lan.fault && fault !== '') log.error('cannot advertise as wanted', { interface: name, error: fault });
    lan.fault = fault;
    return isOpen;
  }

  /** When the next prefix ends: then this may be no default router any more. */
  #nextEnd({ plan, now, ends }: RouterFacts): number {
    const all = plan.lans.flatMap(({ prefixes }) => prefixes.filter(({ isOpenEnded }) => !isOpenEnded));
    const times = all.map((own) => ends(own.prefix.toString(), own).validUntil).filter((end) => end > now);
    return Math.min(...times);
  }

  #lookIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (milliseconds === Number.POSITIVE_INFINITY || this.#closed) return;
    const delay = Math.min(Math.max(Math.ceil(milliseconds), 0), LONGEST_TIMER);
    this.#timer = setTimeout(() => this.look(), delay);
  }
}

/** What to do about other routers on a link. */
function roguePolicy({ other_routers = [], counter_rogues = false }: RadvdLinkConfig): RoguePolicy {
  return { expected: other_routers.map((text) => Ipv6Address.parse(text)), counter: counter_rogues };
}

/** What a router can say by the settings as they are, or else by those that were usable before. */
function usableSettings(
  link: AdvertisingLink,
  facts: RouterFacts,
  before: RadvdConfig,
): { readonly config: RouterConfig; readonly settings: RadvdConfig; readonly fault: string } {
  let fault = '';
  for (const settings of [facts.radvd, before]) {
    try {
      const config = routerSettings(link, { ...facts, radvd: settings });
      // The engine knows what contradicts itself.
      new RouterEngine(config, { random: () => 0 });
      return { config, settings, fault };
    } catch (error) {
      fault ||= (error as Error).message;
    }
  }
  return { config: routerSettings(link, { ...facts, radvd: {} }), settings: {}, fault };
}
