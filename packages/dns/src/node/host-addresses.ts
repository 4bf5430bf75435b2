import { randomInt } from 'node:crypto';
import { encodeAddressQuestion, type FoundAddresses, readAddresses } from './address-question.ts';
import { type Exchange, idOf, type Transport } from './exchange.ts';

/** Bounds of how long addresses are kept, in seconds. */
const SHORTEST = 60;
const LONGEST = 3600;
/** How long is waited for addresses, in milliseconds, and for those of the other family when there are some. */
const PATIENCE = 3000;
const PATIENCE_FOR_MORE = 300;

/** How {@link HostAddresses} finds out. */
export interface HostAddressesOptions {
  readonly name: string;
  /** Servers that can be asked without knowing any name. */
  readonly helpers: () => readonly Transport[];
  /** Whether an address is one of this machine's. */
  readonly isOwn: (address: string) => boolean;
}

/**
 * The addresses of a server that is known by name, asked for from servers whose addresses are known. Old ones are kept
 * when nobody answers.
 */
export class HostAddresses {
  readonly #options: HostAddressesOptions;
  #found: readonly string[] = [];
  #until = -Infinity;
  #asking: Promise<readonly string[]> | undefined;

  constructor(options: HostAddressesOptions) {
    this.#options = options;
  }

  /** At once when they are known; none when nobody knows any. Never rejects. */
  get(): readonly string[] | Promise<readonly string[]> {
    if (performance.now() < this.#until) return this.#found;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<readonly string[]> {
    const patience = new Patience(PATIENCE);
    const families = await Promise.all(
      (['aaaa', 'a'] as const).map(async (type) => {
        const found = await this.#askFor(type, patience);
        if (found !== undefined && found.addresses.length > 0) patience.shorten(PATIENCE_FOR_MORE);
        return found;
      }),
    );
    patience.end();
    const found = families.filter((family) => family !== undefined && family.addresses.length > 0) as FoundAddresses[];
    const all = interleave(found.map(({ addresses }) => addresses)).filter((address) => !this.#options.isOwn(address));
    if (all.length === 0) return this.#found;
    this.#found = all;
    const ttl = Math.min(...found.map(({ ttlSeconds }) => ttlSeconds));
    this.#until = performance.now() + 1000 * Math.min(Math.max(ttl, SHORTEST), LONGEST);
    return this.#found;
  }

  /** The first answer of any helper; undefined when none has one in time. */
  async #askFor(type: 'a' | 'aaaa', patience: Patience): Promise<FoundAddresses | undefined> {
    const helpers = this.#options.helpers();
    const payload = encodeAddressQuestion(randomInt(0x10000), this.#options.name, type);
    const asked: [Transport, Exchange][] = [];
    const found = await new Promise<FoundAddresses | undefined>((resolve) => {
      patience.onOver(() => resolve(undefined));
      let left = helpers.length;
      const give = (answer: FoundAddresses | undefined): void => {
        if (answer !== undefined || --left === 0) resolve(answer);
      };
      if (left === 0) resolve(undefined);
      for (const helper of helpers) {
        const exchange: Exchange = {
          payload,
          stream: false,
          attempts: 0,
          answer: (message) => {
            if (idOf(message) === idOf(payload)) give(readAddresses(payload, message));
          },
          failed: () => give(undefined),
        };
        asked.push([helper, exchange]);
        helper.ask(exchange);
      }
    });
    for (const [helper, exchange] of asked) helper.forget(exchange);
    return found;
  }
}

/** A time that several wait for, and that may become shorter. */
class Patience {
  readonly #over: (() => void)[] = [];
  #timer: NodeJS.Timeout;

  constructor(milliseconds: number) {
    this.#timer = setTimeout(() => this.end(), milliseconds);
  }

  onOver(callback: () => void): void {
    this.#over.push(callback);
  }

  shorten(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), milliseconds);
  }

  end(): void {
    clearTimeout(this.#timer);
    for (const callback of this.#over.splice(0)) callback();
  }
}

function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
