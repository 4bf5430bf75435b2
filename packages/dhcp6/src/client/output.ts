import type { Ipv6Address } from '@router7/wire';
import type { ClientConfiguration, ClientLease } from './lease.ts';
import type { ReconfigureKey } from './reconfigure-key.ts';

/** What a DHCPv6 client wants done, or tells, from `ClientEngine.poll`. */
export type ClientOutput = ClientSend | ClientEvent;

/** Send a UDP datagram from the link-local address and port 546 to port 547. */
export interface ClientSend {
  readonly kind: 'send';
  readonly messageType: number;
  readonly payload: Uint8Array;
  /** Always ff02::1:2: RFC 9915 has done away with unicast to servers. */
  readonly destination: Ipv6Address;
}

/** Why the client dropped a datagram. */
export type DiscardReason =
  | 'malformed'
  /** A message that no server sends to a client, relay messages among them. */
  | 'not-a-reply'
  | 'wrong-transaction-id'
  | 'wrong-client-identifier'
  | 'no-server-identifier'
  /** Not awaited in this state, or no Rapid Commit in a Reply to a Solicit. */
  | 'unexpected-type'
  /** An Advertise without any lease that can be used. */
  | 'no-leases'
  /** UnspecFail, or UseMulticast from a server that was asked by multicast: the question stands. */
  | 'failed'
  /** A Reconfigure that was not unicast, without key or with a wrong digest. */
  | 'not-authentic'
  /** A Reconfigure that has been there before. */
  | 'replayed'
  /** A Reconfigure while an exchange goes on. */
  | 'busy';

/** How the configuration has come to be what it is. */
export type ChangeReason =
  /** Leases were obtained by Solicit and Request. */
  | 'new'
  /** The leases hold good, or have given way to others, after a restart or a lost carrier. */
  | 'reboot'
  | 'renew'
  | 'rebind'
  /** Parameters came in answer to an Information-request. */
  | 'information'
  /** The valid lifetime of leases has ended. */
  | 'expired'
  /** A server said that the addresses do not belong on this link. */
  | 'not-on-link'
  /** An address is in use by somebody else. */
  | 'declined'
  | 'released';

/** Something has happened. */
export type ClientEvent =
  /** The configuration is another one, or its times are. */
  | {
      readonly kind: 'changed';
      readonly why: ChangeReason;
      /** What is to be applied, in place of whatever was told before. */
      readonly configuration: ClientConfiguration;
      /** What was in use and must not be any longer. */
      readonly lost: readonly ClientLease[];
    }
  /** A server has refused something, or failed. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string; readonly iaid: number | undefined }
  /** The engine has entered another state of `state.ts`. */
  | { readonly kind: 'state'; readonly state: ClientStateName }
  /** A key for Reconfigure has come, or was used: to be kept for the next run. */
  | { readonly kind: 'reconfigureKey'; readonly key: ReconfigureKey }
  /** A message of a server was accepted. */
  | { readonly kind: 'received'; readonly messageType: number }
  /** A datagram was dropped. */
  | { readonly kind: 'discarded'; readonly reason: DiscardReason }
  /** The leases were given back and the engine has stopped. */
  | { readonly kind: 'stopped' };

/** States of the client, see `state.ts`. */
export type ClientStateName =
  | 'init'
  | 'soliciting'
  | 'requesting'
  | 'bound'
  | 'renewing'
  | 'rebinding'
  | 'confirming'
  | 'releasing'
  | 'stopped';
