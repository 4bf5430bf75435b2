import { nameLengthAt, RecordType, ResponseScan, ResponseView, scanResponse } from '../../src/index.ts';

/** Octets in front of names in data, and the names, by type. */
const NAMES: Readonly<Record<number, readonly [number, number]>> = {
  [RecordType.ns]: [0, 1],
  [RecordType.cname]: [0, 1],
  [RecordType.soa]: [0, 2],
  [RecordType.rrsig]: [18, 1],
  [RecordType.nsec]: [0, 1],
};

/** The same response as real servers write it: each name that came before, or ends like one, as a pointer. */
export function compress(octets: Uint8Array): Uint8Array {
  const view = new ResponseView();
  if (scanResponse(view, octets, 0, octets.length) !== ResponseScan.ok) throw new Error('not a response');
  const out: number[] = [...octets.subarray(0, 12)];
  const known = new Map<string, number>();
  const name = (at: number): number => {
    const end = at + nameLengthAt(octets, at, octets.length);
    for (let label = at; ; label += (octets[label] as number) + 1) {
      if (octets[label] === 0) {
        out.push(0);
        return end;
      }
      const rest = octets.subarray(label, end).toString();
      const target = known.get(rest);
      if (target !== undefined) {
        out.push(0xc0 | (target >> 8), target & 0xff);
        return end;
      }
      known.set(rest, out.length);
      out.push(...octets.subarray(label, label + (octets[label] as number) + 1));
    }
  };
  out.push(...octets.subarray(name(12), view.questionEnd));
  for (let i = 0; i < view.records; i++) {
    const dataAt = view.dataAt[i] as number;
    const dataEnd = dataAt + (view.dataLength[i] as number);
    name(view.ownerAt[i] as number);
    out.push(...octets.subarray(dataAt - 10, dataAt));
    const start = out.length;
    const [before, names] = NAMES[view.recordType[i] as number] ?? [0, 0];
    out.push(...octets.subarray(dataAt, dataAt + before));
    let at = dataAt + before;
    for (let left = names; left > 0; left--) at = name(at);
    out.push(...octets.subarray(at, dataEnd));
    out[start - 2] = (out.length - start) >> 8;
    out[start - 1] = (out.length - start) & 0xff;
  }
  return Uint8Array.from(out);
}
