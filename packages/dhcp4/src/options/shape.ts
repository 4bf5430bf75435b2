import {
  type ByteReader,
  type ByteWriter,
  bytesEqual,
  DecodeError,
  decodeUtf8,
  EncodeError,
  encodeUtf8,
  type Ipv4Address,
  type Ipv6Address,
} from '@router7/wire';

/**
 * How an option's value lies in its octets. `decode` is given exactly these octets; what it leaves unread is an error
 * of the option, found by the caller. What `decode` returns may borrow from the input.
 */
export interface Shape<T> {
  /** @throws DecodeError */
  decode(reader: ByteReader): T;
  /** @throws EncodeError */
  encode(writer: ByteWriter, value: T): void;
}

/** An IPv4 address. */
export const ipv4: Shape<Ipv4Address> = {
  decode: (reader) => reader.ipv4(),
  encode: (writer, value) => writer.ipv4(value),
};

/** An IPv6 address. */
export const ipv6: Shape<Ipv6Address> = {
  decode: (reader) => reader.ipv6(),
  encode: (writer, value) => writer.ipv6(value),
};

/** One IPv4 address or more: "The minimum length for this option is 4 octets, and the length MUST always be a multiple of 4". */
export const ipv4List: Shape<readonly Ipv4Address[]> = {
  decode(reader) {
    if (reader.remaining === 0) throw tooShort(reader);
    return readIpv4List(reader);
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'a list of addresses has at least one');
    writeIpv4List(writer, value);
  },
};

/** Any number of IPv4 addresses, also none (option 68, RFC 2132 section 8.13). */
export const ipv4ListOrNone: Shape<readonly Ipv4Address[]> = { decode: readIpv4List, encode: writeIpv4List };

/** Two IPv4 addresses or more, in pairs: an address and a mask (option 21). */
export const ipv4PairList: Shape<readonly (readonly [Ipv4Address, Ipv4Address])[]> = {
  decode(reader) {
    if (reader.remaining === 0 || reader.remaining % 8 !== 0) throw tooShort(reader);
    const pairs: (readonly [Ipv4Address, Ipv4Address])[] = [];
    while (reader.remaining > 0) pairs.push([reader.ipv4(), reader.ipv4()]);
    return pairs;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'a list of address pairs has at least one');
    for (const [first, second] of value) {
      writer.ipv4(first);
      writer.ipv4(second);
    }
  },
};

/** An unsigned 8-bit number. */
export const u8: Shape<number> = {
  decode: (reader) => reader.u8(),
  encode: (writer, value) => writer.u8(value),
};

/** An unsigned 16-bit number. */
export const u16: Shape<number> = {
  decode: (reader) => reader.u16(),
  encode: (writer, value) => writer.u16(value),
};

/** An unsigned 16-bit number that its specification gives a least value. */
export function u16AtLeast(minimum: number): Shape<number> {
  return {
    decode(reader) {
      const value = reader.u16();
      if (value < minimum) throw new DecodeError('bad-value', `${value} is below ${minimum}`, reader.offset - 2);
      return value;
    },
    encode(writer, value) {
      if (value < minimum) throw new EncodeError('bad-value', `${value} is below ${minimum}`);
      writer.u16(value);
    },
  };
}

/** An unsigned 32-bit number. */
export const u32: Shape<number> = {
  decode: (reader) => reader.u32(),
  encode: (writer, value) => writer.u32(value),
};

/** A signed 32-bit number. */
export const i32: Shape<number> = {
  decode: (reader) => reader.i32(),
  encode: (writer, value) => writer.i32(value),
};

/** Unsigned 8-bit numbers, one or more. */
export const u8List: Shape<readonly number[]> = {
  decode(reader) {
    const count = reader.remaining;
    if (count === 0) throw tooShort(reader);
    const values: number[] = [];
    for (let i = 0; i < count; i++) values.push(reader.u8());
    return values;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'a list of numbers has at least one');
    for (let i = 0; i < value.length; i++) writer.u8(value[i] as number);
  },
};

/** Unsigned 16-bit numbers, one or more. */
export const u16List: Shape<readonly number[]> = {
  decode(reader) {
    if (reader.remaining === 0) throw tooShort(reader);
    const values: number[] = [];
    while (reader.remaining > 0) values.push(reader.u16());
    return values;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'a list of numbers has at least one');
    for (const number of value) writer.u16(number);
  },
};

/** 0 or 1 in an octet. */
export const boolean: Shape<boolean> = {
  decode: (reader) => bit.decode(reader) === 1,
  encode: (writer, value) => writer.u8(value ? 1 : 0),
};

/** 0 or 1 in an octet, as a number. */
export const bit: Shape<number> = {
  decode(reader) {
    const value = reader.u8();
    if (value > 1) throw new DecodeError('bad-value', `${value} is neither 0 nor 1`, reader.offset - 1);
    return value;
  },
  encode(writer, value) {
    if (value !== 0 && value !== 1) throw new EncodeError('bad-value', `${value} is neither 0 nor 1`);
    writer.u8(value);
  },
};

/** No octets at all: that the option is there says everything. */
export const flag: Shape<true> = {
  decode: () => true,
  encode: () => undefined,
};

/** Octets without further structure, at least so many. */
export function octetsAtLeast(minimum: number): Shape<Uint8Array> {
  return {
    decode(reader) {
      if (reader.remaining < minimum) throw tooShort(reader);
      return reader.rest();
    },
    encode(writer, value) {
      if (value.length < minimum) throw new EncodeError('bad-value', `${value.length} octets are less than ${minimum}`);
      writer.bytes(value);
    },
  };
}

/** One octet or more without further structure. */
export const octets: Shape<Uint8Array> = octetsAtLeast(1);

/** Text of one character or more: {@link readText}, {@link writeText}. */
export const text: Shape<string> = {
  decode(reader) {
    const value = readText(reader);
    if (value.length === 0) throw tooShort(reader);
    return value;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'the text is empty');
    writeText(writer, value);
  },
};

/** Up to this length, joining characters beats a call of the decoder. */
const SHORT_TEXT = 64;

/**
 * Reads the rest as UTF-8, of which NVT ASCII is a part, without the zero octets behind it.
 *
 * @throws DecodeError `bad-value` when it is not UTF-8
 */
export function readText(reader: ByteReader): string {
  const offset = reader.offset;
  const bytes = reader.rest();
  return textAt(bytes, 0, bytes.length, offset);
}

/**
 * The octets from `start` to `end` as {@link readText} reads them.
 *
 * @param base what to add to `start` for the offset in an error
 * @throws DecodeError `bad-value` when they are not UTF-8
 */
export function textAt(bytes: Uint8Array, start: number, end: number, base: number): string {
  let last = end;
  // RFC 2132 2: "the receiver of such options MUST be prepared to delete trailing nulls if they exist."
  while (last > start && bytes[last - 1] === 0) last--;
  const ascii = last - start <= SHORT_TEXT ? asciiAt(bytes, start, last) : undefined;
  if (ascii !== undefined) return ascii;
  const encoded = bytes.subarray(start, last);
  const value = decodeUtf8(encoded);
  // U+FFFD may have been sent as such, or stand for octets that are not UTF-8: only the latter do not come back.
  if (value.includes('\ufffd') && !bytesEqual(encodeUtf8(value), encoded)) {
    throw new DecodeError('bad-value', 'the text is not UTF-8', base + start);
  }
  return value;
}

/** The octets as text, or undefined when one of them is not ASCII. */
function asciiAt(b: Uint8Array, start: number, end: number): string | undefined {
  const from = String.fromCharCode;
  let value = '';
  let i = start;
  for (let any = 0; i < end; ) {
    const left = end - i;
    // Several at a time: every piece that is joined costs an allocation.
    if (left >= 8) {
      any = b[i]! | b[i + 1]! | b[i + 2]! | b[i + 3]! | b[i + 4]! | b[i + 5]! | b[i + 6]! | b[i + 7]!;
      value += from(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!);
      i += 8;
    } else if (left >= 4) {
      any = b[i]! | b[i + 1]! | b[i + 2]! | b[i + 3]!;
      value += from(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!);
      i += 4;
    } else if (left >= 2) {
      any = b[i]! | b[i + 1]!;
      value += from(b[i]!, b[i + 1]!);
      i += 2;
    } else {
      any = b[i]!;
      value += from(any);
      i++;
    }
    if (any > 0x7f) return undefined;
  }
  return value;
}

/**
 * Writes UTF-8 without a zero octet behind it: "Options containing NVT ASCII data SHOULD NOT include a trailing NULL"
 * (RFC 2132 section 2).
 *
 * @throws EncodeError `bad-value` when the text has lone surrogates or ends with U+0000
 */
export function writeText(writer: ByteWriter, value: string): void {
  if (value.endsWith('\0')) throw new EncodeError('bad-value', 'the text ends with U+0000');
  const start = writer.length;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0x7f) {
      if (!value.isWellFormed()) throw new EncodeError('bad-value', 'the text has lone surrogates');
      writer.truncate(start);
      writer.bytes(encodeUtf8(value));
      return;
    }
    writer.u8(code);
  }
}

/** Reads IPv4 addresses to the end. @throws DecodeError `truncated` when the octets are not a multiple of 4 */
export function readIpv4List(reader: ByteReader): Ipv4Address[] {
  const addresses: Ipv4Address[] = [];
  while (reader.remaining > 0) addresses.push(reader.ipv4());
  return addresses;
}

/** Writes IPv4 addresses one after the other. */
export function writeIpv4List(writer: ByteWriter, value: readonly Ipv4Address[]): void {
  for (let i = 0; i < value.length; i++) writer.ipv4(value[i] as Ipv4Address);
}

/** The error of a value that has fewer octets than its specification's minimum, or breaks its multiple. */
export function tooShort(reader: ByteReader): DecodeError {
  return new DecodeError('bad-length', `${reader.remaining} octets are not a length that is allowed`, reader.offset);
}
