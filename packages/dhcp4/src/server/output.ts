import type { Ipv4Address } from '@router7/wire';
import type { HostNameRefusal } from './host-name.ts';
import type { Lease } from './lease-table.ts';

/** What a DHCPv4 server wants done, or tells, from `ServerEngine.poll`. */
export type ServerOutput = ServerSend | ServerEvent;

/** Send a UDP datagram from port 67 (RFC 2131 section 4.1). */
export interface ServerSend {
  readonly kind: 'send';
  /** A view that is valid until the next call of `handle` of this engine: copied by whoever sends later. */
  readonly payload: Uint8Array;
  /** 255.255.255.255 means link broadcast. */
  readonly destination: Ipv4Address;
  /** 68 to a client, 67 to a relay agent. */
  readonly port: number;
  /**
   * Set when the client cannot answer ARP for `destination` yet: the frame is addressed to this hardware address by
   * hand. Undefined: the kernel's own way of sending is right.
   */
  readonly hardwareAddress: Uint8Array | undefined;
  /** Must not leave before the lease table's records are safe on disk. */
  readonly durable: boolean;
}

/** Why the server dropped a datagram. */
export type ServerDiscardReason =
  | 'malformed'
  /** A BOOTP request: it has no option 53. */
  | 'bootp'
  | 'not-a-request'
  | 'unexpected-type'
  | 'other-server'
  | 'no-subnet'
  | 'no-free-address'
  | 'unknown-client'
  | 'not-leased-here'
  /** The settings have a value that no reply can be made of, such as a lease time of more than 32 bits. */
  | 'unencodable';

/** What has happened to a lease. `declined` is also told of an address that a probe found in use. */
export type LeaseChange = 'bound' | 'renewed' | 'released' | 'declined' | 'expired' | 'renamed';

/** Something has happened. */
export type ServerEvent =
  /** Find out whether a host uses this address, and hand the answer in as `probed`; no answer counts as free. */
  | { readonly kind: 'probe'; readonly address: Ipv4Address }
  /** A lease was granted, prolonged, given back, refused by its client as in use, or has run out, or a person renamed it. */
  | { readonly kind: 'lease'; readonly what: LeaseChange; readonly lease: Lease }
  /** A `set-host-name` input was not carried out. */
  | {
      readonly kind: 'host-name-refused';
      readonly hostName: string;
      readonly reason: HostNameRefusal | 'unknown-client';
    }
  /** A DHCPNAK was sent. */
  | { readonly kind: 'refused'; readonly address: Ipv4Address; readonly clientKey: string }
  /** A datagram was dropped. */
  | { readonly kind: 'discarded'; readonly reason: ServerDiscardReason };
