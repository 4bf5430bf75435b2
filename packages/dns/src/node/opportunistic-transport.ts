import type { Exchange, Transport } from './exchange.ts';

/** How long a server without encryption is left alone, in milliseconds. */
const PROBE_AGAIN = 300_000;

/**
 * Opportunistic privacy (RFC 8310 section 5, RFC 7858 section 4.1): encrypted once the server is known to answer that
 * way, in the clear until then and when it does so no more. Nobody waits for the probe: it asks what is asked anyway.
 */
export class OpportunisticTransport implements Transport {
  readonly #encrypted: Transport;
  readonly #clear: Transport;
  /** What goes by encryption, and as what. */
  readonly #inner = new Map<Exchange, Exchange>();
  #works = false;
  #probe: Exchange | undefined;
  #probeAt = -Infinity;

  constructor(encrypted: Transport, clear: Transport) {
    this.#encrypted = encrypted;
    this.#clear = clear;
  }

  ask(exchange: Exchange): void {
    if (this.#works) this.#askEncrypted(exchange);
    else {
      this.#clear.ask(exchange);
      if (this.#probe === undefined && performance.now() >= this.#probeAt) this.#begin(exchange);
    }
  }

  forget(exchange: Exchange): void {
    const inner = this.#inner.get(exchange);
    if (inner === undefined) {
      this.#clear.forget(exchange);
      return;
    }
    this.#inner.delete(exchange);
    this.#encrypted.forget(inner);
  }

  drop(): void {
    // Over another uplink the same address may be somebody else.
    this.#endProbe();
    this.#works = false;
    this.#probeAt = -Infinity;
    const asked = [...this.#inner.keys()];
    for (const exchange of asked) this.forget(exchange);
    this.#encrypted.drop();
    this.#clear.drop();
    for (const exchange of asked) exchange.failed('closed');
  }

  close(): void {
    this.#inner.clear();
    this.#encrypted.close();
    this.#clear.close();
  }

  #askEncrypted(exchange: Exchange): void {
    const inner: Exchange = {
      payload: exchange.payload,
      stream: exchange.stream,
      attempts: 0,
      answer: (message) => exchange.answer(message),
      failed: () => {
        this.#works = false;
        this.#probeAt = performance.now() + PROBE_AGAIN;
        if (this.#inner.delete(exchange)) this.#clear.ask(exchange);
      },
    };
    this.#inner.set(exchange, inner);
    this.#encrypted.ask(inner);
  }

  #begin({ payload, stream }: Exchange): void {
    this.#probe = {
      payload,
      stream,
      attempts: 0,
      answer: () => {
        this.#endProbe();
        this.#works = true;
      },
      failed: () => {
        this.#probe = undefined;
        this.#probeAt = performance.now() + PROBE_AGAIN;
      },
    };
    this.#encrypted.ask(this.#probe);
  }

  #endProbe(): void {
    if (this.#probe !== undefined) this.#encrypted.forget(this.#probe);
    this.#probe = undefined;
  }
}
