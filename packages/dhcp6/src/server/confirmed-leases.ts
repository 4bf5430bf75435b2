import type { Lease } from './lease-table.ts';

/** A lease in the chain. */
interface Link {
  lease: Lease;
  /** When it was confirmed, as of when it was put where it is; later ones do not move it. */
  confirmedAt: number;
  older: Link | undefined;
  newer: Link | undefined;
}

/**
 * Leases of one space by slot, and which of them was confirmed longest ago.
 *
 * Nearly all that happens is that a lease is confirmed, and hardly ever does anyone ask for the oldest one. So a lease stays
 * where it was put, and is moved only when it has come to the front and turns out to have been confirmed since: what is in
 * front and has not been is the oldest, as all others were confirmed no earlier than they were put behind it.
 */
export class ConfirmedLeases {
  readonly #links = new Map<number, Link>();
  #oldest: Link | undefined;
  #newest: Link | undefined;

  get size(): number {
    return this.#links.size;
  }

  /** Adds a lease that has just been confirmed, or comes from an earlier server. */
  add(lease: Lease): void {
    this.delete(lease.slot);
    const confirmedAt = Math.max(lease.lastReplyAt, this.#newest?.confirmedAt ?? -Infinity);
    const link = { lease, confirmedAt, older: undefined, newer: undefined };
    this.#links.set(lease.slot, link);
    this.#insert(link, this.#newest);
  }

  /** Puts a lease that has just been confirmed in the place of the one at its slot, if there is one. */
  replace(lease: Lease): void {
    const link = this.#links.get(lease.slot);
    if (link !== undefined) link.lease = lease;
  }

  /** @returns the lease that went, if there was one at the slot */
  delete(slot: number): Lease | undefined {
    const link = this.#links.get(slot);
    if (link === undefined) return undefined;
    this.#links.delete(slot);
    this.#takeOut(link);
    return link.lease;
  }

  /** The lease that was confirmed longest ago; of several at the same time the one that was added first. */
  findOldest(): Lease | undefined {
    const moved: Link[] = [];
    for (let link = this.#oldest; link !== undefined; link = this.#oldest) {
      if (link.lease.lastReplyAt <= link.confirmedAt) break;
      link.confirmedAt = link.lease.lastReplyAt;
      this.#takeOut(link);
      moved.push(link);
    }
    // From the newest on, so that one walk finds the places of all of them.
    moved.sort((a, b) => a.confirmedAt - b.confirmedAt);
    let older = this.#newest;
    for (let link = moved.pop(); link !== undefined; link = moved.pop()) {
      // Before those of the same time, too: the one that was added just now is to stay.
      while (older !== undefined && older.confirmedAt >= link.confirmedAt) older = older.older;
      this.#insert(link, older);
    }
    return this.#oldest?.lease;
  }

  /** @param older what it comes behind; undefined when it is the oldest */
  #insert(link: Link, older: Link | undefined): void {
    const newer = older === undefined ? this.#oldest : older.newer;
    link.older = older;
    link.newer = newer;
    if (older === undefined) this.#oldest = link;
    else older.newer = link;
    if (newer === undefined) this.#newest = link;
    else newer.older = link;
  }

  #takeOut(link: Link): void {
    if (link.older === undefined) this.#oldest = link.newer;
    else link.older.newer = link.newer;
    if (link.newer === undefined) this.#newest = link.older;
    else link.newer.older = link.older;
  }
}
