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
  #running: Promise<void> | undefined;
  #again = false;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(table: RouteTable, sources: RouteSources, log: Log) {
    this.#table = table;
    this.#sources = sources;
    this.#log = log;
  }

  /** Has the kernel's routes made what they should be, soon. */
  refresh(): void {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Waits for what is under way. The routes stay: the leases are in force all the same. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      // What comes in at the same time is served by one look.
      await new Promise((resolve) => setImmediate(resolve));
      try {
        await this.#synchronize();
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  async #synchronize(): Promise<void> {
    const there = (await this.#table.routes()).filter(({ protocol }) => protocol === RouteProtocol.dhcp6d);
    const wanted = this.#wanted();
    for (const route of there) {
      if (wanted.get(route.destination.toString())?.link === route.link) continue;
      // Another interface: to replace a route of another one would leave both.
      await this.#table.deleteRoute(route);
    }
    const present = new Set(there.map(textOf));
    for (const route of wanted.values()) {
      if (present.has(textOf(route))) continue;
      try {
        await this.#table.replaceRoute(route);
      } catch (error) {
        this.#failed(error, route);
      }
    }
  }

  #wanted(): Map<string, Route> {
    const { leases, delegations, linkIndex, now } = this.#sources;
    const time = now();
    const present = delegations();
    const wanted = new Map<string, Route>();
    for (const lease of leases()) {
      if (lease.kind !== 'prefix' || lease.state !== 'bound' || lease.expiresAt <= time) continue;
      const link = linkIndex(lease.link);
      if (link === undefined) continue;
      for (const destination of leasedPrefixes(lease)) {
        if (!present.some((prefix) => prefix.contains(destination.address))) continue;
        const how = { protocol: RouteProtocol.dhcp6d, metric: METRIC, onLink: false, preferredSource: undefined };
        wanted.set(destination.toString(), { destination, link, gateway: lease.peer, ...how });
      }
    }
    return wanted;
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
