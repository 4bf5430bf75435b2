import { ByteReader, type ByteWriter, DecodeError, EncodeError } from '@router7/wire';
import { type Attribute, cut, HEADER_LENGTH, readText, Slice, swap16, TYPE_MASK } from './attribute-slice.ts';

/** Bit 15 of an attribute's type: the payload is a row of attributes (NLA_F_NESTED). */
export const NLA_F_NESTED = 0x8000;

/**
 * Writes netlink attributes.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-+-+---------------------------+
 * |     length, with header       |N|B|           type            |   host byte order (little-endian)
 * +-------------------------------+-+-+---------------------------+
 * |     payload, then zeros up to a multiple of 4 ...             |   numbers of nf_tables: big-endian
 * +---------------------------------------------------------------+
 * ```
 */
export class AttributeWriter {
  /** What the attributes are written to. */
  readonly bytesOut: ByteWriter;

  constructor(writer: ByteWriter) {
    this.bytesOut = writer;
  }

  /** Writes an unsigned 8-bit number. */
  u8(type: number, value: number): void {
    this.#header(type, 1);
    this.bytesOut.u8(value);
    this.bytesOut.u24(0);
  }

  /** Writes an unsigned 16-bit number. */
  u16(type: number, value: number): void {
    this.#header(type, 2);
    this.bytesOut.u16(value);
    this.bytesOut.u16(0);
  }

  /** Writes an unsigned 32-bit number. */
  u32(type: number, value: number): void {
    this.#header(type, 4);
    this.bytesOut.u32(value);
  }

  /** Writes a signed 32-bit number. */
  i32(type: number, value: number): void {
    this.#header(type, 4);
    this.bytesOut.i32(value);
  }

  /** Writes an unsigned 64-bit number. */
  u64(type: number, value: bigint): void {
    this.#header(type, 8);
    this.bytesOut.u64(value);
  }

  /**
   * Writes octets as they are.
   *
   * @throws EncodeError `too-long` when they do not fit the 16-bit length
   */
  bytes(type: number, value: Uint8Array): void {
    this.#header(type, value.length);
    this.bytesOut.bytes(value);
    this.#pad(value.length);
  }

  /**
   * Writes a text and the zero octet that ends it.
   *
   * @throws EncodeError `bad-value` when the text has a zero octet of its own
   */
  string(type: number, value: string): void {
    if (value.includes('\0')) throw new EncodeError('bad-value', `${JSON.stringify(value)} has a zero octet`);
    const at = this.bytesOut.length;
    this.bytesOut.u32(0);
    this.bytesOut.utf8(value);
    this.bytesOut.u8(0);
    const length = this.#close(at, type);
    this.#pad(length);
  }

  /** Writes an attribute that holds those which `body` writes. */
  nest(type: number, body: () => void): void {
    const at = this.begin();
    body();
    this.end(at, type);
  }

  /** Begins an attribute that holds those which come until {@link end}: {@link nest} without a function for each. */
  begin(): number {
    const at = this.bytesOut.length;
    this.bytesOut.u32(0);
    return at;
  }

  /** Ends the attribute that {@link begin} began `at`. @throws EncodeError `too-long` */
  end(at: number, type: number): void {
    this.#close(at, type | NLA_F_NESTED);
  }

  #header(type: number, payloadLength: number): void {
    this.bytesOut.u32(header(payloadLength + HEADER_LENGTH, type));
  }

  /** Writes the header at `at` of the attribute that ends here, and gives its length. */
  #close(at: number, type: number): number {
    const length = this.bytesOut.length - at;
    this.bytesOut.patchU32(at, header(length, type));
    return length;
  }

  #pad(length: number): void {
    const padding = -length & 3;
    if (padding > 0) this.bytesOut.fill(padding);
  }
}

/** The four octets of a header as one number. @throws EncodeError `too-long` */
function header(length: number, type: number): number {
  if (length > 0xffff) throw new EncodeError('too-long', `attribute ${type & TYPE_MASK} has ${length} octets`);
  return ((swap16(length) << 16) | swap16(type)) >>> 0;
}

/**
 * The attributes of one level, looked up by type. Remembers what was asked for, so that a decoder can tell whether it
 * has understood everything there was ({@link Attributes.allRead}).
 *
 * As in the kernel, the last of several attributes of one type counts.
 */
export class Attributes {
  readonly #all: Slice[];
  #inner: Attributes[] | undefined;
  readonly #offset: number;

  /**
   * Reads all that `reader` holds.
   *
   * @throws DecodeError `bad-length` when a length is smaller than its header, `truncated` when it is too large
   */
  constructor(reader: ByteReader | Attribute) {
    if (reader instanceof Slice) {
      this.#offset = reader.base + reader.start;
      this.#all = cut(reader.bytes, reader.base, reader.start, reader.end);
    } else {
      const input = reader instanceof ByteReader ? reader : reader.reader();
      this.#offset = input.offset;
      const bytes = input.rest();
      this.#all = cut(bytes, this.#offset, 0, bytes.length);
    }
  }

  /** Whether every attribute was asked for, here and in all that {@link nested} gave, and none stood twice. */
  get allRead(): boolean {
    return this.#all.every(({ asked }) => asked) && (this.#inner ?? []).every(({ allRead }) => allRead);
  }

  /** All attributes in their order; each counts as read. */
  list(): readonly Attribute[] {
    for (const attribute of this.#all) attribute.asked = true;
    return this.#all;
  }

  /** Whether there is one of this type; counts as read. */
  has(type: number): boolean {
    return this.#find(type) !== undefined;
  }

  /** The attribute itself, or undefined when absent; counts as read, with all that is in it. */
  attribute(type: number): Attribute | undefined {
    return this.#find(type);
  }

  /** An unsigned 8-bit number, or undefined when absent. */
  u8(type: number): number | undefined {
    return this.#value(type, 1, (reader) => reader.u8());
  }

  /** An unsigned 16-bit number, or undefined when absent. */
  u16(type: number): number | undefined {
    return this.#value(type, 2, (reader) => reader.u16());
  }

  /** An unsigned 32-bit number, or undefined when absent. */
  u32(type: number): number | undefined {
    return this.#value(type, 4, (reader) => reader.u32());
  }

  /** A signed 32-bit number, or undefined when absent. */
  i32(type: number): number | undefined {
    return this.#value(type, 4, (reader) => reader.i32());
  }

  /** An unsigned 64-bit number, or undefined when absent. */
  u64(type: number): bigint | undefined {
    return this.#value(type, 8, (reader) => reader.u64());
  }

  /** The octets, or undefined when absent. */
  bytes(type: number): Uint8Array | undefined {
    return this.#find(type)?.reader().rest();
  }

  /**
   * The text up to the first zero octet, or undefined when absent. It counts as read only when nothing got lost: not
   * when it was no UTF-8, and not when there was more behind the zero.
   */
  string(type: number): string | undefined {
    const found = this.#find(type);
    if (found === undefined) return undefined;
    const { text, isWhole } = readText(found.reader().rest());
    found.asked = isWhole;
    return text;
  }

  /** The attributes inside one, or undefined when absent. */
  nested(type: number): Attributes | undefined {
    const attribute = this.#find(type);
    if (attribute === undefined) return undefined;
    const inner = new Attributes(attribute);
    this.#inner ??= [];
    this.#inner.push(inner);
    return inner;
  }

  /**
   * Insists on a value that one of the readers above gave.
   *
   * @throws DecodeError `missing`
   */
  need<T>(value: T | undefined, name: string): T {
    if (value === undefined) throw new DecodeError('missing', `attribute ${name} is absent`, this.#offset);
    return value;
  }

  #find(type: number): Slice | undefined {
    const all = this.#all;
    for (let i = all.length - 1; i >= 0; i--) {
      const attribute = all[i] as Slice;
      if (attribute.type !== type) continue;
      attribute.asked = true;
      return attribute;
    }
    return undefined;
  }

  #value<T>(type: number, length: number, read: (reader: ByteReader) => T): T | undefined {
    const found = this.#find(type);
    if (found === undefined) return undefined;
    const reader = found.reader();
    if (reader.remaining !== length) {
      throw new DecodeError(
        'bad-length',
        `attribute ${type} has ${reader.remaining} octets, not ${length}`,
        found.offset,
      );
    }
    return read(reader);
  }
}
