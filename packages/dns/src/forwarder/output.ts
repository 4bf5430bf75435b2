/**
 * What a forwarder wants done, or tells, from `Forwarder.poll`. Outputs and their payloads are good until the next call
 * of `poll`, `handle` or `respond`.
 */
export type ForwarderOutput = ForwarderReply | ForwarderAsk | ForwarderForget | ForwarderEvent;

/** The response to a query; the asker's number is free again. */
export interface ForwarderReply {
  readonly kind: 'reply';
  readonly asker: number;
  readonly payload: Uint8Array;
}

/** Ask an upstream. UDP takes a fresh random port, and a socket that hears that upstream only. */
export interface ForwarderAsk {
  readonly kind: 'ask';
  /** A small number; in use until `forget` or until the input `failed`. */
  readonly exchange: number;
  /** Index in the settings' `upstreams`. */
  readonly upstream: number;
  /** By a connection (TCP, TLS, HTTPS), whatever the upstream is asked by otherwise: the answer does not fit a datagram. */
  readonly stream: boolean;
  /** A whole message with a random id. Who sends it with another id has to put this one into the answer. */
  readonly payload: Uint8Array;
}

/** Nothing more is awaited of an exchange; its number is free again, and its socket can be closed. */
export interface ForwarderForget {
  readonly kind: 'forget';
  readonly exchange: number;
}

/** Something has happened. */
export type ForwarderEvent =
  /** An upstream does not answer any more, or does again. */
  | { readonly kind: 'event'; readonly event: 'upstream-down' | 'upstream-up'; readonly upstream: number }
  /** A public name has a private address, which was kept from the client. */
  | {
      readonly kind: 'event';
      readonly event: 'rebind-blocked';
      /** The name asked for, in wire form. */
      readonly name: Uint8Array;
    };
