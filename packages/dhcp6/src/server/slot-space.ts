import { NumberPool, OldestFirst } from '@router7/wire';
import type { Lease } from './lease-table.ts';

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
  /** Leases that have ended: slots for when no other is left, the one that ended first coming first. */
  readonly ended: OldestFirst<Lease> = new OldestFirst<Lease>();
  readonly quarantine: OldestFirst<Lease> = new OldestFirst<Lease>();
  readonly #free: NumberPool;
  readonly #kept = new Set<number>();

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

  /** Keeps a slot from being given to just anyone. */
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
