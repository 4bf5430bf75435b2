import { ByteReader, type ByteWriter, DecodeError, EncodeError } from '@router7/wire';
import { EdnsOptionCode } from '../edns-code.ts';
import { clientSubnet } from './client-subnet.ts';
import { cookie } from './cookie.ts';
import { extendedError } from './extended-error.ts';
import type { EdnsOption, EdnsOptionName, EdnsOptionValues } from './option.ts';

interface OptionShape<T> {
  decode(reader: ByteReader): T;
  encode(writer: ByteWriter, value: T): void;
}

const shapes: { readonly [N in EdnsOptionName]: OptionShape<EdnsOptionValues[N]> } = {
  nsid: { decode: (reader) => reader.rest(), encode: (writer, value) => writer.bytes(value) },
  clientSubnet,
  cookie,
  tcpKeepalive: {
    decode: (reader) => (reader.remaining === 0 ? undefined : reader.u16()),
    encode(writer, value) {
      if (value !== undefined) writer.u16(value);
    },
  },
  padding: {
    decode(reader) {
      const octets = reader.rest();
      // RFC 7830 section 3: "SHOULD be set to 0x00", and others are to be taken: they stay as they are.
      if (octets.some((octet) => octet !== 0)) throw new DecodeError('bad-value', 'padding with something in it', 0);
      return octets.length;
    },
    encode: (writer, value) => writer.fill(value),
  },
  extendedError,
};

const names: ReadonlyMap<number, EdnsOptionName> = new Map(
  (Object.keys(shapes) as EdnsOptionName[]).map((name) => [EdnsOptionCode[name], name]),
);

/** Reads options to the reader's end. @throws DecodeError `truncated` when one ends behind it */
export function readOptions(reader: ByteReader): EdnsOption[] {
  const options: EdnsOption[] = [];
  while (reader.remaining > 0) {
    const code = reader.u16();
    options.push(optionOf(code, reader.bytes(reader.u16())));
  }
  return options;
}

function optionOf(code: number, data: Uint8Array): EdnsOption {
  const kind = names.get(code);
  if (kind === undefined) return { kind: 'raw', code, data };
  try {
    const reader = new ByteReader(data);
    const value = shapes[kind].decode(reader);
    reader.end();
    return { kind, value } as EdnsOption;
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'raw', code, data };
    throw error;
  }
}

/** Writes options in the order given. @throws EncodeError */
export function writeOptions(writer: ByteWriter, options: readonly EdnsOption[]): void {
  for (const option of options) {
    writer.u16(option.kind === 'raw' ? option.code : EdnsOptionCode[option.kind]);
    const at = writer.length;
    writer.u16(0);
    if (option.kind === 'raw') writer.bytes(option.data);
    else (shapes[option.kind] as OptionShape<unknown>).encode(writer, option.value);
    const length = writer.length - at - 2;
    if (length > 0xffff) throw new EncodeError('too-long', `an option of ${length} octets is over 65535`);
    writer.patchU16(at, length);
  }
}
