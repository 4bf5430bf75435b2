import { HeaderFlag } from '../header.ts';
import { RecordClass, RecordType } from '../record-type.ts';
import { QueryScan, type QueryView } from '../scan/query-view.ts';
import type { Machine } from './machine.ts';

/** How a question goes on. */
export const Passage = {
  /** The answer is for all who ask it. */
  shared: 0,
  /** The answer is for this client only. */
  alone: 1,
  /** Nothing in it may be changed, or its meaning is not known: it goes on octet for octet but for the id. */
  untouched: 2,
} as const;

/** @param scan one of `QueryScan` */
export function passageOf(m: Machine, view: QueryView, scan: number): number {
  if (scan !== QueryScan.ok || view.signed || (view.flags & HeaderFlag.recursionDesired) === 0)
    return Passage.untouched;
  // 128 to 255 are types of questions and of what only means something between neighbours (RFC 6895 section 3.1).
  if ((view.type & 0xff80) === 0x80 || view.type === RecordType.opt || view.class === RecordClass.chaos) {
    return Passage.alone;
  }
  return view.clientSubnet && m.settings.clientSubnet ? Passage.alone : Passage.shared;
}
