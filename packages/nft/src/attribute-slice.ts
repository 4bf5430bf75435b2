import { ByteReader, bytesEqual, DecodeError, decodeUtf8, encodeUtf8 } from '@router7/wire';

/** Octets before the payload: length and type, 16 bits each. */
export const HEADER_LENGTH = 4;
/** The bits of the type field that are the type. Bit 15 says nested, bit 14 that the payload is in network byte order. */
export const TYPE_MASK = 0x3fff;

/** Swaps the octets of a 16-bit number: netlink's own headers are little-endian here, wire's cursors are not. */
export function swap16(value: number): number {
  return ((value & 0xff) << 8) | (value >>> 8);
}

/** Swaps the octets of a 32-bit number. */
export function swap32(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}

/** One attribute as it was read: its payload is borrowed from the input. */
export interface Attribute {
  readonly type: number;
  /** Offset of the header in the message. */
  readonly offset: number;
  /** Reads the payload; a new cursor each time. */
  reader(): ByteReader;
}

/** A part of a message. Dumps have hundreds of thousands of them, so that no view or cursor is made before it is used. */
export class Slice implements Attribute {
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Offset of `bytes[0]` in the message. */
  readonly base: number;
  readonly start: number;
  readonly end: number;
  asked = false;

  constructor(type: number, bytes: Uint8Array, base: number, start: number, end: number) {
    this.type = type;
    this.bytes = bytes;
    this.base = base;
    this.start = start;
    this.end = end;
  }

  get offset(): number {
    return this.base + this.start - HEADER_LENGTH;
  }

  reader(): ByteReader {
    return new ByteReader(this.bytes, this.base, this.start, this.end);
  }
}

/** The text in an attribute, up to the first zero octet. What is not UTF-8 becomes U+FFFD. */
export function attributeText(attribute: Attribute): string {
  return readText(attribute.reader().rest()).text;
}

/** The text up to the first zero octet, and whether it says all that the octets say. */
export function readText(bytes: Uint8Array): { readonly text: string; readonly isWhole: boolean } {
  let text = '';
  for (const octet of bytes) {
    // Names are ASCII, and this is how to read them fast.
    if (octet > 0x7f) return readUtf8(bytes);
    if (octet === 0) break;
    text += String.fromCharCode(octet);
  }
  return { text, isWhole: bytes.length - text.length <= 1 };
}

function readUtf8(bytes: Uint8Array): { readonly text: string; readonly isWhole: boolean } {
  const end = bytes.indexOf(0);
  const text = decodeUtf8(end === -1 ? bytes : bytes.subarray(0, end));
  const again = encodeUtf8(text);
  return { text, isWhole: bytes.length - again.length <= 1 && bytesEqual(bytes.subarray(0, again.length), again) };
}

/** Cuts octets into attributes. @throws DecodeError */
export function cut(bytes: Uint8Array, base: number, start: number, end: number): Slice[] {
  const slices: Slice[] = [];
  const reader = new ByteReader(bytes, base, start, end);
  let at = start;
  while (at < end) {
    const length = swap16(reader.u16());
    const type = swap16(reader.u16()) & TYPE_MASK;
    if (length < HEADER_LENGTH)
      throw new DecodeError('bad-length', `attribute ${type} has ${length} octets`, base + at);
    reader.skip(length - HEADER_LENGTH);
    slices.push(new Slice(type, bytes, base, at + HEADER_LENGTH, at + length));
    // The last attribute of a message may come without its padding.
    reader.skip(Math.min(-length & 3, reader.remaining));
    at = end - reader.remaining;
  }
  return slices;
}
