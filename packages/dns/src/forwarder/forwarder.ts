import type { ClientTransport, ForwarderInput } from './input.ts';
import type { ForwarderOutput } from './output.ts';
import type { ForwarderSettings } from './settings.ts';

/** `Forwarder.respond` has no response yet: the query is to be handed to `Forwarder.handle`. */
export const PENDING = -1;

/** What a forwarder needs. */
export interface ForwarderOptions {
  readonly settings: ForwarderSettings;
  /** 32 random bits, unpredictable: ids, letters' case and cookies come from it. */
  readonly random: () => number;
}

/**
 * A DNS forwarder without input or output of its own.
 *
 * Give each query to {@link respond}, and to {@link handle} when that returns {@link PENDING}; drain {@link poll} after
 * every call of either; call {@link handle} with `timeout` when {@link deadline} is reached. `now` is monotonic
 * milliseconds.
 */
export class Forwarder {
  constructor(options: ForwarderOptions) {
    options.settings;
  }

  /**
   * Answers a query in place, when that takes nobody else.
   *
   * @param bytes a buffer with the query, and room for the response
   * @param start offset of the query, and of the response
   * @param length octets of the query
   * @param capacity octets from `start` that may be written, at least `length`
   * @param source the client for rate limits: its IPv4 address, a hash of its IPv6 /64
   * @param group of the client, from 0 to 63
   * @returns octets of the response, 0 for no response, or {@link PENDING}; the query is unchanged then
   */
  respond(
    bytes: Uint8Array,
    start: number,
    length: number,
    capacity: number,
    source: number,
    transport: ClientTransport,
    group: number,
    now: number,
  ): number {
    void [bytes, start, length, capacity, source, transport, group, now];
    return 0;
  }

  /** Takes an input. Octets from the network never make it throw. */
  handle(input: ForwarderInput, now: number): void {
    void [input, now];
  }

  /** The next thing to do or to know, in order; undefined when there is none. */
  poll(): ForwarderOutput | undefined {
    return undefined;
  }

  /** When to call {@link handle} with `timeout`, monotonic milliseconds; undefined when there is nothing to wait for. */
  deadline(): number | undefined {
    return undefined;
  }

  /** Takes other settings; exchanges with upstreams that are gone end. Connections and cookies are to be made anew. */
  configure(settings: ForwarderSettings, now: number): void {
    void [settings, now];
  }
}
