import { RecordType } from '../record-type.ts';
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

/**
 * Reads the names in a record's data.
 *
 * @param at offset of the data
 * @param end offset behind it
 * @returns false when a name is not valid there or the data is not of its type's form
 */
export function scanNamesInData(names: NameTable, bytes: Uint8Array, type: number, at: number, end: number): boolean {
  if (type === RecordType.naptr) return scanNaptr(names, bytes, at, end);
  const shape = type <= RecordType.https ? BY_TYPE[type] : undefined;
  if (shape === undefined) return true;
  let position = at + shape[0];
  for (let left = shape[1]; left > 0; left--) {
    if (position >= end) return false;
    position = names.read(position, end);
    if (position < 0) return false;
  }
  return shape[2] < 0 || position + shape[2] === end;
}

/** Order, preference, three strings, a name (RFC 3403 section 4.1). */
function scanNaptr(names: NameTable, bytes: Uint8Array, at: number, end: number): boolean {
  let position = at + 4;
  for (let left = 3; left > 0; left--) {
    if (position >= end) return false;
    position += 1 + (bytes[position] as number);
  }
  return position < end && names.read(position, end) === end;
}
