import { type Forwarder, type ForwarderEvent, type ForwarderInput, type ForwarderOutput, PENDING } from '@router7/dns';
import { type Asker, clientNumber } from './asker.ts';
import { DatagramListener } from './datagram-listener.ts';
import { StreamListener } from './stream-listener.ts';
import type { UpstreamServer } from './upstream-server.ts';
import { Upstreams, type UpstreamsOptions } from './upstreams.ts';

/** The longest message. */
const LONGEST = 65_535;

/** Where questions are taken, by UDP and TCP. */
export interface ListenAddress {
  /** One own IPv4 or IPv6 address. */
  readonly address: string;
  /** 53 when absent; 0 lets the kernel choose. */
  readonly port?: number;
}

/** How {@link ForwarderServer} serves. */
export interface ForwarderServerOptions {
  readonly forwarder: Forwarder;
  /** By the numbers of the forwarder's upstreams. */
  readonly upstreams: readonly UpstreamServer[];
  readonly listen: readonly ListenAddress[];
  /** How upstreams are asked, beyond that. */
  readonly asking?: Omit<UpstreamsOptions, 'servers' | 'onAnswer' | 'onFailed'>;
  /** The group that a client belongs to, from 0 to 63; 0 for all when absent. */
  readonly groupOf?: (address: string) => number;
  readonly onEvent?: (event: ForwarderEvent) => void;
  /** Hears of errors that the server survives. */
  readonly onError?: (error: Error) => void;
}

/** Runs a forwarder on Node's sockets, timers and clock. */
export class ForwarderServer {
  /** For settings and state of connections. */
  readonly upstreams: Upstreams;
  readonly #options: ForwarderServerOptions;
  readonly #datagrams: DatagramListener[] = [];
  readonly #streams: StreamListener[] = [];
  /** Clients that wait, by number, and numbers that are free again. */
  readonly #askers: (Asker | undefined)[] = [];
  readonly #free: number[] = [];
  /** Queries and responses are as long as they like, in place. */
  readonly #scratch = new Uint8Array(LONGEST);
  #timer: NodeJS.Timeout | undefined;
  #timerAt: number = Infinity;
  #closed = false;

  private constructor(options: ForwarderServerOptions) {
    this.#options = options;
    this.upstreams = new Upstreams({
      ...options.asking,
      servers: options.upstreams,
      onAnswer: (exchange, payload) => this.#handle({ kind: 'answer', exchange, payload }),
      onFailed: (exchange, reason) => this.#handle({ kind: 'failed', exchange, reason }),
    });
  }

  /**
   * Starts.
   *
   * @throws Node's system error when an address cannot be listened on: `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`
   */
  static async start(options: ForwarderServerOptions): Promise<ForwarderServer> {
    const server = new ForwarderServer(options);
    try {
      for (const { address, port = 53 } of options.listen) await server.#listen(address, port);
    } catch (error) {
      await server.close();
      throw error;
    }
    server.#drain();
    return server;
  }

  /** The ports that are listened on, in the order of the addresses; UDP and TCP have the same. */
  get ports(): readonly number[] {
    return this.#streams.map(({ port }) => port);
  }

  /** Stops. Clients that wait get no answer. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.upstreams.close();
    await Promise.all([...this.#datagrams, ...this.#streams].map((listener) => listener.close()));
  }

  async #listen(address: string, port: number): Promise<void> {
    const { onError } = this.#options;
    const onQuery = (payload: Uint8Array, asker: Asker): void => this.#query(payload, asker);
    const common = { address, onQuery, ...(onError === undefined ? {} : { onError }) };
    const stream = await StreamListener.open({ ...common, port });
    this.#streams.push(stream);
    this.#datagrams.push(await DatagramListener.open({ ...common, port: stream.port }));
  }

  #query(payload: Uint8Array, asker: Asker): void {
    if (this.#closed) return;
    const { forwarder, groupOf } = this.#options;
    const { transport, address } = asker;
    const source = clientNumber(address);
    const group = groupOf?.(address) ?? 0;
    const bytes = this.#scratch;
    bytes.set(payload);
    const length = forwarder.respond(bytes, 0, payload.length, LONGEST, source, transport, group, performance.now());
    if (length === PENDING) {
      const number = this.#free.pop() ?? this.#askers.length;
      this.#askers[number] = asker;
      this.#handle({ kind: 'query', payload, asker: number, transport, source, group });
      return;
    }
    asker.reply(length > 0 ? bytes.subarray(0, length) : undefined);
    this.#drain();
  }

  #handle(input: ForwarderInput): void {
    if (this.#closed) return;
    this.#options.forwarder.handle(input, performance.now());
    this.#drain();
  }

  #drain(): void {
    const { forwarder } = this.#options;
    for (let output = forwarder.poll(); output !== undefined; output = forwarder.poll()) this.#perform(output);
    const deadline = forwarder.deadline() ?? Infinity;
    // A timer that goes off too early looks again.
    if (deadline < this.#timerAt) this.#arm(deadline);
  }

  #perform(output: ForwarderOutput): void {
    switch (output.kind) {
      case 'reply': {
        const asker = this.#askers[output.asker];
        this.#askers[output.asker] = undefined;
        this.#free.push(output.asker);
        asker?.reply(output.payload);
        return;
      }
      case 'ask':
        this.upstreams.ask(output.exchange, output.upstream, output.stream, output.payload);
        return;
      case 'forget':
        this.upstreams.forget(output.exchange);
        return;
      case 'event':
        this.#options.onEvent?.(output);
    }
  }

  #arm(deadline: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = deadline;
    this.#timer = setTimeout(
      () => {
        this.#timerAt = Infinity;
        this.#handle({ kind: 'timeout' });
      },
      Math.max(deadline - performance.now(), 0),
    );
  }
}
