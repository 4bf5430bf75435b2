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
  ByteReader as Reader,
} from '@router7/wire';
import { readString, writeString } from './text.ts';

/** Keys of service parameters, IANA's registry "Service Parameter Keys (SvcParamKeys)". */
export const ServiceParameterKey = {
  mandatory: 0,
  alpn: 1,
  noDefaultAlpn: 2,
  port: 3,
  ipv4hint: 4,
  ech: 5,
  ipv6hint: 6,
  dohpath: 7,
  ohttp: 8,
} as const;

/** Values of the parameters that have a form of their own. */
export interface ServiceParameterValues {
  /** Keys that a client has to understand (RFC 9460 section 8). */
  readonly mandatory: readonly number[];
  /** Protocols, `h2` and the like (section 7.1). */
  readonly alpn: readonly string[];
  readonly noDefaultAlpn: true;
  /** Section 7.2. */
  readonly port: number;
  /** Section 7.3. */
  readonly ipv4hint: readonly Ipv4Address[];
  /** An ECHConfigList (RFC 9848). */
  readonly ech: Uint8Array;
  readonly ipv6hint: readonly Ipv6Address[];
  /** A template of a URI's path (RFC 9461 section 5). */
  readonly dohpath: string;
  /** RFC 9540 section 4. */
  readonly ohttp: true;
}

/** Names of the parameters in {@link ServiceParameterValues}. */
export type ServiceParameterName = keyof ServiceParameterValues;

/** A service parameter; `raw` when its key is unknown or its value is not as its specification says. */
export type ServiceParameter =
  | {
      readonly [N in ServiceParameterName]: { readonly kind: N; readonly value: ServiceParameterValues[N] };
    }[ServiceParameterName]
  | { readonly kind: 'raw'; readonly key: number; readonly data: Uint8Array };

interface ParameterShape<T> {
  decode(reader: ByteReader): T;
  encode(writer: ByteWriter, value: T): void;
}

const flag: ParameterShape<true> = { decode: () => true, encode: () => undefined };

const path: ParameterShape<string> = {
  decode(reader) {
    const octets = reader.rest();
    const value = decodeUtf8(octets);
    if (!bytesEqual(encodeUtf8(value), octets)) throw new DecodeError('bad-value', 'not UTF-8', 0);
    return value;
  },
  encode: (writer, value) => writer.utf8(value),
};

/** "A list of one or more": none is as malformed as half of one. */
function list<T>(
  read: (reader: ByteReader) => T,
  write: (writer: ByteWriter, item: T) => void,
): ParameterShape<readonly T[]> {
  return {
    decode(reader) {
      const items = [read(reader)];
      while (reader.remaining > 0) items.push(read(reader));
      return items;
    },
    encode(writer, value) {
      if (value.length === 0) throw new EncodeError('bad-value', 'an empty list of service parameters');
      for (const item of value) write(writer, item);
    },
  };
}

const protocols = list<string>(
  (reader) => {
    const octets = readString(reader);
    const value = decodeUtf8(octets);
    // RFC 9460 section 7.1.1: protocols are of one octet at least; any octet may be in them.
    if (octets.length === 0 || !bytesEqual(encodeUtf8(value), octets)) throw new DecodeError('bad-value', 'no text', 0);
    return value;
  },
  (writer, item) => {
    if (item === '') throw new EncodeError('bad-value', 'a protocol without a name');
    writeString(writer, encodeUtf8(item));
  },
);

const shapes: { readonly [N in ServiceParameterName]: ParameterShape<ServiceParameterValues[N]> } = {
  mandatory: list<number>(
    (reader) => reader.u16(),
    (writer, item) => writer.u16(item),
  ),
  alpn: protocols,
  noDefaultAlpn: flag,
  port: { decode: (reader) => reader.u16(), encode: (writer, value) => writer.u16(value) },
  ipv4hint: list<Ipv4Address>(
    (reader) => reader.ipv4(),
    (writer, item) => writer.ipv4(item),
  ),
  ech: { decode: (reader) => reader.rest(), encode: (writer, value) => writer.bytes(value) },
  ipv6hint: list<Ipv6Address>(
    (reader) => reader.ipv6(),
    (writer, item) => writer.ipv6(item),
  ),
  dohpath: path,
  ohttp: flag,
};

const names: readonly (ServiceParameterName | undefined)[] = Object.entries(ServiceParameterKey).reduce(
  (found: (ServiceParameterName | undefined)[], [name, key]) => {
    found[key] = name as ServiceParameterName;
    return found;
  },
  [],
);

/** Reads a parameter: SvcParamKey(16), length(16), SvcParamValue. @throws DecodeError when it ends too early */
export function readServiceParameter(reader: ByteReader): ServiceParameter {
  const key = reader.u16();
  const data = reader.bytes(reader.u16());
  const kind = names[key];
  if (kind === undefined) return { kind: 'raw', key, data };
  try {
    const inside = new Reader(data);
    const value = shapes[kind].decode(inside);
    inside.end();
    return { kind, value } as ServiceParameter;
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'raw', key, data };
    throw error;
  }
}

/** @throws EncodeError */
export function writeServiceParameter(writer: ByteWriter, parameter: ServiceParameter): void {
  writer.u16(parameter.kind === 'raw' ? parameter.key : ServiceParameterKey[parameter.kind]);
  const at = writer.length;
  writer.u16(0);
  if (parameter.kind === 'raw') writer.bytes(parameter.data);
  else (shapes[parameter.kind] as ParameterShape<unknown>).encode(writer, parameter.value);
  const length = writer.length - at - 2;
  if (length > 0xffff) throw new EncodeError('too-long', `a service parameter of ${length} octets is over 65535`);
  writer.patchU16(at, length);
}
