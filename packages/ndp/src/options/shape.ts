import {
  type ByteReader,
  type ByteWriter,
  DecodeError,
  EncodeError,
  Ipv6Address,
  type Ipv6Prefix,
} from '@router7/wire';

/**
 * How an option's value lies in its octets, those behind type and length. `decode` is given exactly these octets; what it
 * leaves unread is an error of the option, found by the caller. What `decode` returns may borrow from the input.
 */
export interface Shape<T> {
  /** Whether zero octets may follow the value: options end at a multiple of 8 octets, and values of any length are padded. */
  readonly padded?: boolean;
  /** @throws DecodeError */
  decode(reader: ByteReader): T;
  /** @throws EncodeError */
  encode(writer: ByteWriter, value: T): void;
}

/** Octets without further structure. */
export const octets: Shape<Uint8Array> = {
  decode: (reader) => reader.rest(),
  encode: (writer, value) => writer.bytes(value),
};

/** A reserved field that a number of 32 bits follows. */
export const reservedThenU32: Shape<number> = {
  decode(reader) {
    reader.skip(2);
    return reader.u32();
  },
  encode(writer, value) {
    writer.u16(0);
    writer.u32(value);
  },
};

/** A reserved field that the start of a packet follows. */
export const reservedThenOctets: Shape<Uint8Array> = {
  decode(reader) {
    reader.skip(6);
    return reader.rest();
  },
  encode(writer, value) {
    writer.fill(6);
    writer.bytes(value);
  },
};

/** Reads the first `length` octets of an address, whose others are zero. */
export function readLeadingOctets(reader: ByteReader, length: number): Ipv6Address {
  const bytes = new Uint8Array(16);
  bytes.set(reader.bytes(length));
  return Ipv6Address.fromBytes(bytes);
}

/** Writes the first `length` octets of a prefix. @throws EncodeError `bad-value` when the others are not zero */
export function writeLeadingOctets(writer: ByteWriter, prefix: Ipv6Prefix, length: number): void {
  const bytes = prefix.address.toBytes();
  if (bytes.subarray(length).some((octet) => octet !== 0)) {
    throw new EncodeError('bad-value', `${prefix} does not fit into ${length} octets`);
  }
  writer.bytes(bytes.subarray(0, length));
}

/** Reads addresses to the end, one or more. @throws DecodeError `bad-length` unless octets are 16, 32, 48, ... */
export function readAddresses(reader: ByteReader): Ipv6Address[] {
  if (reader.remaining === 0 || reader.remaining % 16 !== 0) throw badLength(reader);
  const addresses: Ipv6Address[] = [];
  while (reader.remaining > 0) addresses.push(reader.ipv6());
  return addresses;
}

/** Writes addresses. @throws EncodeError `bad-value` when there is none */
export function writeAddresses(writer: ByteWriter, addresses: readonly Ipv6Address[]): void {
  if (addresses.length === 0) throw new EncodeError('bad-value', 'addresses are at least one');
  for (const address of addresses) writer.ipv6(address);
}

/** Asserts that only padding is left from `at` on. @throws DecodeError `leftover` when it is not zero */
export function checkPadding(data: Uint8Array, at: number, base: number): void {
  for (let i = at; i < data.length; i++) {
    if (data[i] !== 0) throw new DecodeError('leftover', 'octets behind the value are not zero', base + i);
  }
}

/** The error of an option whose length is not one that its specification allows. */
export function badLength(reader: ByteReader): DecodeError {
  return new DecodeError('bad-length', `${reader.remaining} octets are not a length that is allowed`, reader.offset);
}
