import type { Ipv4Address } from '@router7/wire';
import type { ClientLease } from './lease.ts';

/** What a DHCPv4 client wants done, or tells, from `ClientEngine.poll`. */
export type ClientOutput = ClientSend | ClientArp | ClientEvent;

/** Send a UDP datagram from port 68 to port 67. */
export interface ClientSend {
  readonly kind: 'send';
  readonly payload: Uint8Array;
  /** 0.0.0.0 while there is no address: then the frame has to be built by hand. */
  readonly source: Ipv4Address;
  /** 255.255.255.255 means link broadcast; anything else goes by way of the kernel's routes. */
  readonly destination: Ipv4Address;
}

/** Send an ARP packet: a probe for `address` (RFC 5227 section 2.1.1) or an announcement of it (section 2.3). */
export interface ClientArp {
  readonly kind: 'arp-probe' | 'arp-announce';
  readonly address: Ipv4Address;
}

/** Why the client dropped a datagram. */
export type DiscardReason =
  | 'malformed'
  | 'not-a-reply'
  | 'wrong-xid'
  | 'wrong-hardware-address'
  | 'wrong-client-identifier'
  | 'wrong-server'
  | 'wrong-address'
  | 'wrong-port'
  | 'unexpected-type'
  | 'incomplete'
  | 'not-a-host-address';

/** Something has happened. */
export type ClientEvent =
  /**
   * A lease was obtained (`how: 'new'`), confirmed after a restart or carrier loss, renewed or rebound. Apply it, in
   * place of the one before: that one is not told as lost.
   */
  | {
      readonly kind: 'bound';
      readonly how: 'new' | 'reboot' | 'renew' | 'rebind';
      readonly lease: ClientLease;
      /** The DHCPACK's octets, a copy. */
      readonly ack: Uint8Array;
    }
  /** The lease's time is over and nobody has taken its place: it is kept and stays applied. */
  | { readonly kind: 'expired'; readonly lease: ClientLease }
  /** The lease must no longer be used: refused by a server, found in use by another host, given up, or released. */
  | { readonly kind: 'lost'; readonly lease: ClientLease; readonly why: 'nak' | 'conflict' | 'restart' | 'released' }
  /** Parameters came in answer to a DHCPINFORM. */
  | { readonly kind: 'informed'; readonly lease: ClientLease; readonly ack: Uint8Array }
  /** The engine has entered another state of RFC 2131 figure 5. */
  | { readonly kind: 'state'; readonly state: ClientStateName }
  /** DHCPRELEASE was handed out and the engine has stopped. */
  | { readonly kind: 'stopped' }
  /** A datagram was dropped. */
  | { readonly kind: 'discarded'; readonly reason: DiscardReason };

/** States of RFC 2131 figure 5, with those that RFC 5227 probing and stopping add. */
export type ClientStateName =
  | 'init'
  | 'selecting'
  | 'requesting'
  | 'probing'
  | 'bound'
  | 'renewing'
  | 'rebinding'
  | 'init-reboot'
  | 'rebooting'
  | 'informing'
  | 'stopped';
