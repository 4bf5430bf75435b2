/** How a client asked. */
export type ClientTransport = 'udp' | 'tcp';

/** Why nothing will come of an exchange with an upstream. */
export type FailureReason =
  /** The network says so, or there is no way to the upstream. */
  | 'unreachable'
  /** Nobody listens there. */
  | 'refused'
  /** The connection ended before the answer. */
  | 'closed'
  /** It is not who it should be. */
  | 'authentication'
  /** There is no socket free, which is not the upstream's fault. */
  | 'busy';

/** What happens to a forwarder, for `Forwarder.handle`. */
export type ForwarderInput =
  /** A query for which `Forwarder.respond` returned {@link PENDING}, unchanged. */
  | {
      readonly kind: 'query';
      readonly payload: Uint8Array;
      /** A small number of the caller's choice, not in use by another query until its `reply`. */
      readonly asker: number;
      readonly transport: ClientTransport;
      /** As for `Forwarder.respond`. */
      readonly source: number;
      readonly group: number;
    }
  /**
   * A message from the upstream that was asked, on the very socket or connection. It does not end the exchange, since
   * anybody may have forged it: `forget` does, which follows at once when it is the answer.
   */
  | { readonly kind: 'answer'; readonly exchange: number; readonly payload: Uint8Array }
  /** The exchange has failed and is over; no `forget` follows. */
  | { readonly kind: 'failed'; readonly exchange: number; readonly reason: FailureReason }
  /** The client of a query is gone: no `reply` follows. */
  | { readonly kind: 'gone'; readonly asker: number }
  /** The clock has reached `deadline()`. Early and repeated ones do nothing. */
  | { readonly kind: 'timeout' };
