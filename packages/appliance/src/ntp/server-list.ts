import { Server } from './server.ts';

/** Addresses that are kept of one name. */
const MOST_ADDRESSES = 16;
/** Names that are used at most. */
const MOST_NAMES = 16;
/** Addresses that want nothing of us, at most. */
const MOST_DENIED = 256;
/** Between two times that a name is asked for, milliseconds: at first, and at most. */
const RESOLVE_MS = 1000;
const RESOLVE_MOST_MS = 16_000;
/** Again for a name whose servers are silent. */
const AGAIN_MS = 60_000;

interface Name {
  readonly name: string;
  /** What the name server said last; the address itself when it is one. */
  addresses: readonly string[];
  readonly isAddress: boolean;
  isResolving: boolean;
  /** When it is to be asked for, monotonic milliseconds; Infinity: not any more. */
  resolveAt: number;
  failures: number;
}

/**
 * Which servers are asked: one of each name, and more of the names that have more as long as there are too few. A server
 * that is silent, or is outvoted again and again, gives way to another address of its name.
 */
export class ServerList {
  /** Those that are asked. */
  readonly servers: Server[] = [];
  readonly #wanted: number;
  readonly #random: () => number;
  readonly #names = new Map<string, Name>();
  /** Addresses that said DENY or RSTR. */
  readonly #denied = new Set<string>();
  /** When an address was given up last, as a number that grows. */
  readonly #givenUp = new Map<string, number>();
  #ids = 0;
  #times = 0;

  /** @param wanted servers in all, when there are as many */
  constructor(wanted: number, random: () => number) {
    this.#wanted = wanted;
    this.#random = random;
  }

  /** How many names there are, resolved or not. */
  get names(): number {
    return this.#names.size;
  }

  /** Replaces the names; what stays goes on. @returns servers that are asked no more */
  setNames(names: readonly string[], isAddress: (name: string) => boolean, now: number): readonly Server[] {
    const wanted = new Set(names.slice(0, MOST_NAMES));
    for (const name of this.#names.keys()) if (!wanted.has(name)) this.#names.delete(name);
    for (const name of wanted) {
      if (this.#names.has(name)) continue;
      const address = isAddress(name);
      const resolveAt = address ? Number.POSITIVE_INFINITY : now;
      const addresses = address ? [name] : [];
      this.#names.set(name, { name, addresses, isAddress: address, isResolving: false, resolveAt, failures: 0 });
    }
    const gone = this.servers.filter(({ name }) => !wanted.has(name));
    for (const server of gone) this.#remove(server);
    this.#fill();
    return gone;
  }

  /** Names that are to be asked for now. */
  toResolve(now: number): readonly string[] {
    const due = [...this.#names.values()].filter((name) => !name.isResolving && name.resolveAt <= now);
    for (const name of due) name.isResolving = true;
    return due.map(({ name }) => name);
  }

  /** The network may be another one: names that could not be found are asked for at once. */
  resolveAgain(now: number): void {
    for (const name of this.#names.values()) {
      if (name.failures === 0) continue;
      name.failures = 0;
      name.resolveAt = Math.min(name.resolveAt, now);
    }
  }

  /** When a name is to be asked for. */
  get deadline(): number {
    const waiting = [...this.#names.values()].filter(({ isResolving }) => !isResolving);
    return Math.min(...waiting.map(({ resolveAt }) => resolveAt));
  }

  /** A name has these addresses; none: it could not be found out. @returns whether there is a new server */
  resolved(text: string, addresses: readonly string[], now: number): boolean {
    const name = this.#names.get(text);
    if (name === undefined || name.isAddress) return false;
    name.isResolving = false;
    if (addresses.length === 0) {
      name.resolveAt = now + Math.min(RESOLVE_MS * 2 ** name.failures++, RESOLVE_MOST_MS);
      return false;
    }
    name.failures = 0;
    name.addresses = [...new Set(addresses)].slice(0, MOST_ADDRESSES);
    const before = this.#ids;
    this.#fill();
    // Every address is in use, silent, or wants nothing of us: the name may get others.
    name.resolveAt = this.servers.some((server) => server.name === text) ? Number.POSITIVE_INFINITY : now + AGAIN_MS;
    return this.#ids > before;
  }

  /** RFC 5905 section 7.4: it "MUST ... stop sending packets to that server". */
  deny(server: Server, now: number): void {
    if (this.#denied.size < MOST_DENIED) this.#denied.add(server.address);
    if (this.replace(server, now) === undefined) this.#remove(server);
  }

  /** Gives a server's place to another one of its name. @returns that; undefined when there is none, and all stays */
  replace(server: Server, now: number): Server | undefined {
    const name = this.#names.get(server.name);
    if (name === undefined) return undefined;
    if (!name.isAddress && !name.isResolving) name.resolveAt = Math.min(name.resolveAt, now + AGAIN_MS);
    const other = this.#free(name);
    if (other === undefined) return undefined;
    this.#giveUp(server);
    this.#remove(server);
    return this.#add(name);
  }

  #giveUp(server: Server): void {
    this.#givenUp.set(server.address, ++this.#times);
    if (this.#givenUp.size > MOST_DENIED) this.#givenUp.delete(this.#givenUp.keys().next().value as string);
  }

  /** One of each name, then others up to what is wanted. */
  #fill(): void {
    for (const name of this.#names.values()) {
      if (!this.servers.some((server) => server.name === name.name)) this.#add(name);
    }
    for (const name of this.#names.values()) {
      while (this.servers.length < this.#wanted && this.#add(name) !== undefined);
    }
  }

  /** A server more of a name, if there is one. */
  #add(name: Name): Server | undefined {
    const address = this.#free(name);
    if (address === undefined) return undefined;
    const server = new Server(++this.#ids, name.name, address);
    this.servers.push(server);
    return server;
  }

  /** An address that is not asked: one at random that was never given up, otherwise which was so longest ago. */
  #free(name: Name): string | undefined {
    const free = name.addresses.filter(
      (address) => !this.#denied.has(address) && !this.servers.some((server) => server.address === address),
    );
    const fresh = free.filter((address) => !this.#givenUp.has(address));
    const oldest = [...free].sort((a, b) => (this.#givenUp.get(a) ?? 0) - (this.#givenUp.get(b) ?? 0))[0];
    return fresh[Math.floor(this.#random() * fresh.length)] ?? oldest;
  }

  #remove(server: Server): void {
    const index = this.servers.indexOf(server);
    if (index >= 0) this.servers.splice(index, 1);
  }
}
