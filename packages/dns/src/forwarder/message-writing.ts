/** Writes 16 bits. */
export function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

/** Reads 16 bits. */
export function readU16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** Copies octets; for less than a hundred or so this is faster than `set` with a subarray. */
export function copyOctets(target: Uint8Array, targetAt: number, source: Uint8Array, at: number, length: number): void {
  for (let i = 0; i < length; i++) target[targetAt + i] = source[at + i] as number;
}
