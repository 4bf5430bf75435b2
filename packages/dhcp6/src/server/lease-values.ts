import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { Lease } from './lease-table.ts';

/** The address with this host part. */
export function addressIn(prefix: Ipv6Prefix, host: number): Ipv6Address {
  const { word0, word1, word2, word3 } = prefix.network;
  return new Ipv6Address(word0, word1, word2, word3 | host);
}

/** The prefix of this length that begins at the /64 of this number. */
export function prefixIn(delegation: Ipv6Prefix, slot: number, length: number): Ipv6Prefix {
  const { word0, word1, word2, word3 } = delegation.network;
  return new Ipv6Prefix(new Ipv6Address(word0, word1 | slot, word2, word3), length);
}

/** The host part of an address of a prefix; undefined when it is too large a number to be one of ours. */
export function hostOf(prefix: Ipv6Prefix, address: Ipv6Address): number | undefined {
  const { network } = prefix;
  const upper = (address.word0 ^ network.word0) | (address.word1 ^ network.word1) | (address.word2 ^ network.word2);
  const host = (address.word3 ^ network.word3) >>> 0;
  return upper === 0 && host < MAXIMUM_SLOTS ? host : undefined;
}

/** The number of the /64 that a prefix begins with, in a delegation that it is a part of; undefined when it is not. */
export function slotOf(delegation: Ipv6Prefix, prefix: Ipv6Prefix): number | undefined {
  if (prefix.length < delegation.length || prefix.length > 64) return undefined;
  if (!delegation.contains(prefix.address)) return undefined;
  const [own, all] = [prefix.network, delegation.network];
  const slot = (own.word1 ^ all.word1) >>> 0;
  return own.word0 === all.word0 && slot < MAXIMUM_SLOTS ? slot : undefined;
}

/** Host parts and places of prefixes are below this. */
export const MAXIMUM_SLOTS: number = 2 ** 24;

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
