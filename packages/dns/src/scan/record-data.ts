import { RecordClass, RecordType } from '../record-type.ts';
import type { NameTable } from './name-table.ts';

/** What comes before, how many names, and how many octets behind them; -1 for any number. */
type Shape = readonly [before: number, names: number, behind: number];

/**
 * Types with names in their data that are or may be compressed: those of RFC 1035, where senders may, and those where
 * receivers ought to expect it all the same (RFC 3597 section 4). In all other types no pointer is looked for.
 */
const SHAPES: readonly (readonly [type: number, shape: Shape])[] = [
  [RecordType.ns, [0, 1, 0]],
  [RecordType.md, [0, 1, 0]],
  [RecordType.mf, [0, 1, 0]],
  [RecordType.cname, [0, 1, 0]],
  [RecordType.soa, [0, 2, 20]],
  [RecordType.mb, [0, 1, 0]],
  [RecordType.mg, [0, 1, 0]],
  [RecordType.mr, [0, 1, 0]],
  [RecordType.ptr, [0, 1, 0]],
  [RecordType.minfo, [0, 2, 0]],
  [RecordType.mx, [2, 1, 0]],
  [RecordType.rp, [0, 2, 0]],
  [RecordType.afsdb, [2, 1, 0]],
  [RecordType.rt, [2, 1, 0]],
  [RecordType.sig, [18, 1, -1]],
  [RecordType.px, [2, 2, 0]],
  [RecordType.nxt, [0, 1, -1]],
  [RecordType.srv, [6, 1, 0]],
  [RecordType.kx, [2, 1, 0]],
  [RecordType.dname, [0, 1, 0]],
  [RecordType.rrsig, [18, 1, -1]],
  [RecordType.nsec, [0, 1, -1]],
  [RecordType.svcb, [2, 1, -1]],
  [RecordType.https, [2, 1, -1]],
];

const BY_TYPE: (Shape | undefined)[] = [];
for (let type = 0; type <= RecordType.https; type++) BY_TYPE.push(SHAPES.find(([known]) => known === type)?.[1]);

/** What is not of the form that its type has: see {@link scanData}. */
export const DataFault = { name: -1, length: -2 } as const;

/**
 * Reads the names in a record's data, and looks whether an address is as long as one.
 *
 * @param at offset of the data
 * @param end offset behind it
 * @returns 0, or a {@link DataFault}
 */
export function scanData(
  names: NameTable,
  bytes: Uint8Array,
  type: number,
  class_: number,
  at: number,
  end: number,
): number {
  if (class_ === RecordClass.internet) {
    if (type === RecordType.a) return end - at === 4 ? 0 : DataFault.length;
    if (type === RecordType.aaaa) return end - at === 16 ? 0 : DataFault.length;
  } else if (at === end && class_ >= RecordClass.none) {
    // RFC 2136 section 2.4: in updates, classes NONE and ANY come without data.
    return 0;
  }
  if (type === RecordType.naptr) {
    const nameAt = naptrNameAt(bytes, at, end);
    return nameAt >= 0 && names.read(nameAt, end) === end ? 0 : DataFault.name;
  }
  const shape = shapeOf(type);
  if (shape === undefined) return 0;
  let position = at + shape[0];
  for (let left = shape[1]; left > 0; left--) {
    if (position >= end) return DataFault.name;
    position = names.read(position, end);
    if (position < 0) return DataFault.name;
  }
  return shape[2] < 0 || position + shape[2] === end ? 0 : DataFault.length;
}

/**
 * A copy of a record's data with its names uncompressed.
 *
 * @param names as {@link scanData}, which said 0, has left them
 */
export function copyPlainData(names: NameTable, bytes: Uint8Array, type: number, at: number, end: number): Uint8Array {
  const shape = type === RecordType.naptr ? ([naptrNameAt(bytes, at, end) - at, 1, 0] as const) : shapeOf(type);
  if (shape === undefined || at === end) return bytes.slice(at, end);
  const [before, count] = shape;
  let position = at + before;
  let length = before;
  for (let left = count; left > 0; left--) {
    length += names.length(position);
    position = names.end(position);
  }
  const plain = new Uint8Array(length + end - position);
  plain.set(bytes.subarray(position, end), length);
  for (let i = 0; i < before; i++) plain[i] = bytes[at + i] as number;
  position = at + before;
  length = before;
  for (let left = count; left > 0; left--) {
    length += names.copy(position, plain, length);
    position = names.end(position);
  }
  return plain;
}

function shapeOf(type: number): Shape | undefined {
  return type <= RecordType.https ? BY_TYPE[type] : undefined;
}

/** Where the name is behind order, preference and three strings (RFC 3403 section 4.1); -1 when they do not fit. */
function naptrNameAt(bytes: Uint8Array, at: number, end: number): number {
  let position = at + 4;
  for (let left = 3; left > 0; left--) {
    if (position >= end) return -1;
    position += 1 + (bytes[position] as number);
  }
  return position < end ? position : -1;
}
