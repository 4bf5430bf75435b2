import type { Exchange, Transport } from './exchange.ts';

/** Plain DNS: UDP, and TCP for what is too long for that. */
export class ClearTransport implements Transport {
  readonly #datagrams: Transport;
  readonly #stream: Transport;

  constructor(datagrams: Transport, stream: Transport) {
    this.#datagrams = datagrams;
    this.#stream = stream;
  }

  ask(exchange: Exchange): void {
    this.#of(exchange).ask(exchange);
  }

  forget(exchange: Exchange): void {
    this.#of(exchange).forget(exchange);
  }

  drop(): void {
    this.#datagrams.drop();
    this.#stream.drop();
  }

  close(): void {
    this.#datagrams.close();
    this.#stream.close();
  }

  #of({ stream }: Exchange): Transport {
    return stream ? this.#stream : this.#datagrams;
  }
}
