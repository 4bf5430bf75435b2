import { AskerNumbers } from './asker-numbers.ts';

/** Clients of the other thread that can wait for answers at a time. */
const MAXIMUM_STREAM_ASKERS = 4096;

/** Clients that have asked by connections, which the main thread has. */
export class StreamAskers {
  readonly #askers: AskerNumbers<number>;
  readonly #byClient = new Map<number, number>();

  /** @param first the first number to use */
  constructor(first: number) {
    this.#askers = new AskerNumbers(first, MAXIMUM_STREAM_ASKERS);
  }

  /** @returns the asker's number until {@link StreamAskers.release}; -1 when too many wait */
  take(client: number): number {
    const asker = this.#askers.take(client);
    if (asker >= 0) this.#byClient.set(client, asker);
    return asker;
  }

  /** Frees a number. @returns the client that had it */
  release(asker: number): number | undefined {
    const client = this.#askers.release(asker);
    if (client !== undefined) this.#byClient.delete(client);
    return client;
  }

  /** Frees the number of a client. @returns it; undefined when the client does not wait */
  forget(client: number): number | undefined {
    const asker = this.#byClient.get(client);
    if (asker !== undefined) this.release(asker);
    return asker;
  }
}
