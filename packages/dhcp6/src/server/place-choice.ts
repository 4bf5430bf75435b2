import type { LifetimePrefix } from './config.ts';
import type { Exchange } from './exchange.ts';
import type { Association } from './incoming.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Lease } from './lease-table.ts';
import { hostOf, slotCount, slotOf } from './lease-values.ts';
import { stillValid } from './link.ts';
import type { ServerContext } from './server-context.ts';
import type { SlotSpace } from './slot-space.ts';

/** What an association is to have. */
export interface Place {
  readonly slot: number;
  readonly length: number;
  /** The prefixes of the link, or the delegations, in which the slot is. */
  readonly prefixes: readonly LifetimePrefix[];
}

/**
 * What an association of a client gets, or undefined when there is nothing for it. In order:
 *
 * 1. the host part that is reserved for it;
 * 2. what it has or had;
 * 3. what it asks for, if nobody has it: so a client keeps its address over the loss of our table;
 * 4. the first that is free from a point on that depends on who it is, and on a secret (row D6S-02);
 * 5. what has been nobody's longest.
 *
 * Each step takes the same time however many leases there are, but for prefixes of which others have parts.
 */
export function choosePlace(
  server: ServerContext,
  exchange: Exchange,
  association: Association,
  key: string,
  now: number,
): Place | undefined {
  return association.kind === 'address'
    ? chooseAddress(server, exchange, association, key, now)
    : choosePrefix(server, exchange, association, key, now);
}

function chooseAddress(
  { leases, places }: ServerContext,
  { link, duid }: Exchange,
  { addresses }: Association,
  key: string,
  now: number,
): Place | undefined {
  const prefixes = link.config.addresses ? stillValid(link.config.prefixes, now) : [];
  if (prefixes.length === 0) return undefined;
  const { hosts } = link;
  const at = (slot: number): Place => ({ slot, length: 128, prefixes });
  const reserved = link.reservedFor(duid, key);
  if (reserved !== undefined && isAvailable(leases, hosts, reserved, key)) return at(reserved);
  const lease = leases.of(key);
  if (lease !== undefined && isOwnPlace(leases, hosts, lease, link.config.name)) return at(lease.slot);
  for (const address of addresses) {
    for (const { prefix } of prefixes) {
      const host = prefix.contains(address) ? hostOf(prefix, address) : undefined;
      if (host !== undefined && hosts.isFree(host, 1)) return at(host);
    }
  }
  const slot = hosts.nextFree(1, places.startFor(key, hosts.size)) ?? hosts.oldestEnded?.slot;
  return slot === undefined ? undefined : at(slot);
}

function choosePrefix(
  { leases, links, config }: ServerContext,
  { link }: Exchange,
  { prefixes: wishes }: Association,
  key: string,
  now: number,
): Place | undefined {
  const delegations = link.config.delegates ? stillValid(links.delegations, now) : [];
  if (delegations.length === 0) return undefined;
  const space = links.delegated;
  const shortest = Math.max(config.shortestPrefixLength, delegations[0]?.prefix.length ?? 64);
  const at = (slot: number, length: number): Place | undefined => {
    const end = slot + slotCount(length);
    const hasRoom = ({ prefix }: LifetimePrefix): boolean => end <= 2 ** (64 - prefix.length);
    const prefixes = delegations.every(hasRoom) ? delegations : delegations.filter(hasRoom);
    return prefixes.length === 0 ? undefined : { slot, length, prefixes };
  };
  const wish = wishes.find(({ length }) => length > 0);
  const wanted = Math.min(Math.max(wish?.length ?? config.prefixLength, shortest), 64);
  const lease = leases.of(key);
  // A client that asks for another length than it had wants that one.
  const own = lease !== undefined && isOwnPlace(leases, space, lease, undefined) ? lease : undefined;
  if (own !== undefined && (wish === undefined || own.length === wanted)) return at(own.slot, own.length);
  for (const prefix of wishes) {
    if (prefix.length < shortest || prefix.length > 64) continue;
    for (const { prefix: delegation } of delegations) {
      const slot = slotOf(delegation, prefix);
      if (slot !== undefined && space.isFree(slot, slotCount(prefix.length))) return at(slot, prefix.length);
    }
  }
  // Behind the middle first: links of the home that are still to come take the first numbers (LPD-3).
  const start = space.size >>> 1;
  for (let length = wanted; length <= 64; length++) {
    // There is nothing as large as it wishes: it is not renumbered each time that it says so.
    if (own?.length === length) return at(own.slot, length);
    const slot = space.nextFree(slotCount(length), start);
    if (slot !== undefined) return at(slot, length);
    const oldest = space.oldestEnded;
    if (oldest !== undefined && oldest.length <= length) return at(oldest.slot, length);
  }
  return undefined;
}

/** Whether nobody else has a slot. */
function isAvailable(leases: LeaseBook, space: SlotSpace, slot: number, key: string): boolean {
  const lease = leases.at(space, slot);
  return lease === undefined || lease.key === key || !leases.isLive(lease);
}

/** Whether a lease is where it was, and the settings let its client have that place. @param link undefined for prefixes */
function isOwnPlace(leases: LeaseBook, space: SlotSpace, lease: Lease, link: string | undefined): boolean {
  if (link !== undefined && lease.link !== link) return false;
  return leases.at(space, lease.slot)?.key === lease.key && space.isDynamic(lease.slot, slotCount(lease.length));
}
