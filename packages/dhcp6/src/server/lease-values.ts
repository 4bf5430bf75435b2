import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { Lease } from './lease-table.ts';

/** The address with this host part. */
export function addressIn(prefix: Ipv6Prefix, host: number): Ipv6Address {
  return new Ipv6Address(prefix.network.value | BigInt(host));
}

/** The prefix of this length that begins at the /64 of this number. */
export function prefixIn(delegation: Ipv6Prefix, slot: number, length: number): Ipv6Prefix {
  return new Ipv6Prefix(new Ipv6Address(delegation.network.value | (BigInt(slot) << 64n)), length);
}

/** The host part of an address of a prefix; undefined when it is too large a number to be one of ours. */
export function hostOf(prefix: Ipv6Prefix, address: Ipv6Address): number | undefined {
  const host = address.value ^ prefix.network.value;
  return host < MAXIMUM_SLOTS_BIG ? Number(host) : undefined;
}

/** The number of the /64 that a prefix begins with, in a delegation that it is a part of; undefined when it is not. */
export function slotOf(delegation: Ipv6Prefix, prefix: Ipv6Prefix): number | undefined {
  if (prefix.length < delegation.length || prefix.length > 64) return undefined;
  if (!delegation.contains(prefix.address)) return undefined;
  const slot = (prefix.network.value ^ delegation.network.value) >> 64n;
  return slot < MAXIMUM_SLOTS_BIG ? Number(slot) : undefined;
}

/** Host parts and places of prefixes are below this. */
export const MAXIMUM_SLOTS: number = 2 ** 24;
const MAXIMUM_SLOTS_BIG = BigInt(MAXIMUM_SLOTS);

/** How many slots a lease takes: an address one, a prefix as many as there are /64s in it. */
export function slotCount(length: number): number {
  return length < 64 ? 2 ** (64 - length) : 1;
}

/** The addresses that a lease's client was last told of; none for a prefix. */
export function leasedAddresses({ kind, given, slot }: Lease): Ipv6Address[] {
  return kind === 'address' ? given.map((prefix) => addressIn(prefix, slot)) : [];
}

/** The prefixes that a lease's client was last told of; none for an address. */
export function leasedPrefixes({ kind, given, slot, length }: Lease): Ipv6Prefix[] {
  return kind === 'prefix' ? given.map((delegation) => prefixIn(delegation, slot, length)) : [];
}
