import { NumberMap } from '@router7/wire';
import type { Lease, LeaseTable } from './lease-table.ts';

/** Where a lease is kept. Both ways to find it lead here, so that replacing it by its renewal changes one thing. */
interface Slot {
  lease: Lease;
}

/** A lease table that forgets everything with its process. */
export class MemoryLeaseTable implements LeaseTable {
  readonly #byAddress = new NumberMap<Slot>();
  readonly #byClient = new Map<string, Slot>();

  /** @param leases what is in the table at first; of two with one address or one client the later one stays */
  constructor(leases: Iterable<Lease> = []) {
    for (const lease of leases) this.put(lease);
  }

  get size(): number {
    return this.#byAddress.size;
  }

  byAddress(address: number): Lease | undefined {
    return this.#byAddress.get(address)?.lease;
  }

  byClient(clientKey: string): Lease | undefined {
    return this.#byClient.get(clientKey)?.lease;
  }

  put(lease: Lease): void {
    const address = lease.address.value;
    const there = this.#byAddress.get(address);
    if (there !== undefined && there.lease.clientKey === lease.clientKey) {
      there.lease = lease;
      return;
    }
    if (there !== undefined) this.#byClient.delete(there.lease.clientKey);
    const elsewhere = this.#byClient.get(lease.clientKey);
    if (elsewhere !== undefined) this.#byAddress.delete(elsewhere.lease.address.value);
    const slot: Slot = { lease };
    this.#byAddress.set(address, slot);
    this.#byClient.set(lease.clientKey, slot);
  }

  delete(address: number): void {
    const slot = this.#byAddress.get(address);
    if (slot === undefined) return;
    this.#byAddress.delete(address);
    this.#byClient.delete(slot.lease.clientKey);
  }

  *values(): Generator<Lease, undefined> {
    for (const { lease } of this.#byAddress.values()) yield lease;
  }
}
