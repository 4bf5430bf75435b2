import { EncodeError, type Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { Option } from '../option.ts';
import type { DelegationConfig, LifetimePrefix, LinkConfig, ServerConfig } from './config.ts';
import { leaseKey, octetKey } from './lease-key.ts';
import type { Lease } from './lease-table.ts';
import { MAXIMUM_SLOTS, slotCount, slotOf } from './lease-values.ts';
import { optionsByCode } from './prepared-options.ts';
import { SlotSpace } from './slot-space.ts';

/** The most /64s of a delegation that are given on: those of a /48. Made-up clients can have them all, in memory and routes. */
const MAXIMUM_DELEGATED = 2 ** 16;
/** Spaces are told apart by an octet; the last one is that of the delegations. */
const DELEGATIONS = 255;

/** A link that is served, with what the engine keeps about it. */
export class Link {
  readonly config: LinkConfig;
  readonly hosts: SlotSpace;
  /** {@link LinkConfig.options} by code. */
  readonly options: ReadonlyMap<number, Option>;
  readonly #reserved = new Map<string, number>();

  /** @throws EncodeError `bad-value` or `out-of-range` when the settings contradict themselves */
  constructor(config: LinkConfig, index: number) {
    const { name, firstHost, lastHost, prefixes, reservations } = config;
    if (firstHost < 2 || lastHost >= MAXIMUM_SLOTS || lastHost < firstHost) {
      throw new EncodeError('out-of-range', `no hosts ${firstHost} to ${lastHost} on ${name}`);
    }
    for (const { prefix } of prefixes) {
      if (prefix.length > 104) throw new EncodeError('bad-value', `${prefix} has no room for clients`);
    }
    this.config = config;
    this.hosts = new SlotSpace(index, firstHost, lastHost);
    this.options = optionsByCode(config.options);
    for (const host of config.kept) this.hosts.keep(host);
    const taken = new Set<number>(config.kept);
    for (const { duid, iaid, host } of reservations) {
      if (host < 2 || host >= MAXIMUM_SLOTS) throw new EncodeError('out-of-range', `no host ${host} on ${name}`);
      const client = octetKey(duid);
      const key = iaid === undefined ? client : leaseKey(client, 'address', iaid);
      if (taken.has(host) || this.#reserved.has(key)) {
        throw new EncodeError('bad-value', `a reservation on ${name} is there twice`);
      }
      taken.add(host);
      this.#reserved.set(key, host);
      this.hosts.keep(host);
    }
  }

  /** The host part that is reserved for an association: by DUID and IAID, or else by DUID. */
  reservedFor(duid: Uint8Array, key: string): number | undefined {
    if (this.#reserved.size === 0) return undefined;
    return this.#reserved.get(key) ?? this.#reserved.get(octetKey(duid));
  }

  /** Whether an address is appropriate to the link. */
  contains(address: Ipv6Address): boolean {
    return this.config.prefixes.some(({ prefix }) => prefix.contains(address));
  }
}

/** The links of a server, and what it delegates. */
export class Links {
  readonly delegations: readonly DelegationConfig[];
  readonly delegated: SlotSpace;
  readonly #byName: ReadonlyMap<string, Link>;

  /** @throws EncodeError `bad-value`, `out-of-range` */
  constructor(config: ServerConfig) {
    const byName = new Map<string, Link>();
    for (const link of config.links) {
      if (byName.has(link.name) || byName.size === DELEGATIONS) {
        throw new EncodeError('bad-value', `${link.name} is there twice, or one too many`);
      }
      byName.set(link.name, new Link(link, byName.size));
    }
    this.#byName = byName;
    this.delegations = config.delegations.filter(({ prefix }) => prefix.length <= 64);
    this.delegated = delegatedSpace(this.delegations);
  }

  byName(name: string): Link | undefined {
    return this.#byName.get(name);
  }

  /** The link that an address belongs to. */
  containing(address: Ipv6Address): Link | undefined {
    for (const link of this.#byName.values()) if (link.contains(address)) return link;
    return undefined;
  }

  /** Where the slot of a lease is; undefined when there is no such place now. */
  spaceOf({ kind, link, slot, length }: Lease): SlotSpace | undefined {
    if (kind === 'address') return this.#byName.get(link)?.hosts;
    return this.delegated.isDynamic(slot, slotCount(length)) ? this.delegated : undefined;
  }
}

/** The place is the same in each delegation, so the first one, which is the most important one, says how many there are. */
function delegatedSpace(delegations: readonly DelegationConfig[]): SlotSpace {
  const first = delegations[0];
  const size = first === undefined ? 0 : Math.min(2 ** (64 - first.prefix.length), MAXIMUM_DELEGATED);
  const space = new SlotSpace(DELEGATIONS, 0, size - 1);
  for (const { prefix, taken } of delegations) {
    for (const each of taken) {
      const slot = slotOf(prefix, each.length > 64 ? new Ipv6Prefix(each.address, 64) : each);
      if (slot === undefined) continue;
      for (let at = slot; at < Math.min(slot + slotCount(each.length), size); at++) space.keep(at);
    }
  }
  return space;
}

/** Those of the prefixes that are worth telling a client of: valid for a second at least. */
export function stillValid<P extends LifetimePrefix>(prefixes: readonly P[], now: number): readonly P[] {
  const isValid = ({ validUntil }: P): boolean => validUntil - now >= 1000;
  return prefixes.every(isValid) ? prefixes : prefixes.filter(isValid);
}
