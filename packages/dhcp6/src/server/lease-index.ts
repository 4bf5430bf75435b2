import { mix } from '@router7/wire';
import type { Lease } from './lease-table.ts';

/** No place has this number. */
const NOTHING = 0xffff_ffff;
const SMALLEST = 256;
/** Entries that are looked through for one lease. */
const WINDOW = 8;
/** What tells the kinds of one client's associations apart. */
const KIND: { readonly [K in Lease['kind']]: number } = { address: 1, prefix: 2 };

/** A hash of whom a lease is for. @param from where the client's DUID begins in the octets, up to `to` */
export function leaseHash(kind: Lease['kind'], iaid: number, octets: Uint8Array, from: number, to: number): number {
  let hash = mix(iaid, KIND[kind]);
  for (let at = from; at < to; at++) hash = mix(hash, octets[at] as number);
  return hash ^ (hash >>> 15);
}

/**
 * Where leases are, by a hash of whom they are for: so that a client's lease is found by the octets of its message, without
 * a text being made of them, looked for among all texts of the process and then in a `Map`.
 *
 * It has nearly all leases. What finds no room near its place is left out, and found the long way: octets that somebody
 * makes up so that their hashes are equal do nothing worse.
 */
export class LeaseIndex {
  #hashes = new Int32Array(SMALLEST + WINDOW);
  #places = new Uint32Array(SMALLEST + WINDOW).fill(NOTHING);
  #size = 0;

  /** Adds a lease's place, a number of 32 bits but for the last one. */
  add(hash: number, place: number): void {
    if (2 * ++this.#size > this.#places.length) this.#grow();
    this.#put(hash, place);
  }

  delete(hash: number, place: number): void {
    this.#size--;
    const start = this.#startOf(hash);
    for (let at = start; at < start + WINDOW; at++) if (this.#places[at] === place) this.#places[at] = NOTHING;
  }

  /** The entry behind `at` that may be of the lease with this hash; -1 when there is none. @param at -1 at first */
  next(hash: number, at: number): number {
    const start = this.#startOf(hash);
    for (let each = at < 0 ? start : at + 1; each < start + WINDOW; each++) {
      if (this.#hashes[each] === hash && this.#places[each] !== NOTHING) return each;
    }
    return -1;
  }

  /** The place of an entry. */
  placeAt(at: number): number {
    return this.#places[at] as number;
  }

  #startOf(hash: number): number {
    return hash & (this.#places.length - WINDOW - 1);
  }

  #put(hash: number, place: number): void {
    const start = this.#startOf(hash);
    for (let at = start; at < start + WINDOW; at++) {
      if (this.#places[at] !== NOTHING) continue;
      this.#places[at] = place;
      this.#hashes[at] = hash;
      return;
    }
  }

  #grow(): void {
    const [hashes, places] = [this.#hashes, this.#places];
    const size = 2 * (places.length - WINDOW) + WINDOW;
    this.#hashes = new Int32Array(size);
    this.#places = new Uint32Array(size).fill(NOTHING);
    for (const [at, place] of places.entries()) if (place !== NOTHING) this.#put(hashes[at] as number, place);
  }
}
