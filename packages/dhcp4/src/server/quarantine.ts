import { OldestFirst } from '@router7/wire';
import { identifierKey } from './client-key.ts';
import type { Lease } from './lease-table.ts';

/** How many addresses one hardware address may have in quarantine at the same time. */
const MAXIMUM_PER_CLIENT = 4;

/**
 * The addresses of one subnet that were found in use by strangers, with limits on how many there can be.
 *
 * A DHCPDECLINE costs its sender nothing and takes an address away from everybody for a day, so a hostile host could
 * empty a pool with a few hundred datagrams. Two limits stand against that: one client has at most
 * {@link MAXIMUM_PER_CLIENT} addresses in here, and all clients together at most a quarter of the pool; beyond that the
 * one that has been in here longest is let out for each one that comes in.
 */
export class Quarantine {
  readonly #declined = new OldestFirst<Lease>();
  readonly #countByHardware = new Map<string, number>();
  readonly #limit: number;

  /** @param poolSize addresses of the subnet's pools */
  constructor(poolSize: number) {
    this.#limit = Math.max(1, Math.floor(poolSize / 4));
  }

  get size(): number {
    return this.#declined.size;
  }

  /** Whether this client has had its share. */
  isExhaustedBy(hardwareAddress: Uint8Array): boolean {
    return (this.#countByHardware.get(identifierKey(hardwareAddress)) ?? 0) >= MAXIMUM_PER_CLIENT;
  }

  /** The one to let out, if there are more than there should be. */
  get surplus(): Lease | undefined {
    return this.#declined.size > this.#limit ? this.#declined.oldest : undefined;
  }

  add(lease: Lease): void {
    this.delete(lease.address.value);
    this.#declined.add(lease.address.value, lease);
    this.#count(lease, 1);
  }

  delete(address: number): void {
    const lease = this.#declined.delete(address);
    if (lease !== undefined) this.#count(lease, -1);
  }

  #count(lease: Lease, change: number): void {
    // Addresses that a probe found in use were declined by nobody.
    if (lease.hardwareAddress.length === 0) return;
    const key = identifierKey(lease.hardwareAddress);
    const count = (this.#countByHardware.get(key) ?? 0) + change;
    if (count > 0) this.#countByHardware.set(key, count);
    else this.#countByHardware.delete(key);
  }
}
