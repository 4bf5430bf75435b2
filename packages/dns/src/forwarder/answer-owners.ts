import { HEADER_LENGTH } from '../header.ts';
import { RecordType } from '../record-type.ts';
import type { NameTable } from '../scan/name-table.ts';
import type { ResponseView } from '../scan/response-view.ts';

/** Names that a question leads to; a longer chain than this one no resolver follows. */
const MOST_NAMES = 16;
const reached = new Uint32Array(MOST_NAMES);

/**
 * Whether all that stands in the answer section is about the question: of QNAME, or of a name that CNAME records lead to
 * from there (RFC 1034 section 3.6.2). Whoever sends addresses of other names wants them to be believed.
 */
export function isAboutQuestion(view: ResponseView): boolean {
  if (view.answers === 0) return true;
  const { names, dataAt, ownerAt, recordType } = view;
  reached[0] = view.start + HEADER_LENGTH;
  let count = 1;
  for (let before = 0; before !== count; ) {
    before = count;
    for (let index = 0; index < view.answers && count < MOST_NAMES; index++) {
      if (recordType[index] !== RecordType.cname || !isReached(names, count, ownerAt[index] as number)) continue;
      const target = dataAt[index] as number;
      if (!isReached(names, count, target)) reached[count++] = target;
    }
  }
  for (let index = 0; index < view.answers; index++) {
    const type = recordType[index];
    // DNAME stands at a name above (RFC 6672), and its signature with it.
    if (type === RecordType.dname || type === RecordType.rrsig) continue;
    if (!isReached(names, count, ownerAt[index] as number)) return false;
  }
  return true;
}

/** Whether the name at an offset is one of the first `count` that are reached. */
function isReached(names: NameTable, count: number, at: number): boolean {
  for (let i = 0; i < count; i++) if (names.same(reached[i] as number, at)) return true;
  return false;
}
