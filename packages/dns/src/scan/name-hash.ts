import { LOWER_CASE } from './name.ts';

/**
 * Hash of a name and two numbers: HalfSipHash-1-3 (Aumasson and Bernstein's SipHash on 32-bit words) over the
 * lower-cased octets, its key made of the seed. Whoever does not know the seed cannot choose names that collide.
 *
 * @param at offset of an uncompressed name, or of any label of one: the hash of a suffix is that of the name alone
 * @param end offset behind its root
 * @param type any 16-bit number, a record type as a rule
 * @param class_ any 16-bit number, a class as a rule
 * @param seed 32 random bits
 * @returns an unsigned 32-bit number
 */
export function hashName(
  bytes: Uint8Array,
  at: number,
  end: number,
  type: number,
  class_: number,
  seed: number,
): number {
  let v0 = seed | 0;
  let v1 = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b);
  let v2 = 0x6c79_6765 ^ v0;
  let v3 = 0x7465_6462 ^ v1;
  let word = 0;
  let shift = 0;
  // Three more turns than there are octets: type and class, then what is left of the last word with the length.
  for (let position = at; position < end; position++) {
    word |= (LOWER_CASE[bytes[position] as number] as number) << shift;
    shift += 8;
    if (shift < 32) continue;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
    word = shift = 0;
  }
  for (let turn = 0; turn < 5; turn++) {
    if (turn === 0) word = word | ((end - at) << 24);
    else if (turn === 1) word = (type << 16) | class_;
    else word = 0;
    if (turn === 2) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return (v1 ^ v3) >>> 0;
}
