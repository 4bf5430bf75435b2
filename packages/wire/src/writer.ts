import { EncodeError } from './errors.ts';
import type { Ipv4Address } from './ipv4.ts';
import type { Ipv6Address } from './ipv6.ts';
import type { MacAddress } from './mac.ts';
import { encodeUtf8 } from './text.ts';

/** Octets up to which a loop is faster than a call. */
const SHORT = 24;

/**
 * Writes bytes in network order into a buffer that grows as needed.
 *
 * Lengths that are known only afterwards are patched: remember {@link ByteWriter.length}, write a placeholder, write
 * the rest, then call {@link ByteWriter.patchU8}, {@link ByteWriter.patchU16} or {@link ByteWriter.patchU32}.
 * Numbers that do not fit their field throw an {@link EncodeError} `out-of-range`; nothing is cut off in silence.
 * A writer may be used again after {@link ByteWriter.reset}.
 */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;
  /** What {@link ByteWriter.view} gave last. */
  #view: Uint8Array | undefined;

  /** @param capacity octets to allocate at first; a hint */
  constructor(capacity: number = 576) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Octets written so far. */
  get length(): number {
    return this.#length;
  }

  /** Forgets what was written and keeps the buffer. Views from {@link ByteWriter.view} become invalid. */
  reset(): void {
    this.#length = 0;
  }

  /** Drops all octets from position `length` on. */
  truncate(length: number): void {
    check(length, this.#length);
    this.#length = length;
  }

  /** Writes an unsigned 8-bit number. */
  u8(value: number): void {
    check(value, 0xff);
    const at = this.#grow(1);
    this.#bytes[at] = value;
  }

  /** Writes an unsigned 16-bit number. */
  u16(value: number): void {
    check(value, 0xffff);
    const at = this.#grow(2);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
  }

  /** Writes an unsigned 24-bit number. */
  u24(value: number): void {
    check(value, 0xff_ffff);
    const at = this.#grow(3);
    this.#bytes[at] = value >>> 16;
    this.#bytes[at + 1] = value >>> 8;
    this.#bytes[at + 2] = value;
  }

  /** Writes an unsigned 32-bit number. */
  u32(value: number): void {
    check(value, 0xffff_ffff);
    const at = this.#grow(4);
    this.#put32(at, value);
  }

  /** Writes a signed 32-bit number in two's complement. */
  i32(value: number): void {
    if (!Number.isInteger(value) || value < -0x8000_0000 || value > 0x7fff_ffff) {
      throw new EncodeError('out-of-range', `${value} is not a signed 32-bit number`);
    }
    this.u32(value >>> 0);
  }

  /** Writes an unsigned 48-bit number. */
  u48(value: number): void {
    check(value, 0xffff_ffff_ffff);
    this.u16(Math.floor(value / 0x1_0000_0000));
    this.u32(value % 0x1_0000_0000);
  }

  /** Writes an unsigned 64-bit number. */
  u64(value: bigint): void {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) {
      throw new EncodeError('out-of-range', `${value} is not an unsigned 64-bit number`);
    }
    this.u32(Number(value >> 32n));
    this.u32(Number(value & 0xffff_ffffn));
  }

  /** Writes octets as they are. @throws EncodeError `bad-value` for a text, which has none until it is encoded */
  bytes(value: Uint8Array): void {
    if (typeof value !== 'object') throw new EncodeError('bad-value', `octets are wanted, not a ${typeof value}`);
    const at = this.#grow(value.length);
    const { length } = value;
    const bytes = this.#bytes;
    // The call of set() takes longer than it takes to copy that few.
    if (length > SHORT) bytes.set(value, at);
    else for (let i = 0; i < length; i++) bytes[at + i] = value[i] as number;
  }

  /** Writes the UTF-8 octets of a text, as {@link encodeUtf8} has them. */
  utf8(text: string): void {
    const start = this.#grow(text.length);
    const bytes = this.#bytes;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        // Not ASCII: begin again, the long way.
        this.#length = start;
        this.bytes(encodeUtf8(text));
        return;
      }
      bytes[start + i] = code;
    }
  }

  /** Writes `count` octets of the same value. */
  fill(count: number, value: number = 0): void {
    if (!Number.isInteger(count) || count < 0) throw new EncodeError('out-of-range', `cannot write ${count} octets`);
    check(value, 0xff);
    const at = this.#grow(count);
    const end = at + count;
    if (count > SHORT) this.#bytes.fill(value, at, end);
    else for (let i = at; i < end; i++) this.#bytes[i] = value;
  }

  /** Writes an IPv4 address (4 octets). @throws EncodeError `bad-value` for what is none, such as a text */
  ipv4(value: Ipv4Address): void {
    // Its octets would be zeros, without a word.
    if (value.value === undefined)
      throw new EncodeError('bad-value', `an Ipv4Address is wanted, not a ${typeof value}`);
    const at = this.#grow(4);
    this.#put32(at, value.value);
  }

  /** Writes an IPv6 address (16 octets). @throws EncodeError `bad-value` for what is none, such as a text */
  ipv6(value: Ipv6Address): void {
    if (value.word0 === undefined)
      throw new EncodeError('bad-value', `an Ipv6Address is wanted, not a ${typeof value}`);
    const at = this.#grow(16);
    this.#put32(at, value.word0);
    this.#put32(at + 4, value.word1);
    this.#put32(at + 8, value.word2);
    this.#put32(at + 12, value.word3);
  }

  /** Writes a 48-bit MAC address. */
  mac(value: MacAddress): void {
    this.u48(value.value);
  }

  /** Overwrites one octet that was written before. */
  patchU8(position: number, value: number): void {
    check(value, 0xff);
    this.#written(position, 1);
    this.#bytes[position] = value;
  }

  /** Overwrites two octets that were written before. */
  patchU16(position: number, value: number): void {
    check(value, 0xffff);
    this.#written(position, 2);
    this.#bytes[position] = value >>> 8;
    this.#bytes[position + 1] = value;
  }

  /** Overwrites four octets that were written before. */
  patchU32(position: number, value: number): void {
    check(value, 0xffff_ffff);
    this.#written(position, 4);
    this.#put32(position, value);
  }

  /** What was written, as a view that is valid until the next write or {@link ByteWriter.reset}. */
  view(): Uint8Array {
    const view = this.#view;
    // Messages of one kind are often of one length: making the view would cost as much as writing some options.
    if (view?.length === this.#length && view.buffer === this.#bytes.buffer) return view;
    return (this.#view = this.#bytes.subarray(0, this.#length));
  }

  /** What was written, as a copy. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #put32(at: number, value: number): void {
    const b = this.#bytes;
    b[at] = value >>> 24;
    b[at + 1] = value >>> 16;
    b[at + 2] = value >>> 8;
    b[at + 3] = value;
  }

  #written(position: number, size: number): void {
    if (!(Number.isInteger(position) && position >= 0 && position + size <= this.#length)) {
      throw new EncodeError('out-of-range', `nothing was written at octet ${position}`);
    }
  }

  #grow(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#length = needed;
    return at;
  }
}

function check(value: number, max: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value <= max)) {
    throw new EncodeError('out-of-range', `${value} is not an integer from 0 to ${max}`);
  }
}
