import type { Ipv4Address } from '@router7/wire';

/**
 * - `offered`: held for a client that was sent a DHCPOFFER; never on disk. `ServerEngine` keeps its offers outside of the
 *   table, so that one that nobody takes makes it forget no lease
 * - `bound`: acknowledged
 * - `released`: given back; remembered so that the client gets it again
 * - `declined`: a client found it in use by another host; nobody gets it before `expiresAt`
 */
export type LeaseState = 'offered' | 'bound' | 'released' | 'declined';

/** One address and who has it. Replaced as a whole, never changed in place. */
export interface Lease {
  readonly address: Ipv4Address;
  readonly state: LeaseState;
  /** Who the client is: see `clientKey` (RFC 2131 4.2, RFC 6842). */
  readonly clientKey: string;
  /** `chaddr` of the client, as it came. */
  readonly hardwareAddress: Uint8Array;
  /** Option 61 when the client sent it. */
  readonly clientIdentifier: Uint8Array | undefined;
  /** Cleaned and made unique; empty when there is none. */
  readonly hostName: string;
  /** Set by a person, stronger than {@link hostName}; empty when there is none. */
  readonly hostNameOverride: string;
  /** End of this state in monotonic milliseconds; Infinity for a reservation. */
  readonly expiresAt: number;
  /** The last DHCPACK, monotonic milliseconds. */
  readonly lastAckAt: number;
}

/**
 * Where a server keeps its leases. Both look-ups are exact; nothing here decides.
 *
 * An implementation that writes to disk records every `put` and `delete` of a lease whose state is not `offered`, in
 * order, and the transport holds back each output marked `durable` until those records are safe.
 */
export interface LeaseTable {
  /** Number of leases in any state. */
  readonly size: number;
  /** The lease of an address ({@link Ipv4Address.value}). */
  byAddress(address: number): Lease | undefined;
  /** The lease of a client. A client has at most one per table. */
  byClient(clientKey: string): Lease | undefined;
  /** Stores a lease in place of what its address or its client had before. */
  put(lease: Lease): void;
  /**
   * Tells that a client was offered what it has already, and will ask for it most likely: a table on disk may make that safe
   * ahead of its request, when it has nothing else to do. Nobody has been promised anything yet, and `byAddress` and
   * `byClient` go on telling of the lease as it is. Absent when nothing is done ahead.
   *
   * @param lease as it is in the table
   * @param expiresAt what it will be prolonged to, or a little earlier; monotonic milliseconds
   * @param now monotonic milliseconds
   */
  foresee?(lease: Lease, expiresAt: number, now: number): void;
  /** Forgets the lease of an address. */
  delete(address: number): void;
  /** All leases, in no particular order. */
  values(): IterableIterator<Lease>;
}
