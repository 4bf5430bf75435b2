import {
  type ByteReader,
  type ByteWriter,
  bytesEqual,
  DecodeError,
  decodeUtf8,
  EncodeError,
  encodeUtf8,
  type Ipv6Address,
} from '@router7/wire';

/**
 * How an option's value lies in its octets. `decode` is given exactly these octets; what it leaves unread is an error
 * of the option, found by the caller. What `decode` returns may borrow from the input, and `encode` makes of it exactly
 * the octets that it came from.
 */
export interface Shape<T> {
  /** @throws DecodeError */
  decode(reader: ByteReader): T;
  /** @throws EncodeError */
  encode(writer: ByteWriter, value: T): void;
}

/** An IPv6 address. */
export const ipv6: Shape<Ipv6Address> = {
  decode: (reader) => reader.ipv6(),
  encode: (writer, value) => writer.ipv6(value),
};

/** One IPv6 address or more: "option-len: Length of the list of IPv6 addresses in octets; must be a multiple of 16". */
export const ipv6List: Shape<readonly Ipv6Address[]> = {
  decode(reader) {
    if (reader.remaining === 0 || reader.remaining % 16 !== 0) throw badLength(reader);
    const addresses: Ipv6Address[] = [];
    while (reader.remaining > 0) addresses.push(reader.ipv6());
    return addresses;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'a list of addresses has at least one');
    for (const address of value) writer.ipv6(address);
  },
};

/** Any number of IPv6 addresses, also none (option 88, RFC 7341 section 6.3). */
export const ipv6ListOrNone: Shape<readonly Ipv6Address[]> = {
  decode: (reader) => (reader.remaining === 0 ? [] : ipv6List.decode(reader)),
  encode(writer, value) {
    for (const address of value) writer.ipv6(address);
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

/** An unsigned 32-bit number. */
export const u32: Shape<number> = {
  decode: (reader) => reader.u32(),
  encode: (writer, value) => writer.u32(value),
};

/** Unsigned 16-bit numbers, one or more. */
export const u16List: Shape<readonly number[]> = {
  decode(reader) {
    if (reader.remaining === 0) throw badLength(reader);
    return u16ListOrNone.decode(reader);
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'a list of numbers has at least one');
    u16ListOrNone.encode(writer, value);
  },
};

/** Any number of unsigned 16-bit numbers, also none. */
export const u16ListOrNone: Shape<readonly number[]> = {
  decode(reader) {
    const values: number[] = [];
    while (reader.remaining > 0) values.push(reader.u16());
    return values;
  },
  encode(writer, value) {
    for (const number of value) writer.u16(number);
  },
};

/** No octets at all: that the option is there says everything. */
export const flag: Shape<true> = {
  decode: () => true,
  encode: () => undefined,
};

/** Octets without further structure, from so many to so many. */
export function octetsBetween(minimum: number, maximum: number): Shape<Uint8Array> {
  return {
    decode(reader) {
      if (reader.remaining < minimum || reader.remaining > maximum) throw badLength(reader);
      return reader.rest();
    },
    encode(writer, value) {
      if (value.length < minimum) throw new EncodeError('bad-value', `${value.length} octets are less than ${minimum}`);
      if (value.length > maximum) throw new EncodeError('too-long', `${value.length} octets are more than ${maximum}`);
      writer.bytes(value);
    },
  };
}

/** One octet or more without further structure. */
export const octets: Shape<Uint8Array> = octetsBetween(1, 0xffff);

/** Any number of octets, also none. */
export const octetsOrNone: Shape<Uint8Array> = octetsBetween(0, 0xffff);

/** Text of one character or more. */
export const text: Shape<string> = {
  decode(reader) {
    if (reader.remaining === 0) throw badLength(reader);
    return readText(reader);
  },
  encode(writer, value) {
    if (value === '') throw new EncodeError('bad-value', 'a text has at least one character');
    writeText(writer, value);
  },
};

/** Reads UTF-8 to the end, zero octets included. @throws DecodeError `bad-value` when it is not UTF-8 */
export function readText(reader: ByteReader): string {
  const offset = reader.offset;
  const encoded = reader.rest();
  const value = decodeUtf8(encoded);
  // U+FFFD may have been sent as such, or stand for octets that are not UTF-8: only the latter do not come back.
  if (value.includes('\ufffd') && !bytesEqual(encodeUtf8(value), encoded)) {
    throw new DecodeError('bad-value', 'the text is not UTF-8', offset);
  }
  return value;
}

/** Writes UTF-8. @throws EncodeError `bad-value` when the text has lone surrogates */
export function writeText(writer: ByteWriter, value: string): void {
  if (!value.isWellFormed()) throw new EncodeError('bad-value', 'the text has lone surrogates');
  writer.utf8(value);
}

/** The error of a value that has fewer octets than its specification's minimum, too many, or breaks its multiple. */
export function badLength(reader: ByteReader): DecodeError {
  return new DecodeError('bad-length', `${reader.remaining} octets are not a length that is allowed`, reader.offset);
}
