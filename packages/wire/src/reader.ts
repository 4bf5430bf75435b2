import { DecodeError } from './errors.ts';
import { Ipv4Address } from './ipv4.ts';
import { Ipv6Address } from './ipv6.ts';
import { MacAddress } from './mac.ts';

/**
 * A cursor over bytes in network order that cannot read past their end.
 *
 * Every read that would do so throws a {@link DecodeError} with the code `truncated`, where `Uint8Array.subarray`
 * would give fewer bytes in silence. What {@link ByteReader.bytes} returns is borrowed from the input: whoever
 * keeps it beyond the call copies it.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #base: number;
  #position: number;
  readonly #end: number;

  /**
   * @param bytes the input; not copied
   * @param base offset of `bytes[0]` in the whole message, so that errors of nested readers name the right octet
   * @param start where in `bytes` reading starts; cheaper than a view, of which a message can need many
   * @param end where it ends
   * @throws RangeError unless 0 <= start <= end <= bytes.length: the caller's mistake, never a peer's
   */
  constructor(bytes: Uint8Array, base: number = 0, start: number = 0, end: number = bytes.length) {
    if (!(start >= 0 && start <= end && end <= bytes.length)) throw new RangeError(`no octets ${start} to ${end}`);
    this.#bytes = bytes;
    this.#base = base;
    this.#position = start;
    this.#end = end;
  }

  /** Octets from the start of the whole message to the next one that will be read. */
  get offset(): number {
    return this.#base + this.#position;
  }

  /** Octets that have not been read. */
  get remaining(): number {
    return this.#end - this.#position;
  }

  /** Reads an unsigned 8-bit number. */
  u8(): number {
    if (this.#position >= this.#end) this.#truncated(1);
    return this.#bytes[this.#position++] as number;
  }

  /** The next octet without consuming it, or undefined at the end. */
  peek(): number | undefined {
    return this.#position < this.#end ? this.#bytes[this.#position] : undefined;
  }

  /** Reads an unsigned 16-bit number. */
  u16(): number {
    const at = this.#take(2);
    const b = this.#bytes;
    return ((b[at] as number) << 8) | (b[at + 1] as number);
  }

  /** Reads an unsigned 24-bit number. */
  u24(): number {
    const at = this.#take(3);
    const b = this.#bytes;
    return ((b[at] as number) << 16) | ((b[at + 1] as number) << 8) | (b[at + 2] as number);
  }

  /** Reads an unsigned 32-bit number. */
  u32(): number {
    return int32At(this.#bytes, this.#take(4)) >>> 0;
  }

  /** Reads a signed 32-bit number in two's complement. */
  i32(): number {
    return this.u32() | 0;
  }

  /** Reads an unsigned 48-bit number. */
  u48(): number {
    return this.u16() * 0x1_0000_0000 + this.u32();
  }

  /** Reads an unsigned 64-bit number. */
  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  /** Reads `length` octets; the result is a view of the input. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Reads all that is left; the result is a view of the input. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** Passes over `length` octets. */
  skip(length: number): void {
    this.#take(length);
  }

  /** A reader for the next `length` octets, which this one passes over. Its errors carry offsets of the whole message. */
  sub(length: number): ByteReader {
    const at = this.#take(length);
    return new ByteReader(this.#bytes, this.#base, at, at + length);
  }

  /** Reads an IPv4 address (4 octets). */
  ipv4(): Ipv4Address {
    return new Ipv4Address(this.u32());
  }

  /** Reads an IPv6 address (16 octets). */
  ipv6(): Ipv6Address {
    const at = this.#take(16);
    const b = this.#bytes;
    return new Ipv6Address(int32At(b, at), int32At(b, at + 4), int32At(b, at + 8), int32At(b, at + 12));
  }

  /** Reads a 48-bit MAC address. */
  mac(): MacAddress {
    return new MacAddress(this.u48());
  }

  /**
   * Asserts that the input is used up.
   *
   * @throws DecodeError `leftover` when it is not
   */
  end(): void {
    if (this.#position !== this.#end) {
      throw new DecodeError('leftover', `${this.remaining} octets left over`, this.offset);
    }
  }

  #take(length: number): number {
    const at = this.#position;
    if (!(length >= 0 && length <= this.#end - at)) this.#truncated(length);
    this.#position = at + length;
    return at;
  }

  #truncated(wanted: number): never {
    throw new DecodeError('truncated', `${wanted} octets wanted, ${this.remaining} there`, this.offset);
  }
}

function int32At(b: Uint8Array, at: number): number {
  const high = ((b[at] as number) << 24) | ((b[at + 1] as number) << 16);
  return high | ((b[at + 2] as number) << 8) | (b[at + 3] as number);
}
