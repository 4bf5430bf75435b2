import { EdnsOptionCode } from '../edns-code.ts';
import { HEADER_LENGTH, HeaderFlag } from '../header.ts';
import { RecordType } from '../record-type.ts';
import { NameFault } from './name-table.ts';
import { scanData } from './record-data.ts';
import { MAX_RECORDS, ResponseScan, type ResponseView, Section } from './response-view.ts';

/** A chain is in order in all but odd responses; each turn takes it over one place where it is not. */
const CHAIN_TURNS = 4;

/**
 * Reads a response whole: every record is within the octets, every name valid, every pointer leads back to a name, the
 * counts of the header are true and nothing follows. Allocates nothing, throws nothing.
 *
 * @param view filled, as far as the result says
 * @param start offset of the header
 * @param length octets of the message, at most 65535
 * @returns one of {@link ResponseScan}
 */
export function scanResponse(view: ResponseView, bytes: Uint8Array, start: number, length: number): number {
  if (length < HEADER_LENGTH || length > 0xffff) return ResponseScan.notResponse;
  const flags = u16(bytes, start + 2);
  if ((flags & HeaderFlag.response) === 0) return ResponseScan.notResponse;
  const end = start + length;
  const questions = u16(bytes, start + 4);
  begin(view, bytes, start, end, flags);
  let position = start + HEADER_LENGTH;
  // RFC 9619 section 4: one question at most; none comes with errors of servers that could not read it.
  if (questions > 1) return ResponseScan.malformed;
  if (questions === 1) {
    position = view.names.read(position, end);
    if (position < 0) return faultOf(position);
    if (position + 4 > end) return ResponseScan.truncated;
    view.questions = 1;
    view.nameLength = position - start - HEADER_LENGTH;
    view.type = u16(bytes, position);
    view.class = u16(bytes, position + 2);
    position += 4;
    view.questionEnd = position;
  }
  view.answers = u16(bytes, start + 6);
  view.authorities = u16(bytes, start + 8);
  view.additionals = u16(bytes, start + 10);
  const authorityAt = view.answers;
  const additionalAt = authorityAt + view.authorities;
  const records = additionalAt + view.additionals;
  if (records > MAX_RECORDS) return ResponseScan.tooMany;
  for (let index = 0; index < records; index++) {
    view.section[index] =
      index < authorityAt ? Section.answer : index < additionalAt ? Section.authority : Section.additional;
    position = scanRecord(view, index, position);
    if (position < 0) return faultOf(position);
    view.records = index + 1;
  }
  if (position !== end) return ResponseScan.malformed;
  if (view.questions === 1) followChain(view);
  return ResponseScan.ok;
}

function begin(view: ResponseView, bytes: Uint8Array, start: number, end: number, flags: number): void {
  view.bytes = bytes;
  view.start = start;
  view.end = end;
  view.id = u16(bytes, start);
  view.flags = flags;
  view.rcode = flags & 0xf;
  view.questions = 0;
  view.answers = 0;
  view.authorities = 0;
  view.additionals = 0;
  view.questionEnd = start + HEADER_LENGTH;
  view.nameLength = 0;
  view.type = 0;
  view.class = 0;
  view.records = 0;
  view.optIndex = -1;
  view.cookieAt = 0;
  view.cookieLength = 0;
  view.extendedError = -1;
  view.keepalive = -1;
  view.soaIndex = -1;
  view.soaMinimum = 0;
  view.chainLength = 0;
  view.chainEnd = start + HEADER_LENGTH;
  view.answered = false;
  view.names.begin(bytes, start);
}

/** @returns offset behind the record, or a {@link NameFault} */
function scanRecord(view: ResponseView, index: number, at: number): number {
  const { bytes, end } = view;
  const position = view.names.read(at, end);
  if (position < 0) return position;
  const dataAt = position + 10;
  if (dataAt > end) return NameFault.cutOff;
  const type = u16(bytes, position);
  const dataLength = u16(bytes, position + 8);
  const dataEnd = dataAt + dataLength;
  if (dataEnd > end) return NameFault.cutOff;
  view.ownerAt[index] = at;
  view.recordType[index] = type;
  const class_ = (view.recordClass[index] = u16(bytes, position + 2));
  view.ttlAt[index] = position + 4;
  view.dataAt[index] = dataAt;
  view.dataLength[index] = dataLength;
  if (type === RecordType.opt) {
    if (!scanOpt(view, index)) return NameFault.malformed;
    return dataEnd;
  }
  if (scanData(view.names, bytes, type, class_, dataAt, dataEnd) !== 0) return NameFault.malformed;
  if (type === RecordType.soa && view.soaIndex < 0 && view.section[index] === Section.authority && dataLength > 0) {
    view.soaIndex = index;
    view.soaMinimum = u16(bytes, dataEnd - 4) * 0x1_0000 + u16(bytes, dataEnd - 2);
  }
  return dataEnd;
}

function scanOpt(view: ResponseView, index: number): boolean {
  const { bytes } = view;
  // RFC 6891 section 6.1.1: one, and in the additional section; section 6.1.2: "NAME MUST be 0 (root domain)".
  if (view.optIndex >= 0 || view.section[index] !== Section.additional) return false;
  if (bytes[view.ownerAt[index] as number] !== 0) return false;
  view.optIndex = index;
  view.rcode |= (bytes[view.ttlAt[index] as number] as number) << 4;
  let position = view.dataAt[index] as number;
  const dataEnd = position + (view.dataLength[index] as number);
  while (position + 4 <= dataEnd) {
    const code = u16(bytes, position);
    const length = u16(bytes, position + 2);
    const dataAt = position + 4;
    position = dataAt + length;
    if (position > dataEnd) return false;
    if (code === EdnsOptionCode.cookie && view.cookieAt === 0) {
      view.cookieAt = dataAt;
      view.cookieLength = length;
    } else if (code === EdnsOptionCode.extendedError && length >= 2 && view.extendedError < 0) {
      view.extendedError = u16(bytes, dataAt);
    } else if (code === EdnsOptionCode.tcpKeepalive && length === 2) {
      view.keepalive = u16(bytes, dataAt);
    }
  }
  return position === dataEnd;
}

/** From QNAME over its CNAME records to the name that has the answer, or has none (RFC 1034 section 3.6.2). */
function followChain(view: ResponseView): void {
  const { names, type } = view;
  for (let turn = 0; turn < CHAIN_TURNS; turn++) {
    const before = view.chainLength;
    for (let index = 0; index < view.answers; index++) {
      if (view.recordClass[index] !== view.class || !names.same(view.ownerAt[index] as number, view.chainEnd)) continue;
      const found = view.recordType[index] as number;
      if (found === type || type === RecordType.any) view.answered = true;
      else if (found === RecordType.cname && view.chainLength < view.answers) {
        view.chainEnd = view.dataAt[index] as number;
        view.chainLength++;
        view.answered = false;
      }
    }
    if (view.answered || view.chainLength === before) return;
  }
}

function faultOf(fault: number): number {
  return fault === NameFault.cutOff ? ResponseScan.truncated : ResponseScan.malformed;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
