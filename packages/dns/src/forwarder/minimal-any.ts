import { HeaderFlag, Rcode } from '../header.ts';
import type { Machine } from './machine.ts';
import { copyOctets } from './message-writing.ts';

/** QNAME HINFO "RFC8482" "", as RFC 8482 section 4.2 has it, with the TTL of its example. */
const RECORD = Uint8Array.of(
  ...[0xc0, 12],
  ...[0, 13, 0, 1],
  ...[0, 0, 0x0e, 0xcd],
  ...[0, 9],
  ...[7, 0x52, 0x46, 0x43, 0x38, 0x34, 0x38, 0x32],
  0,
);

/** Makes a query of type ANY its response. @returns offset behind it */
export function writeMinimalAny(m: Machine, now: number): number {
  const { view, asking, writer } = m;
  const { bytes, start, questionEnd } = view;
  const room = asking.limit - writer.optLength(asking, -1) - (questionEnd - start);
  if (RECORD.length > room) return writer.bare(view, Rcode.noError, HeaderFlag.truncated, asking, -1, now);
  writer.header(view, Rcode.noError, 0);
  bytes[start + 7] = 1;
  copyOctets(bytes, questionEnd, RECORD, 0, RECORD.length);
  return writer.finish(bytes, start, questionEnd + RECORD.length, asking, Rcode.noError, -1, now);
}
