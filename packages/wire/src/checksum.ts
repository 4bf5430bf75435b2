import type { Ipv4Address } from './ipv4.ts';
import type { Ipv6Address } from './ipv6.ts';

/**
 * The ones' complement sum of 16-bit words (RFC 1071), folded to 16 bits and not yet inverted.
 * An odd last octet counts as if a zero followed it, so only the last of several pieces may be odd.
 *
 * @param sum what earlier pieces gave, 0 at first
 */
export function onesComplementSum(bytes: Uint8Array, sum: number = 0): number {
  const even = bytes.length & ~1;
  let total = sum;
  for (let i = 0; i < even; i += 2) total += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
  if (even !== bytes.length) total += (bytes[even] as number) << 8;
  return fold(total);
}

/**
 * The Internet checksum (RFC 1071): what goes into the checksum field. Over data whose checksum field is already
 * filled in, the result is 0 exactly when the checksum is right.
 *
 * @param sum the sum of a pseudo-header or of earlier pieces, 0 at first
 */
export function internetChecksum(bytes: Uint8Array, sum: number = 0): number {
  return ~onesComplementSum(bytes, sum) & 0xffff;
}

/** Sum of the IPv4 pseudo-header of UDP and TCP (RFC 768, RFC 9293 section 3.1). `length` in octets, header included. */
export function pseudoHeaderSumV4(
  source: Ipv4Address,
  destination: Ipv4Address,
  protocol: number,
  length: number,
): number {
  const s = source.value;
  const d = destination.value;
  return fold((s >>> 16) + (s & 0xffff) + (d >>> 16) + (d & 0xffff) + protocol + length);
}

/** Sum of the IPv6 pseudo-header (RFC 8200 section 8.1). `length` is that of the upper-layer packet in octets. */
export function pseudoHeaderSumV6(
  source: Ipv6Address,
  destination: Ipv6Address,
  nextHeader: number,
  length: number,
): number {
  const sum = onesComplementSum(destination.toBytes(), onesComplementSum(source.toBytes()));
  return fold(sum + (length >>> 16) + (length & 0xffff) + nextHeader);
}

function fold(total: number): number {
  let sum = total;
  while (sum > 0xffff) sum = Math.floor(sum / 0x1_0000) + (sum & 0xffff);
  return sum;
}
