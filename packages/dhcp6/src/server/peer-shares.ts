import type { Ipv6Address } from '@router7/wire';
import { ConfirmedLeases } from './confirmed-leases.ts';
import type { Lease } from './lease-table.ts';
import { slotCount } from './lease-values.ts';

/** How much of a space one neighbour may have: a quarter. */
const SHARE = 4;
/** What it may have of however small a space: the associations of one message. */
const LEAST_LEASES = 8;

/** What the messages of one neighbour have got. */
interface Holding {
  readonly leases: ConfirmedLeases;
  slots: number;
}

/**
 * The leases of one space by the neighbour that their clients' messages come from: a host, or a relay agent.
 *
 * A DUID costs its sender nothing, so what is limited is not the client but who speaks for it.
 */
export class PeerShares {
  readonly #byPeer = new Map<string, Holding>();
  /** The neighbour that was looked up last: to find one costs more than all the rest. */
  #peer: Ipv6Address | undefined;
  #holding: Holding | undefined;

  /** Adds a lease that has just been confirmed. What is in quarantine is nobody's. */
  add(lease: Lease): void {
    if (lease.state === 'declined') return;
    let holding = this.#of(lease.peer);
    if (holding === undefined) {
      holding = { leases: new ConfirmedLeases(), slots: 0 };
      this.#byPeer.set(keyOf(lease.peer), holding);
      this.#holding = holding;
    }
    holding.leases.add(lease);
    holding.slots += slotCount(lease.length);
  }

  /** Takes a lease away, as it was added. @returns whether it was there */
  delete({ peer, slot }: Lease): boolean {
    const holding = this.#of(peer);
    const lease = holding?.leases.delete(slot);
    if (holding === undefined || lease === undefined) return false;
    holding.slots -= slotCount(lease.length);
    if (holding.leases.size === 0) {
      this.#byPeer.delete(keyOf(peer));
      this.#holding = undefined;
    }
    return true;
  }

  /** Puts a lease in the place of what it was before. One that was only prolonged is there already. */
  replace(before: Lease, lease: Lease): void {
    if (
      before.peer.equals(lease.peer) &&
      lease.state !== 'declined' &&
      before.slot === lease.slot &&
      before.length === lease.length
    ) {
      this.#of(before.peer)?.leases.replace(lease);
      return;
    }
    if (this.delete(before)) this.add(lease);
  }

  /**
   * What a neighbour has too much: the lease that was confirmed longest ago.
   *
   * @param size slots of the whole space
   * @param most leases that a neighbour may have of however large a space
   */
  surplusOf(peer: Ipv6Address, size: number, most: number): Lease | undefined {
    const holding = this.#of(peer);
    if (holding === undefined) return undefined;
    const { leases, slots } = holding;
    const isTooMuch = leases.size > most || (leases.size > LEAST_LEASES && slots > size / SHARE);
    return isTooMuch ? leases.findOldest() : undefined;
  }

  #of(peer: Ipv6Address): Holding | undefined {
    if (this.#peer?.equals(peer) === true) return this.#holding;
    this.#peer = peer;
    this.#holding = this.#byPeer.get(keyOf(peer));
    return this.#holding;
  }
}

function keyOf({ word0, word1, word2, word3 }: Ipv6Address): string {
  return String.fromCharCode(
    word0 >>> 16,
    word0 & 0xffff,
    word1 >>> 16,
    word1 & 0xffff,
    word2 >>> 16,
    word2 & 0xffff,
    word3 >>> 16,
    word3 & 0xffff,
  );
}
