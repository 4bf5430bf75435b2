import { RecordType } from '../record-type.ts';

/**
 * Makes records that were written behind one question fit behind that of a name below it: QNAME has more labels in front,
 * so all that its records point at is further back by as much. Only for records of the types that are marked as a cut.
 *
 * @param at offset of the first record
 * @param end offset behind the last one
 * @param by how much further back, at most 254
 */
export function shiftPointers(bytes: Uint8Array, at: number, end: number, by: number): void {
  let position = at;
  while (position < end) {
    position = shiftName(bytes, position, end, by);
    const type = half(bytes, position);
    const dataAt = position + 10;
    const next = dataAt + half(bytes, position + 8);
    if (type === RecordType.soa) shiftName(bytes, shiftName(bytes, dataAt, end, by), end, by);
    else if (type === RecordType.nsec) shiftName(bytes, dataAt, end, by);
    else if (type === RecordType.rrsig) shiftName(bytes, dataAt + 18, end, by);
    position = next;
  }
}

/** @returns offset behind the name */
function shiftName(bytes: Uint8Array, at: number, end: number, by: number): number {
  for (let position = at; position < end; ) {
    const octet = bytes[position] as number;
    if (octet === 0) return position + 1;
    if (octet >= 0xc0) {
      const pointer = half(bytes, position) + by;
      bytes[position] = pointer >>> 8;
      bytes[position + 1] = pointer;
      return position + 2;
    }
    position += octet + 1;
  }
  return end;
}

function half(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
