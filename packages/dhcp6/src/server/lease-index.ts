import { mix } from '@router7/wire';
import type { Lease } from './lease-table.ts';

const SMALLEST = 256;
/** Entries that are looked through for one lease. */
const WINDOW = 16;

/** A hash of a client's DUID. @param from where it begins in the octets, up to `to` */
export function clientHash(octets: Uint8Array, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at++) hash = mix(hash, octets[at] as number);
  return hash;
}

/** A hash of whom a lease is for. @param client {@link clientHash} of the client's DUID */
export function leaseHash(client: number, kind: Lease['kind'], iaid: number): number {
  const hash = mix(mix(client, iaid), kind === 'address' ? 1 : 2);
  return hash ^ (hash >>> 15);
}

/**
 * Leases by a hash of whom they are for: so that a client's lease is found by the octets of its message, without a text being
 * made of them, looked for among all texts of the process and then in a `Map`.
 *
 * It has nearly all leases. What finds no room near its place is left out, and found the long way: octets that somebody
 * makes up so that their hashes are equal do nothing worse.
 */
export class LeaseIndex {
  #hashes = new Int32Array(SMALLEST + WINDOW);
  #leases = new Array<Lease | undefined>(SMALLEST + WINDOW).fill(undefined);
  #size = 0;

  add(hash: number, lease: Lease): void {
    if (2 * ++this.#size > this.#leases.length) this.#grow();
    this.#put(hash, lease);
  }

  delete(hash: number, lease: Lease): void {
    this.#size--;
    const at = this.#find(hash, lease);
    if (at >= 0) this.#leases[at] = undefined;
  }

  /** The number of the entry behind `at` that may be of the lease with this hash; -1 when there is none. @param at -1 at first */
  next(hash: number, at: number): number {
    const start = this.#startOf(hash);
    for (let each = at < 0 ? start : at + 1; each < start + WINDOW; each++) {
      if (this.#hashes[each] === hash && this.#leases[each] !== undefined) return each;
    }
    return -1;
  }

  /** The lease of an entry that {@link LeaseIndex.next} has given. */
  leaseAt(at: number): Lease {
    return this.#leases[at] as Lease;
  }

  /** Puts a lease in the place of what it was before. */
  replace(hash: number, before: Lease, lease: Lease): void {
    const at = this.#find(hash, before);
    if (at >= 0) this.#leases[at] = lease;
  }

  /** The number of a lease's entry; -1 when it was left out. */
  #find(hash: number, lease: Lease): number {
    let at = this.next(hash, -1);
    while (at >= 0 && this.#leases[at] !== lease) at = this.next(hash, at);
    return at;
  }

  #startOf(hash: number): number {
    return hash & (this.#leases.length - WINDOW - 1);
  }

  #put(hash: number, lease: Lease): void {
    const start = this.#startOf(hash);
    for (let at = start; at < start + WINDOW; at++) {
      if (this.#leases[at] !== undefined) continue;
      this.#leases[at] = lease;
      this.#hashes[at] = hash;
      return;
    }
  }

  #grow(): void {
    const [hashes, leases] = [this.#hashes, this.#leases];
    const size = 2 * (leases.length - WINDOW) + WINDOW;
    this.#hashes = new Int32Array(size);
    this.#leases = new Array<Lease | undefined>(size).fill(undefined);
    for (const [at, lease] of leases.entries()) if (lease !== undefined) this.#put(hashes[at] as number, lease);
  }
}
