import { crc32 as crc32OfMany } from 'node:zlib';

/** From so many octets on the call into C++ costs less than the loop. */
const MANY = 160;

/** What each value of an octet contributes, 0 to 3 octets before the end: four tables of 256 words. */
const table: Int32Array = new Int32Array(1024);
for (let octet = 0; octet < 256; octet++) {
  let rest = octet;
  for (let bit = 0; bit < 8; bit++) rest = (rest & 1) !== 0 ? 0xedb8_8320 ^ (rest >>> 1) : rest >>> 1;
  table[octet] = rest;
}
for (let at = 256; at < table.length; at++) {
  const before = table[at - 256] as number;
  table[at] = (table[before & 0xff] as number) ^ (before >>> 8);
}

/** The CRC-32 of zlib (ISO 3309, RFC 1952 section 8), in less than half of the time for short records. */
export function crc32(bytes: Uint8Array): number {
  const { length } = bytes;
  if (length >= MANY) return crc32OfMany(bytes);
  let rest = -1;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    rest ^= low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
    rest =
      (table[768 + (rest & 0xff)] as number) ^
      (table[512 + ((rest >>> 8) & 0xff)] as number) ^
      (table[256 + ((rest >>> 16) & 0xff)] as number) ^
      (table[rest >>> 24] as number);
  }
  for (; at < length; at++) rest = (table[(rest ^ (bytes[at] as number)) & 0xff] as number) ^ (rest >>> 8);
  return ~rest >>> 0;
}
