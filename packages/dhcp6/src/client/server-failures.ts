import { toHex } from '@router7/wire';

/** Servers that are remembered at most. */
const MOST_SERVERS = 16;

/** Failures of servers, by DUID, of the latest that failed: their Advertises come last, they are never shut out. */
export class ServerFailures {
  readonly #counts: Map<string, number> = new Map();

  of(serverIdentifier: Uint8Array): number {
    return this.#counts.get(toHex(serverIdentifier)) ?? 0;
  }

  add(serverIdentifier: Uint8Array): void {
    const key = toHex(serverIdentifier);
    const count = this.of(serverIdentifier) + 1;
    this.#counts.delete(key);
    this.#counts.set(key, count);
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > MOST_SERVERS && !oldest.done) this.#counts.delete(oldest.value);
  }

  forgive(serverIdentifier: Uint8Array): void {
    this.#counts.delete(toHex(serverIdentifier));
  }
}
