import type { Ipv6Address } from '@router7/wire';
import type { Lease } from './lease-table.ts';

/** What a DHCPv6 server wants done, or tells, from `ServerEngine.poll`. */
export type ServerOutput = ServerSend | ServerEvent;

/** Send a UDP datagram from port 547. */
export interface ServerSend {
  readonly kind: 'send';
  /** A view that is valid until the next call of `handle` of this engine: copied by whoever sends later. */
  readonly payload: Uint8Array;
  readonly destination: Ipv6Address;
  /** 546 to a client, 547 to a relay agent, or what that asks for (RFC 8357). */
  readonly port: number;
  /** Name of the interface that it has to leave by. */
  readonly link: string;
  /** Must not leave before the lease table's records are safe on disk. */
  readonly durable: boolean;
}

/** Why the server dropped a datagram. */
export type ServerDiscardReason =
  | 'malformed'
  /** Nothing that a client or a relay agent sends to a server. */
  | 'unexpected-type'
  /** What RFC 9915 section 16 has servers discard: an identifier that is missing, or one too many. */
  | 'not-valid'
  | 'other-server'
  /** A client's message to one of our own addresses, or from an address that is not its link-local one. */
  | 'unicast'
  | 'not-link-local'
  /** Of a link that is not served. */
  | 'no-link'
  /** A Confirm that cannot be decided (section 18.3.3). */
  | 'cannot-tell';

/** What has happened to a lease. */
export type LeaseChange =
  | 'bound'
  | 'renewed'
  | 'released'
  | 'declined'
  | 'expired'
  /** By another lease of the same neighbour, which has more than its share. */
  | 'displaced';

/** Something has happened. */
export type ServerEvent =
  /** A lease was granted, prolonged, given back, refused by its client as in use, or has run out. */
  | {
      readonly kind: 'lease';
      readonly what: LeaseChange;
      /** The table's own: its times change in place when it is prolonged. */
      readonly lease: Lease;
      /** A renewal that has changed nothing but the times: nearly all that happens. */
      readonly timesOnly?: boolean;
    }
  /** A client gets no address or prefix, for none is left or there is none to give. */
  | { readonly kind: 'refused'; readonly what: Lease['kind']; readonly link: string; readonly duid: Uint8Array }
  /** A client was asked to come and renew. */
  | { readonly kind: 'reconfigure'; readonly link: string; readonly duid: Uint8Array }
  /** A datagram was dropped. */
  | { readonly kind: 'discarded'; readonly reason: ServerDiscardReason };
