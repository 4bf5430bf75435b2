import { ExtendedError } from '../edns-code.ts';
import { HeaderFlag, Rcode } from '../header.ts';
import { RecordClass, RecordType } from '../record-type.ts';
import type { Machine } from './machine.ts';
import { copyOctets } from './message-writing.ts';

/** QNAME HINFO "RFC8482" "", as RFC 8482 section 4.2 has it, with the TTL of its example. */
const MINIMAL = Uint8Array.of(
  ...[0xc0, 12],
  ...[0, 13, 0, 1],
  ...[0, 0, 0x0e, 0xcd],
  ...[0, 9],
  ...[7, 0x52, 0x46, 0x43, 0x38, 0x34, 0x38, 0x32],
  0,
);
/** QNAME A 0.0.0.0 and QNAME AAAA ::, for a minute. */
const NULL_A = Uint8Array.of(...[0xc0, 12], ...[0, 1, 0, 1], ...[0, 0, 0, 60], ...[0, 4], ...new Uint8Array(4));
const NULL_AAAA = Uint8Array.of(...[0xc0, 12], ...[0, 28, 0, 1], ...[0, 0, 0, 60], ...[0, 16], ...new Uint8Array(16));

/** Makes a query of type ANY its response. @returns offset behind it */
export function writeMinimalAny(m: Machine, now: number): number {
  return writeRecord(m, MINIMAL, -1, now);
}

/** Makes a query for a blocked name its response: an address that leads nowhere. @returns offset behind it */
export function writeNullAddress(m: Machine, now: number): number {
  const { type, class: class_ } = m.view;
  const internet = class_ === RecordClass.internet;
  if (internet && type === RecordType.a) return writeRecord(m, NULL_A, ExtendedError.blocked, now);
  if (internet && type === RecordType.aaaa) return writeRecord(m, NULL_AAAA, ExtendedError.blocked, now);
  return m.writer.bare(m.view, Rcode.noError, 0, m.asking, ExtendedError.blocked, now);
}

function writeRecord(m: Machine, record: Uint8Array, extendedError: number, now: number): number {
  const { view, asking, writer } = m;
  const { bytes, start, questionEnd } = view;
  const room = asking.limit - writer.optLength(asking, extendedError) - (questionEnd - start);
  if (record.length > room) return writer.bare(view, Rcode.noError, HeaderFlag.truncated, asking, extendedError, now);
  writer.header(view, Rcode.noError, 0);
  bytes[start + 7] = 1;
  copyOctets(bytes, questionEnd, record, 0, record.length);
  return writer.finish(bytes, start, questionEnd + record.length, asking, Rcode.noError, extendedError, now);
}
