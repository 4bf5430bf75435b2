import { type ByteReader, type ByteWriter, EncodeError } from '@router7/wire';

/** Reads pieces of data with a length of 2 octets each, to the end. @throws DecodeError `truncated` */
export function readItems(reader: ByteReader): Uint8Array[] {
  const items: Uint8Array[] = [];
  while (reader.remaining > 0) items.push(reader.bytes(reader.u16()));
  return items;
}

/** Writes pieces of data with a length of 2 octets each. @throws EncodeError `too-long` */
export function writeItems(writer: ByteWriter, items: readonly Uint8Array[]): void {
  for (const item of items) {
    if (item.length > 0xffff) throw new EncodeError('too-long', `${item.length} octets have no length of 2 octets`);
    writer.u16(item.length);
    writer.bytes(item);
  }
}
