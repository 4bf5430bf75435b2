import {
  ByteReader,
  type ByteWriter,
  bytesEqual,
  DecodeError,
  decodeUtf8,
  EncodeError,
  encodeUtf8,
} from '@router7/wire';

/** Bit 15 of an attribute's type: the payload is a row of attributes (NLA_F_NESTED). */
export const NLA_F_NESTED = 0x8000;
/** The bits of the type field that are the type. Bit 14 says that the payload is in network byte order. */
const TYPE_MASK = 0x3fff;
const HEADER_LENGTH = 4;

/** Swaps the octets of a 16-bit number: netlink's own headers are little-endian here, wire's cursors are not. */
export function swap16(value: number): number {
  return ((value & 0xff) << 8) | (value >>> 8);
}

/** Swaps the octets of a 32-bit number. */
export function swap32(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}

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
    this.bytesOut.fill(3);
  }

  /** Writes an unsigned 16-bit number. */
  u16(type: number, value: number): void {
    this.#header(type, 2);
    this.bytesOut.u16(value);
    this.bytesOut.fill(2);
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
    this.bytesOut.fill(-value.length & 3);
  }

  /**
   * Writes a text and the zero octet that ends it.
   *
   * @throws EncodeError `bad-value` when the text has a zero octet of its own
   */
  string(type: number, value: string): void {
    if (value.includes('\0')) throw new EncodeError('bad-value', `${JSON.stringify(value)} has a zero octet`);
    this.bytes(type, encodeUtf8(`${value}\0`));
  }

  /** Writes an attribute that holds those which `body` writes. */
  nest(type: number, body: () => void): void {
    const at = this.bytesOut.length;
    this.bytesOut.u32(0);
    body();
    const length = this.bytesOut.length - at;
    if (length > 0xffff) throw new EncodeError('too-long', `attribute ${type} has ${length} octets`);
    this.bytesOut.patchU16(at, swap16(length));
    this.bytesOut.patchU16(at + 2, swap16(type | NLA_F_NESTED));
  }

  #header(type: number, payloadLength: number): void {
    const length = payloadLength + HEADER_LENGTH;
    if (length > 0xffff) throw new EncodeError('too-long', `attribute ${type} has ${length} octets`);
    this.bytesOut.u16(swap16(length));
    this.bytesOut.u16(swap16(type));
  }
}

/** One attribute as it was read: its payload is borrowed from the input. */
export interface Attribute {
  readonly type: number;
  /** Offset of the header in the message. */
  readonly offset: number;
  /** Reads the payload; a new cursor each time. */
  reader(): ByteReader;
}

/** The text in an attribute, up to the first zero octet. @throws DecodeError */
export function attributeText(attribute: Attribute): string {
  const bytes = attribute.reader().rest();
  const end = bytes.indexOf(0);
  return decodeUtf8(end === -1 ? bytes : bytes.subarray(0, end));
}

/**
 * The attributes of one level, looked up by type. Remembers what was asked for, so that a decoder can tell whether it
 * has understood everything there was ({@link Attributes.allRead}).
 *
 * As in the kernel, the last of several attributes of one type counts.
 */
export class Attributes {
  readonly #all: readonly Attribute[];
  readonly #read: Set<Attribute> = new Set();
  readonly #inner: Attributes[] = [];
  readonly #offset: number;

  /**
   * Reads all that `reader` holds.
   *
   * @throws DecodeError `bad-length` when a length is smaller than its header, `truncated` when it is too large
   */
  constructor(reader: ByteReader) {
    this.#offset = reader.offset;
    const all: Attribute[] = [];
    while (reader.remaining > 0) {
      const offset = reader.offset;
      const length = swap16(reader.u16());
      const type = swap16(reader.u16()) & TYPE_MASK;
      if (length < HEADER_LENGTH) throw new DecodeError('bad-length', `attribute ${type} has ${length} octets`, offset);
      const payloadOffset = reader.offset;
      const payload = reader.bytes(length - HEADER_LENGTH);
      all.push({ type, offset, reader: () => new ByteReader(payload, payloadOffset) });
      // The last attribute of a message may come without its padding.
      reader.skip(Math.min(-length & 3, reader.remaining));
    }
    this.#all = all;
  }

  /** Whether every attribute was asked for, here and in all that {@link nested} gave, and none stood twice. */
  get allRead(): boolean {
    return this.#all.every((attribute) => this.#read.has(attribute)) && this.#inner.every(({ allRead }) => allRead);
  }

  /** All attributes in their order; each counts as read. */
  list(): readonly Attribute[] {
    for (const attribute of this.#all) this.#read.add(attribute);
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
    const text = attributeText(found);
    const octets = found.reader().rest();
    const again = encodeUtf8(text);
    const isWhole = octets.length - again.length <= 1 && bytesEqual(octets.subarray(0, again.length), again);
    if (!isWhole) this.#read.delete(found);
    return text;
  }

  /** The attributes inside one, or undefined when absent. */
  nested(type: number): Attributes | undefined {
    const attribute = this.#find(type);
    if (attribute === undefined) return undefined;
    const inner = new Attributes(attribute.reader());
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

  #find(type: number): Attribute | undefined {
    const found = this.#all.findLast((attribute) => attribute.type === type);
    if (found !== undefined) this.#read.add(found);
    return found;
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
