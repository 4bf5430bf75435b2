import type { Ipv6Prefix } from '@router7/wire';
import type { Delegation } from '../state/dhcp6-lease.ts';
import { MAX_SUBNET } from '../state/subnets.ts';
import { overlap, subnetOf, subnetsIn } from './prefix-space.ts';

/** A link and the number of its subnet. */
export interface NumberedLan {
  readonly lan: string;
  readonly id: number;
}

/** A prefix that is no link's to be had, or only one's. */
export interface Hole {
  readonly prefix: Ipv6Prefix;
  /** The link whose it is. */
  readonly lan: string | undefined;
}

/** A subnet of a delegation, and who gets it. */
export interface Assigned {
  readonly lan: string;
  readonly prefix: Ipv6Prefix;
  readonly delegation: Delegation;
}

/** What {@link allocate} finds. */
export interface Allocation {
  readonly assigned: readonly Assigned[];
  readonly remarks: readonly string[];
}

/**
 * Divides delegations among links. One that is large enough gives each link a subnet. Those that are not, such as several
 * of 64 bits, are put together: each link gets a subnet of one of them, as far as there are any (RFC 7084 L-2, RFC 9818
 * section 5.1 LPD-2). What comes in one IA belongs together: while a provider changes its prefix, the old and the new one are
 * for the same links.
 *
 * @param lans by ascending number
 */
export function allocate(
  lans: readonly NumberedLan[],
  delegations: readonly Delegation[],
  holes: readonly Hole[],
): Allocation {
  const remarks = delegations
    .filter(({ prefix }) => subnetsIn(prefix) === 0)
    .map(({ prefix }) => `delegated ${prefix}: expected 64 bits or fewer, no network can be made of it`);
  const groups = new Map<number, Delegation[]>();
  for (const delegation of delegations) {
    if (subnetsIn(delegation.prefix) === 0) continue;
    groups.set(delegation.iaid, [...(groups.get(delegation.iaid) ?? []), delegation]);
  }
  const assigned: Assigned[] = [];
  const served = new Set<string>();
  const small: [iaid: number, group: readonly Delegation[]][] = [];
  for (const [iaid, group] of [...groups].sort(([a], [b]) => a - b)) {
    const parts = group.map((delegation) => divide(delegation, lans, holes));
    if (!parts.some((part) => part.length === lans.length)) {
      small.push([iaid, group]);
      continue;
    }
    assigned.push(...parts.flat());
  }
  for (const [group, members] of share(small, lans, holes)) {
    assigned.push(...group.flatMap((delegation) => divide(delegation, members, holes)));
  }
  for (const { lan } of assigned) served.add(lan);
  const left = lans.filter(({ lan }) => !served.has(lan)).map(({ lan }) => lan);
  if (groups.size > 0 && left.length > 0) {
    const prefixes = [...groups.values()].flat().map(({ prefix }) => String(prefix));
    remarks.push(
      `delegated ${prefixes.join(' ')}: not enough for ${lans.length} networks, none of it for ${left.join(' ')}`,
    );
  }
  return { assigned, remarks };
}

/** Which links the small delegations are for: first the IAID that is a link's by its number, then what there is. */
function share(
  groups: readonly (readonly [iaid: number, group: readonly Delegation[]])[],
  lans: readonly NumberedLan[],
  holes: readonly Hole[],
): ReadonlyMap<readonly Delegation[], readonly NumberedLan[]> {
  const members = new Map<readonly Delegation[], readonly NumberedLan[]>();
  const waiting = new Set(lans);
  const join = (lan: NumberedLan, group: readonly Delegation[]): boolean => {
    const all = [...(members.get(group) ?? []), lan].sort((a, b) => a.id - b.id);
    if (!group.some((delegation) => divide(delegation, all, holes).length === all.length)) return false;
    members.set(group, all);
    return waiting.delete(lan);
  };
  // IAIDs count from 1, subnets from 0.
  for (const lan of lans) {
    const own = groups.find(([iaid]) => iaid === lan.id + 1);
    if (own !== undefined) join(lan, own[1]);
  }
  for (const lan of [...waiting]) groups.some(([, group]) => join(lan, group));
  return members;
}

/**
 * Subnets of one delegation. Each link has the one with its number; those whose number is not to be had get one from the
 * upper end, where no new link's number is soon to be.
 */
function divide(delegation: Delegation, lans: readonly NumberedLan[], holes: readonly Hole[]): readonly Assigned[] {
  const { prefix, excluded } = delegation;
  const size = subnetsIn(prefix);
  // RFC 6603: what is excluded is for the link to the provider.
  const isOpen = (id: number, lan: string): boolean => {
    const subnet = subnetOf(prefix, id);
    if (excluded !== undefined && overlap(excluded, subnet)) return false;
    return !holes.some((hole) => hole.lan !== lan && overlap(hole.prefix, subnet));
  };
  const taken = new Map<number, string>();
  for (const { lan, id } of lans) if (id < size && isOpen(id, lan)) taken.set(id, lan);
  const placed = new Set(taken.values());
  let next = Math.min(size - 1, MAX_SUBNET);
  for (const { lan } of lans) {
    if (placed.has(lan)) continue;
    while (next >= 0 && (taken.has(next) || !isOpen(next, lan))) next--;
    if (next < 0) break;
    taken.set(next, lan);
  }
  return [...taken].map(([id, lan]) => ({ lan, prefix: subnetOf(prefix, id), delegation }));
}
