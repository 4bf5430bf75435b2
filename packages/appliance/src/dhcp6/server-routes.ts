import { type Lease, leasedPrefixes } from '@router7/dhcp6';
import type { Ipv6Prefix } from '@router7/wire';
import { RouteProtocol } from '../netconfig/kernel-state.ts';
import type { Log } from '../runtime/log.ts';
import type { Route } from '../system/rtnetlink.ts';

/** Before routes are tried again that could not be set, milliseconds. */
const RETRY = 5000;
/** The kernel's own default, better than what netconfigd has for the rest of a delegation. */
const METRIC = 1024;

/** The kernel's side of {@link ServerRoutes}: `RtNetlink`. */
export interface RouteTable {
  routes(): Promise<readonly Route[]>;
  replaceRoute(route: Route): Promise<void>;
  deleteRoute(route: Route): Promise<void>;
}

/** What the routes follow from. */
export interface RouteSources {
  /** All leases, in force or not. */
  readonly leases: () => Iterable<Lease>;
  /** What may be delegated now: a lease of what is gone has no route. */
  readonly delegations: () => readonly Ipv6Prefix[];
  /** The number of an interface; undefined when there is none. */
  readonly linkIndex: (name: string) => number | undefined;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/**
 * A route to each prefix that a router of the home has, by that router (RFC 9818 LPD-5, RFC 9915 section 18.3): made and
 * removed with the lease. The kernel's routes with our mark are the only record of them, so a server that starts anew after
 * a kill puts right what is wrong.
 */
export class ServerRoutes {
  readonly #table: RouteTable;
  readonly #sources: RouteSources;
  readonly #log: Log;
  /** The leases that have a route, or are about to. */
  readonly #known = new Map<string, Lease>();
  /** By key of the lease: what was set for it. */
  readonly #set = new Map<string, readonly Route[]>();
  /** Keys of leases that have changed since, in order. */
  readonly #changed = new Set<string>();
  #whole = false;
  #running: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(table: RouteTable, sources: RouteSources, log: Log) {
    this.#table = table;
    this.#sources = sources;
    this.#log = log;
  }

  /** Compares all routes with all leases, soon. */
  refresh(): void {
    this.#whole = true;
    this.#start();
  }

  /** Follows a lease of a prefix. One that is just prolonged costs nothing. */
  follow(lease: Lease): void {
    const known = this.#known.get(lease.key);
    if (lease.state === 'bound') {
      // What has not changed is the same object.
      if (known?.slot === lease.slot && known.given === lease.given && known.peer === lease.peer) {
        if (known.link === lease.link && known.length === lease.length) return;
      }
      this.#known.set(lease.key, lease);
    } else if (!this.#known.delete(lease.key)) return;
    this.#changed.add(lease.key);
    this.#start();
  }

  /** Waits for what is under way. The routes stay: the leases are in force all the same. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    // What comes in at the same time is served by one look.
    await new Promise((resolve) => setImmediate(resolve));
    while ((this.#whole || this.#changed.size > 0) && !this.#closed) {
      try {
        if (this.#whole) await this.#synchronize();
        else await this.#apply();
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  /** Sets what follows from the leases that have changed. */
  async #apply(): Promise<void> {
    const [key] = this.#changed;
    if (key === undefined) return;
    this.#changed.delete(key);
    const lease = this.#known.get(key);
    const before = this.#set.get(key) ?? [];
    const wanted = lease === undefined ? [] : this.#routesOf(lease);
    if (wanted.length > 0) this.#set.set(key, wanted);
    else this.#set.delete(key);
    for (const route of before) {
      if (wanted.some((other) => textOf(other) === textOf(route))) continue;
      // It may have gone with its interface.
      await this.#table.deleteRoute(route).catch(() => {});
    }
    for (const route of wanted) {
      if (!before.some((other) => textOf(other) === textOf(route))) await this.#table.replaceRoute(route);
    }
  }

  async #synchronize(): Promise<void> {
    this.#whole = false;
    this.#changed.clear();
    this.#known.clear();
    this.#set.clear();
    const wanted = new Map<string, Route>();
    for (const lease of this.#sources.leases()) {
      const routes = this.#routesOf(lease);
      if (routes.length === 0) continue;
      this.#known.set(lease.key, lease);
      this.#set.set(lease.key, routes);
      for (const route of routes) wanted.set(textOf(route), route);
    }
    const there = (await this.#table.routes()).filter(({ protocol }) => protocol === RouteProtocol.dhcp6d);
    for (const route of there) if (!wanted.delete(textOf(route))) await this.#table.deleteRoute(route);
    for (const route of wanted.values()) {
      await this.#table.replaceRoute(route).catch((error: unknown) => this.#failed(error, route));
    }
  }

  #routesOf(lease: Lease): readonly Route[] {
    const { delegations, linkIndex, now } = this.#sources;
    if (lease.kind !== 'prefix' || lease.state !== 'bound' || lease.expiresAt <= now()) return [];
    const link = linkIndex(lease.link);
    if (link === undefined) return [];
    const present = delegations();
    const how = { protocol: RouteProtocol.dhcp6d, metric: METRIC, onLink: false, preferredSource: undefined };
    return leasedPrefixes(lease)
      .filter(({ address }) => present.some((prefix) => prefix.contains(address)))
      .map((destination) => ({ destination, link, gateway: lease.peer, ...how }));
  }

  #failed(error: unknown, route?: Route): void {
    this.#log.warn('route to a delegated prefix cannot be set', { destination: route?.destination, error });
    if (this.#closed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.refresh(), RETRY);
  }
}

function textOf({ destination, link, gateway }: Route): string {
  return `${destination} ${gateway} ${link}`;
}
