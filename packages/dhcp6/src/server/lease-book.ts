import { ExpiryQueue, NumberMap } from '@router7/wire';
import { clientHash, LeaseIndex, leaseHash } from './lease-index.ts';
import type { Lease, LeaseTable } from './lease-table.ts';
import { slotCount } from './lease-values.ts';
import type { Links } from './link.ts';
import { areAt } from './plain-message.ts';
import type { SlotSpace } from './slot-space.ts';

/** How much of a space may be in quarantine: a quarter. A Decline costs its sender nothing. */
const QUARANTINED = 4;
/** How long a lease is remembered whose link or place is gone, milliseconds: a month. */
const FORGET_AFTER_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The lease table with everything that has to change together with it: which slots are free, which leases end next, and
 * which have ended.
 *
 * An offer is not written down anywhere: a client's place follows from who it is and from what is free, so a flood of
 * Solicits leaves no trace. Two clients that are offered one address at the same moment get it and another one.
 */
export class LeaseBook {
  readonly #table: LeaseTable;
  readonly #links: Links;
  readonly #bySlot = new NumberMap<Lease>();
  readonly #index = new LeaseIndex();
  readonly #expiry = new ExpiryQueue();
  #now = -Infinity;
  #active = 0;

  /** Takes over what is in the table. Leases that have ended before the first {@link advance} are not told. */
  constructor(table: LeaseTable, links: Links) {
    this.#table = table;
    this.#links = links;
    // The one that was released first is to be the first one that another client gets.
    for (const lease of [...table.values()].sort((a, b) => a.expiresAt - b.expiresAt)) {
      // Of two at one place the one that lasts longer is there: a link of the home took the place away and gave it back,
      // or somebody has edited the table.
      const space = links.spaceOf(lease);
      if (space !== undefined) for (const other of this.#overlapping(space, lease)) this.forget(other);
      this.#enter(lease);
    }
  }

  /** Leases that are in force now. */
  get active(): number {
    return this.#active;
  }

  /** When something ends next, a lease or a quarantine, or earlier. */
  get nextEnd(): number | undefined {
    return this.#expiry.soonest;
  }

  /** Moves the time on. What has ended is for {@link takeExpired}. */
  advance(now: number): void {
    const isFirst = this.#now === -Infinity;
    if (now > this.#now) this.#now = now;
    if (!isFirst) return;
    // What ended before this server began is no news: it would be told again at each restart.
    while (this.takeExpired() !== undefined);
    // Of links and places that are not there now, what has ended long ago: they may never come back.
    for (const lease of [...this.#table.values()]) {
      if (this.#links.spaceOf(lease) === undefined && lease.expiresAt < now - FORGET_AFTER_MS) this.forget(lease);
    }
  }

  /** A lease whose time is over, one at a time. A quarantine that is over leaves a free address, and is not told. */
  takeExpired(): Lease | undefined {
    for (let due = this.#expiry.takeDue(this.#now); due !== undefined; due = this.#expiry.takeDue(this.#now)) {
      const lease = this.#bySlot.get(due);
      if (lease !== undefined && lease.expiresAt > this.#now) {
        // It was prolonged since.
        this.#expiry.schedule(due, lease.expiresAt);
      } else if (lease?.state === 'declined') {
        this.forget(lease);
      } else if (lease !== undefined) {
        this.#active--;
        this.#links.spaceOf(lease)?.addEnded(lease);
        return lease;
      }
    }
    return undefined;
  }

  of(key: string): Lease | undefined {
    return this.#table.get(key);
  }

  /**
   * The lease of an association of the client whose DUID lies there; undefined when there is no short way to it, which there
   * nearly always is.
   *
   * @param client `clientHash` of the DUID
   */
  find(
    client: number,
    kind: Lease['kind'],
    iaid: number,
    octets: Uint8Array,
    from: number,
    to: number,
  ): Lease | undefined {
    const index = this.#index;
    const hash = leaseHash(client, kind, iaid);
    for (let at = index.next(hash, -1); at >= 0; at = index.next(hash, at)) {
      const lease = index.leaseAt(at);
      if (lease.iaid === iaid && lease.kind === kind && areAt(lease.duid, octets, from, to)) return lease;
    }
    return undefined;
  }

  /** The lease that begins at a slot. */
  at(space: SlotSpace, slot: number): Lease | undefined {
    return this.#bySlot.get(placeOf(space, slot));
  }

  /** Whether a lease keeps others away. */
  isLive(lease: Lease): boolean {
    return lease.state !== 'released' && lease.expiresAt > this.#now;
  }

  values(): IterableIterator<Lease> {
    return this.#table.values();
  }

  /** Writes a lease in place of the one of its key and the one at its slot. */
  store(lease: Lease): void {
    const before = this.#table.get(lease.key);
    const space = this.#links.spaceOf(lease);
    if (before !== undefined && space !== undefined && this.#isRenewal(before, lease, space)) {
      this.#replace(before, lease, space);
      return;
    }
    if (before !== undefined) this.#leave(before);
    const there = space && this.at(space, lease.slot);
    if (there !== undefined && there.key !== lease.key) this.forget(there);
    this.#table.put(lease);
    this.#enter(lease);
    if (lease.state !== 'declined' || space === undefined) return;
    const limit = Math.max(1, Math.floor(space.size / QUARANTINED));
    const surplus = space.quarantine.size > limit ? space.quarantine.oldest : undefined;
    if (surplus !== undefined) this.forget(surplus);
  }

  /** Prolongs a lease of a space that {@link find} has found and that is in force. */
  prolong(space: SlotSpace, lease: Lease, expiresAt: number, lastReplyAt: number): void {
    const isSooner = expiresAt < lease.expiresAt;
    this.#table.prolong(lease, expiresAt, lastReplyAt);
    if (isSooner) this.#expiry.schedule(placeOf(space, lease.slot), expiresAt);
  }

  #replace(before: Lease, lease: Lease, space: SlotSpace): void {
    const place = placeOf(space, lease.slot);
    this.#table.put(lease);
    this.#bySlot.set(place, lease);
    this.#index.replace(hashOf(before), before, lease);
    space.peers.replace(before, lease);
    // One that is prolonged stays where it is, and is looked at again when that time has come.
    if (lease.expiresAt < before.expiresAt) this.#expiry.schedule(place, lease.expiresAt);
  }

  /** Whether a lease is there, and but for its times goes on as it is: nearly all that are stored. */
  #isRenewal(before: Lease, lease: Lease, space: SlotSpace): boolean {
    if (before.state !== 'bound' || lease.state !== 'bound' || !this.isLive(before) || !this.isLive(lease))
      return false;
    if (before.slot !== lease.slot || before.length !== lease.length || before.link !== lease.link) return false;
    return this.at(space, lease.slot) === before;
  }

  /**
   * Strikes out what the neighbour of a lease that was stored has too much now, one lease at a time: what was confirmed
   * longest ago. Others' leases stay, whatever it makes up.
   *
   * @param most leases of addresses, and of prefixes, that one neighbour may have
   */
  takeSurplus(stored: Lease, most: number): Lease | undefined {
    const space = this.#links.spaceOf(stored);
    const surplus = space?.peers.surplusOf(stored.peer, space.size, most);
    if (surplus !== undefined) this.forget(surplus);
    return surplus;
  }

  /** Strikes a lease out. */
  forget(lease: Lease): void {
    this.#leave(lease);
    this.#table.delete(lease.key);
  }

  /** Leases that have been entered and have a slot of this one. */
  #overlapping(space: SlotSpace, { kind, slot, length }: Lease): Lease[] {
    const there = this.at(space, slot);
    if (kind === 'address') return there === undefined ? [] : [there];
    const count = slotCount(length);
    if (space.isFree(slot, count)) return [];
    return [...this.#table.values()].filter((other) => {
      if (other.kind !== kind || this.at(space, other.slot) !== other) return false;
      return other.slot < slot + count && slot < other.slot + slotCount(other.length);
    });
  }

  #enter(lease: Lease): void {
    const space = this.#links.spaceOf(lease);
    // Of a link or a delegation that is not there now: remembered, for it may come back.
    if (space === undefined) return;
    const place = placeOf(space, lease.slot);
    const isLive = this.isLive(lease);
    this.#bySlot.set(place, lease);
    this.#index.add(hashOf(lease), lease);
    space.setFree(lease.slot, slotCount(lease.length), false);
    // What is reserved or out of the range now is not taken from others.
    if (space.isDynamic(lease.slot, slotCount(lease.length))) space.peers.add(lease);
    if (isLive) this.#expiry.schedule(place, lease.expiresAt);
    else space.addEnded(lease);
    if (lease.state === 'declined') space.quarantine.add(lease.slot, lease);
    else if (isLive) this.#active++;
  }

  #leave(lease: Lease): void {
    const space = this.#links.spaceOf(lease);
    if (space === undefined) return;
    const place = placeOf(space, lease.slot);
    const there = this.#bySlot.get(place);
    if (there?.key !== lease.key) return;
    this.#bySlot.delete(place);
    this.#index.delete(hashOf(there), there);
    space.setFree(lease.slot, slotCount(lease.length), true);
    space.quarantine.delete(lease.slot);
    space.peers.delete(lease);
    // Whether it was counted, not whether time is over: the end may be due and not taken yet.
    if (!space.deleteEnded(lease.slot) && lease.state !== 'declined') this.#active--;
    this.#expiry.cancel(place);
  }
}

function hashOf({ kind, iaid, duid }: Lease): number {
  return leaseHash(clientHash(duid, 0, duid.length), kind, iaid);
}

function placeOf(space: SlotSpace, slot: number): number {
  return ((space.index << 24) | slot) >>> 0;
}
