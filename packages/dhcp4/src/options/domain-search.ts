import { type ByteReader, type ByteWriter, decodeDnsName, EncodeError, encodeDnsName } from '@router7/wire';
import { type Shape, tooShort } from './shape.ts';

/**
 * 119, domain search list (RFC 3397): DNS names whose compression pointers count from the start of the option, after
 * its pieces were put together (section 2).
 */
export const domainSearch: Shape<readonly string[]> = dnsNames(true);

/** DNS names, one or more, in wire form; compressed when the option's specification allows it. */
export function dnsNames(compression: boolean): Shape<readonly string[]> {
  return {
    decode: (reader) => readDnsNames(reader, compression),
    encode: (writer, value) => writeDnsNames(writer, value, compression),
  };
}

/** Reads DNS names to the end. @throws DecodeError `bad-length` when there is none, `bad-name`, `truncated` */
export function readDnsNames(reader: ByteReader, compression: boolean): string[] {
  if (reader.remaining === 0) throw tooShort(reader);
  const data = reader.rest();
  const names: string[] = [];
  for (let at = 0; at < data.length; ) {
    const { name, end } = decodeDnsName(data, at, compression);
    names.push(name);
    at = end;
  }
  return names;
}

/** Writes DNS names. @throws EncodeError */
export function writeDnsNames(writer: ByteWriter, value: readonly string[], compression: boolean): void {
  if (value.length === 0) throw new EncodeError('bad-value', 'names are at least one');
  const offsets = compression ? new Map<string, number>() : undefined;
  const origin = writer.length;
  for (const name of value) encodeDnsName(writer, name, offsets, origin);
}
