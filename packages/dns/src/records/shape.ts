import { type ByteWriter, type DnsNameOffsets, encodeDnsName, type Ipv4Address, type Ipv6Address } from '@router7/wire';
import type { RecordData } from '../record-data.ts';

/** How the data of one type of records is read and written. */
export interface RecordShape<T> {
  /**
   * Reads data. What is left over, and a DecodeError, make the record a `raw` one.
   *
   * @throws DecodeError
   */
  decode(data: RecordData): T;
  /**
   * @param offsets where earlier names are, for the types whose names may be compressed
   * @throws EncodeError
   */
  encode(writer: ByteWriter, value: T, offsets: DnsNameOffsets): void;
}

/** An IPv4 address (RFC 1035 section 3.4.1). */
export const ipv4Address: RecordShape<Ipv4Address> = {
  decode: ({ reader }) => reader.ipv4(),
  encode: (writer, value) => writer.ipv4(value),
};

/** An IPv6 address (RFC 3596 section 2.2). */
export const ipv6Address: RecordShape<Ipv6Address> = {
  decode: ({ reader }) => reader.ipv6(),
  encode: (writer, value) => writer.ipv6(value),
};

/** A name that may be compressed: NS, CNAME, PTR. */
export const compressedName: RecordShape<string> = {
  decode: (data) => data.name(),
  encode: (writer, value, offsets) => encodeDnsName(writer, value, offsets),
};

/** A name that "MUST NOT" be compressed (RFC 6672 section 2.1 of DNAME, RFC 3597 section 4 of all that came later). */
export const plainName: RecordShape<string> = {
  decode: (data) => data.name(),
  encode: (writer, value) => encodeDnsName(writer, value),
};
