import { NumberPool, OldestFirst } from '@router7/wire';
import type { Lease } from './lease-table.ts';
import { slotCount } from './lease-values.ts';
import { PeerShares } from './peer-shares.ts';

/**
 * The slots of one link, or of what can be delegated, and who has them. The book keeps it up to date.
 *
 * Slots below {@link first} or behind {@link last} can be had too, but by a reservation only.
 */
export class SlotSpace {
  /** Which of the book's spaces it is. */
  readonly index: number;
  readonly first: number;
  readonly last: number;
  readonly quarantine: OldestFirst<Lease> = new OldestFirst<Lease>();
  readonly peers: PeerShares = new PeerShares();
  readonly #free: NumberPool;
  readonly #kept = new Set<number>();
  /** Leases that have ended: at slots that are given to anyone, and at those that are not. */
  readonly #ended: OldestFirst<Lease> = new OldestFirst<Lease>();
  readonly #endedApart = new Map<number, Lease>();

  /** @param last none when it is below `first` */
  constructor(index: number, first: number, last: number) {
    this.index = index;
    this.first = first;
    this.last = last;
    this.#free = new NumberPool(Math.max(last - first + 1, 0));
  }

  get size(): number {
    return this.#free.size;
  }

  /** The lease that ended first: its place is for when no other is left. None whose place is kept, or out of the range. */
  get oldestEnded(): Lease | undefined {
    return this.#ended.oldest;
  }

  /** Remembers that a lease has ended. */
  addEnded(lease: Lease): void {
    if (this.isDynamic(lease.slot, slotCount(lease.length))) this.#ended.add(lease.slot, lease);
    else this.#endedApart.set(lease.slot, lease);
  }

  /** Forgets a lease that has ended. @returns whether there was one at the slot */
  deleteEnded(slot: number): boolean {
    return this.#endedApart.delete(slot) || this.#ended.delete(slot) !== undefined;
  }

  /** Keeps a slot from being given to just anyone. Only before the first lease. */
  keep(slot: number): void {
    this.#kept.add(slot);
    this.setFree(slot, 1, false);
  }

  /** Whether all these slots are given to anyone who asks. */
  isDynamic(slot: number, count: number): boolean {
    if (slot < this.first || slot + count - 1 > this.last) return false;
    if (this.#kept.size === 0) return true;
    for (let each = slot; each < slot + count; each++) if (this.#kept.has(each)) return false;
    return true;
  }

  /** Whether all these slots are given to anyone who asks, and nobody has any of them. */
  isFree(slot: number, count: number): boolean {
    if (slot < this.first || slot + count - 1 > this.last) return false;
    for (let each = slot; each < slot + count; each++) if (!this.#free.isFree(each - this.first)) return false;
    return true;
  }

  /** Marks slots; those outside of the range are passed over, and those that are kept are not free ever. */
  setFree(slot: number, count: number, free: boolean): void {
    const from = Math.max(slot, this.first);
    const to = Math.min(slot + count - 1, this.last);
    for (let each = from; each <= to; each++) {
      if (!free || !this.#kept.has(each)) this.#free.setFree(each - this.first, free);
    }
  }

  /**
   * The first run of so many free slots from number `start` of the range on that begins at a multiple of its length,
   * going round at the end; undefined when there is none.
   */
  nextFree(count: number, start: number): number | undefined {
    if (this.size === 0) return undefined;
    if (count === 1) {
      const found = this.#free.nextFree(start);
      return found === -1 ? undefined : this.first + found;
    }
    return this.#nextRun(count, start, this.size) ?? this.#nextRun(count, 0, start + count);
  }

  #nextRun(count: number, from: number, to: number): number | undefined {
    const end = Math.min(to, this.size);
    let at = Math.ceil(from / count) * count;
    while (at + count <= end) {
      let each = at + count - 1;
      while (each >= at && this.#free.isFree(each)) each--;
      if (each < at) return this.first + at;
      // Nothing of a run that holds a slot that is taken; the next free one begins a later run at the earliest.
      const next = this.#free.nextFree(Math.min(each + 1, this.size - 1));
      if (next <= each) return undefined;
      at = Math.ceil(next / count) * count;
    }
    return undefined;
  }
}
