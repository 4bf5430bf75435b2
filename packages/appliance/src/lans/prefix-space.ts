import { Ipv6Address, Ipv6Prefix } from '@router7/wire';

/** Whether two prefixes have addresses in common. */
export function overlap(a: Ipv6Prefix, b: Ipv6Prefix): boolean {
  return a.length < b.length ? a.contains(b.address) : b.contains(a.address);
}

/** What is left of a prefix without others: aligned blocks as large as possible, in the order of their addresses. */
export function subtract(whole: Ipv6Prefix, others: readonly Ipv6Prefix[]): readonly Ipv6Prefix[] {
  const inside = others.filter((other) => overlap(whole, other));
  if (inside.length === 0) return [whole];
  if (inside.some(({ length }) => length <= whole.length)) return [];
  const length = whole.length + 1;
  const upper = whole.network.value | (1n << BigInt(128 - length));
  return [
    ...subtract(new Ipv6Prefix(whole.network, length), inside),
    ...subtract(new Ipv6Prefix(new Ipv6Address(upper), length), inside),
  ];
}

/** The prefix with host bits 0. */
export function networkOf(prefix: Ipv6Prefix): Ipv6Prefix {
  return new Ipv6Prefix(prefix.network, prefix.length);
}

/** A subnet of 64 bits, by its number. */
export function subnetOf(prefix: Ipv6Prefix, id: number): Ipv6Prefix {
  return new Ipv6Prefix(new Ipv6Address(prefix.network.value | (BigInt(id) << 64n)), 64);
}

/** How many subnets of 64 bits a prefix has. */
export function subnetsIn({ length }: Ipv6Prefix): number {
  return length > 64 ? 0 : 2 ** (64 - length);
}
