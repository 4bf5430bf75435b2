import type { Ipv6Address, Ipv6Prefix } from '@router7/wire';

/**
 * - `bound`: the client has it
 * - `released`: given back; remembered so that the client gets it again
 * - `declined`: a client found the address in use by another host; nobody gets it before `expiresAt`
 */
export type LeaseState = 'bound' | 'released' | 'declined';

/**
 * What one identity association of a client has. Replaced as a whole; in place only {@link LeaseTable.prolong} changes it.
 *
 * It is a number, not an address: the host part, which is the same in every prefix of the link, or the place of the
 * delegated prefix, which is the same in every prefix that this router has. So it outlives a renumbering.
 */
export interface Lease {
  readonly kind: 'address' | 'prefix';
  /** Name of the link that the client is on. */
  readonly link: string;
  /** The host part of the addresses; of prefixes the number of the first /64, counted from the beginning of each delegation. */
  readonly slot: number;
  /** 128 for addresses, the length of delegated prefixes otherwise. */
  readonly length: number;
  readonly state: LeaseState;
  /** See `leaseKey`. */
  readonly key: string;
  readonly duid: Uint8Array;
  readonly iaid: number;
  /** The prefixes of the link, or delegations, in which the client was last told that it has its slot. */
  readonly given: readonly Ipv6Prefix[];
  /** Where the client's, or its relay agent's, messages come from: the next hop of what was delegated. */
  readonly peer: Ipv6Address;
  /** Of RFC 9915 section 20.4; undefined for clients that do not accept Reconfigure. */
  readonly reconfigureKey: Uint8Array | undefined;
  /** End of this state in monotonic milliseconds: the last valid lifetime that the client was told. */
  readonly expiresAt: number;
  /** The last Reply, monotonic milliseconds. */
  readonly lastReplyAt: number;
}

/**
 * Where a server keeps its leases. The look-up is exact; nothing here decides.
 *
 * An implementation that writes to disk records every `put`, `prolong` and `delete` in order, and the transport holds back
 * each output marked `durable` until those records are safe.
 */
export interface LeaseTable {
  /** Number of leases in any state. */
  readonly size: number;
  get(key: string): Lease | undefined;
  /** Stores a lease in place of what is under its key. */
  put(lease: Lease): void;
  /**
   * Changes the times of a lease that is in the table, in place: nearly all that a server does, and a lease that is made anew
   * each time is looked up and put away in as many places as know it, and is the garbage collector's work.
   */
  prolong(lease: Lease, expiresAt: number, lastReplyAt: number): void;
  /** Forgets the lease of a key. */
  delete(key: string): void;
  /** All leases, in no particular order. */
  values(): IterableIterator<Lease>;
}

/** A lease table that forgets everything with its process. */
export class MemoryLeaseTable implements LeaseTable {
  readonly #leases = new Map<string, Lease>();

  /** @param leases what is in the table at first; of two with one key the later one stays */
  constructor(leases: Iterable<Lease> = []) {
    for (const lease of leases) this.put(lease);
  }

  get size(): number {
    return this.#leases.size;
  }

  get(key: string): Lease | undefined {
    return this.#leases.get(key);
  }

  put(lease: Lease): void {
    this.#leases.set(lease.key, lease);
  }

  prolong(lease: Lease, expiresAt: number, lastReplyAt: number): void {
    const times: { -readonly [K in 'expiresAt' | 'lastReplyAt']: Lease[K] } = lease;
    times.expiresAt = expiresAt;
    times.lastReplyAt = lastReplyAt;
  }

  delete(key: string): void {
    this.#leases.delete(key);
  }

  values(): IterableIterator<Lease> {
    return this.#leases.values();
  }
}
