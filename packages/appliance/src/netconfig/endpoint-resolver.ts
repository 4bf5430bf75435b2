import { Resolver } from 'node:dns/promises';
import { Ipv4Address, Ipv6Address } from '@router7/wire';

/** How often a name that is in use is asked for again; a dynamic address has changed within minutes. */
const REFRESH_MS = 120_000;
/** After a failure: the way to the name server may have to come up first. */
const RETRY_MS = 5000;
const RETRY_MAXIMUM_MS = 60_000;
const TIMEOUT_MS = 3000;

/** Asks the name servers for the addresses of a host, the preferred one first. Rejects when there is no answer. */
export type Lookup = (host: string) => Promise<readonly (Ipv4Address | Ipv6Address)[]>;

/** How {@link EndpointResolver} works; every time in milliseconds. */
export interface EndpointResolverOptions {
  /** {@link systemLookup} when absent. */
  readonly lookup?: Lookup;
  readonly refresh?: number;
  readonly retry?: number;
}

interface Name {
  addresses: readonly (Ipv4Address | Ipv6Address)[];
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Resolves the names of WireGuard's endpoints in the background and keeps them up to date. Whoever asks gets what is known
 * now, and is told when that has changed; nobody ever waits for a name server.
 */
export class EndpointResolver {
  readonly #changed: () => void;
  readonly #lookup: Lookup;
  readonly #refresh: number;
  readonly #retry: number;
  readonly #names = new Map<string, Name>();
  readonly #asking = new Set<Promise<void>>();

  /** @param changed called when a name has got another address */
  constructor(changed: () => void, options: EndpointResolverOptions = {}) {
    this.#changed = changed;
    this.#lookup = options.lookup ?? systemLookup;
    this.#refresh = options.refresh ?? REFRESH_MS;
    this.#retry = options.retry ?? RETRY_MS;
  }

  /** The addresses that are known now, of these names; from now on they are looked after, others are not any more. */
  follow(hosts: ReadonlySet<string>): ReadonlyMap<string, Ipv4Address | Ipv6Address> {
    for (const [host, { timer }] of this.#names) {
      if (hosts.has(host)) continue;
      clearTimeout(timer);
      this.#names.delete(host);
    }
    for (const host of hosts) {
      if (this.#names.has(host)) continue;
      const name: Name = { addresses: [], failures: 0, timer: undefined };
      this.#names.set(host, name);
      void this.#ask(host, name);
    }
    const known = new Map<string, Ipv4Address | Ipv6Address>();
    for (const [host, { addresses }] of this.#names) if (addresses[0] !== undefined) known.set(host, addresses[0]);
    return known;
  }

  /** Whether a name server has been asked and has not answered yet. */
  get isAsking(): boolean {
    return this.#asking.size > 0;
  }

  /** Resolves when all that has been asked is answered, or has failed: for a run that is the only one. */
  async settled(): Promise<void> {
    await Promise.all([...this.#asking]);
  }

  /** Asks for nothing any more. */
  close(): void {
    for (const { timer } of this.#names.values()) clearTimeout(timer);
    this.#names.clear();
  }

  #ask(host: string, name: Name): Promise<void> {
    const asking = this.#askOnce(host, name).finally(() => this.#asking.delete(asking));
    this.#asking.add(asking);
    return asking;
  }

  async #askOnce(host: string, name: Name): Promise<void> {
    let wait = this.#refresh;
    try {
      const addresses = await this.#lookup(host);
      name.failures = 0;
      // As long as the address in use is among them it stays: name servers turn the order round.
      const stays =
        name.addresses[0] !== undefined && addresses.some((one) => String(one) === String(name.addresses[0]));
      if (!stays && addresses.length > 0 && this.#names.get(host) === name) {
        name.addresses = addresses;
        this.#changed();
      }
    } catch {
      // What was known goes on.
      wait = Math.min(this.#retry * 2 ** name.failures++, RETRY_MAXIMUM_MS);
    }
    if (this.#names.get(host) !== name) return;
    name.timer = setTimeout(() => void this.#ask(host, name), wait);
    name.timer.unref();
  }
}

/**
 * Asks the name servers of /etc/resolv.conf as it is now. Not by getaddrinfo(3), which would occupy one of Node's few
 * threads for as long as a name server does not answer.
 */
export const systemLookup: Lookup = async (host) => {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = [
    ...(v4.status === 'fulfilled' ? v4.value.map(Ipv4Address.parse) : []),
    ...(v6.status === 'fulfilled' ? v6.value.map(Ipv6Address.parse) : []),
  ];
  if (addresses.length === 0 && v4.status === 'rejected') throw v4.reason;
  return addresses;
};
