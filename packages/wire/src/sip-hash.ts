/** Where {@link sipHash24} puts its 64 bits: the lower half, then the upper one. */
export type HashHalves = Uint32Array;

// The state v0 to v3, each as its lower and its upper 32 bits; one for all, since nothing here is re-entered.
const V = new Uint32Array(8);
const CONSTANTS = [0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261, 0x6e657261, 0x6c796765, 0x79746573, 0x74656462];

/**
 * SipHash-2-4 (Aumasson and Bernstein), which RFC 9018 section 4.4 makes server cookies with.
 *
 * @param key four words of 32 bits, least significant first
 * @param length octets of `bytes` that are hashed, from 0 on
 * @param result gets the two halves of the hash
 */
export function sipHash24(key: Uint32Array, bytes: Uint8Array, length: number, result: HashHalves): void {
  for (let i = 0; i < 8; i++) V[i] = (CONSTANTS[i] as number) ^ (key[i & 3] as number);
  const blocks = length - (length % 8);
  for (let at = 0; at < blocks; at += 8) compress(word(bytes, at, 4), word(bytes, at + 4, 4));
  const left = length - blocks;
  compress(
    word(bytes, blocks, Math.min(left, 4)),
    word(bytes, blocks + 4, Math.max(left - 4, 0)) | ((length & 0xff) << 24),
  );
  V[4] = (V[4] as number) ^ 0xff;
  for (let i = 0; i < 4; i++) round();
  result[0] = (V[0] as number) ^ (V[2] as number) ^ (V[4] as number) ^ (V[6] as number);
  result[1] = (V[1] as number) ^ (V[3] as number) ^ (V[5] as number) ^ (V[7] as number);
}

function compress(low: number, high: number): void {
  V[6] = (V[6] as number) ^ low;
  V[7] = (V[7] as number) ^ high;
  round();
  round();
  V[0] = (V[0] as number) ^ low;
  V[1] = (V[1] as number) ^ high;
}

function round(): void {
  add(0, 2);
  rotate(2, 13);
  xor(2, 0);
  swap(0);
  add(4, 6);
  rotate(6, 16);
  xor(6, 4);
  add(0, 6);
  rotate(6, 21);
  xor(6, 0);
  add(4, 2);
  rotate(2, 17);
  xor(2, 4);
  swap(4);
}

function add(a: number, b: number): void {
  const low = (V[a] as number) + (V[b] as number);
  V[a + 1] = (V[a + 1] as number) + (V[b + 1] as number) + (low > 0xffff_ffff ? 1 : 0);
  V[a] = low;
}

function xor(a: number, b: number): void {
  V[a] = (V[a] as number) ^ (V[b] as number);
  V[a + 1] = (V[a + 1] as number) ^ (V[b + 1] as number);
}

/** To the left, by less than 32. */
function rotate(a: number, by: number): void {
  const low = V[a] as number;
  const high = V[a + 1] as number;
  V[a] = (low << by) | (high >>> (32 - by));
  V[a + 1] = (high << by) | (low >>> (32 - by));
}

/** Rotates by 32. */
function swap(a: number): void {
  const low = V[a] as number;
  V[a] = V[a + 1] as number;
  V[a + 1] = low;
}

function word(bytes: Uint8Array, at: number, octets: number): number {
  let value = 0;
  for (let i = 0; i < octets; i++) value |= (bytes[at + i] as number) << (8 * i);
  return value;
}
