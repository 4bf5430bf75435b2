import type { Lease, LeaseTable } from './lease-table.ts';

/** A lease table that forgets everything with its process. */
export class MemoryLeaseTable implements LeaseTable {
  readonly #byAddress = new Map<number, Lease>();
  readonly #byClient = new Map<string, Lease>();

  /** @param leases what is in the table at first; of two with one address or one client the later one stays */
  constructor(leases: Iterable<Lease> = []) {
    for (const lease of leases) this.put(lease);
  }

  get size(): number {
    return this.#byAddress.size;
  }

  byAddress(address: number): Lease | undefined {
    return this.#byAddress.get(address);
  }

  byClient(clientKey: string): Lease | undefined {
    return this.#byClient.get(clientKey);
  }

  put(lease: Lease): void {
    const address = lease.address.value;
    const before = this.#byAddress.get(address);
    if (before !== undefined && before.clientKey !== lease.clientKey) this.#byClient.delete(before.clientKey);
    const elsewhere = this.#byClient.get(lease.clientKey);
    if (elsewhere !== undefined && elsewhere.address.value !== address) this.#byAddress.delete(elsewhere.address.value);
    this.#byAddress.set(address, lease);
    this.#byClient.set(lease.clientKey, lease);
  }

  delete(address: number): void {
    const lease = this.#byAddress.get(address);
    if (lease === undefined) return;
    this.#byAddress.delete(address);
    this.#byClient.delete(lease.clientKey);
  }

  values(): IterableIterator<Lease> {
    return this.#byAddress.values();
  }
}
