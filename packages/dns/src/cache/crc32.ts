const TABLE: Int32Array = new Int32Array(256);
for (let octet = 0; octet < 256; octet++) {
  let value = octet;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1;
  TABLE[octet] = value;
}

/**
 * The CRC-32 of Ethernet and gzip (RFC 1952 section 8).
 *
 * @param before what the octets in front of these gave, 0 at first
 */
export function crc32(bytes: Uint8Array, before: number = 0): number {
  let value = ~before;
  for (let i = 0; i < bytes.length; i++) {
    value = (value >>> 8) ^ (TABLE[(value ^ (bytes[i] as number)) & 0xff] as number);
  }
  return ~value >>> 0;
}
