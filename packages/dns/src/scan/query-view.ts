import { EDNS_DNSSEC_OK, EdnsOptionCode, MINIMUM_PAYLOAD_SIZE } from '../edns-code.ts';
import { HEADER_LENGTH, HeaderFlag, Opcode } from '../header.ts';
import { RecordType } from '../record-type.ts';
import { hashName } from './name-hash.ts';

/** What {@link scanQuery} makes of octets. */
export const QueryScan = {
  /** A query that can be answered: the view is filled. */
  ok: 0,
  /** Nothing to answer: less than a header, or a response. */
  drop: 1,
  /** To be answered with FORMERR. Id, flags and `questionEnd` are good. */
  formErr: 2,
  /** Another opcode than QUERY: only id and flags were read, the rest may mean something else. */
  notQuery: 3,
  /** Good but for its version of EDNS, to be answered with BADVERS: the view is filled. */
  badVers: 4,
} as const;

/**
 * What is to be known of a query to answer it in place. One is filled again and again by {@link scanQuery}.
 *
 * Offsets count from the start of `bytes`, not from that of the message.
 */
export class QueryView {
  /** Where the message is. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset of the header. */
  start: number = 0;
  /** Offset behind the message. */
  end: number = 0;
  id: number = 0;
  /** The header's second word: opcode, rcode and the bits of {@link HeaderFlag}. */
  flags: number = 0;
  /** Offset behind the question's class; where the header ends when there is no question that can be read. */
  questionEnd: number = 0;
  /** Octets of QNAME with its root; QNAME starts at `start + 12`. */
  nameLength: number = 0;
  /** Labels of QNAME without the root. */
  labels: number = 0;
  type: number = 0;
  class: number = 0;
  /** {@link hashName} of lower-cased QNAME, type and class. */
  hash: number = 0;
  hasOpt: boolean = false;
  ednsVersion: number = 0;
  /** Octets that the asker takes over UDP; 512 without an OPT record and where less is stated. */
  udpSize: number = MINIMUM_PAYLOAD_SIZE;
  /** DO (RFC 3225). */
  dnssecOk: boolean = false;
  /** Offset of the OPT record's owner; 0 without one. */
  optAt: number = 0;
  /** Offset behind the OPT record. */
  optEnd: number = 0;
  /** Offset of the first COOKIE option's data (RFC 7873); 0 without one. */
  cookieAt: number = 0;
  /** Octets of it: 8, or 16 to 40. */
  cookieLength: number = 0;
  /** Asks for the server's identity (RFC 5001). */
  nsid: boolean = false;
  /** Has a client subnet (RFC 7871). */
  clientSubnet: boolean = false;
  /** Has padding (RFC 7830): so may the answer. */
  padding: boolean = false;
  /** Has a keepalive option (RFC 7828). */
  keepalive: boolean = false;
  /** Its last record is TSIG (RFC 8945) or SIG(0) (RFC 2931): nothing in it may be changed. */
  signed: boolean = false;
  /** Records beside the question and OPT, a signature among them. */
  recordsBeside: number = 0;
}

/**
 * Reads a query's header, question, OPT record and the bounds of all other records. Allocates nothing, throws nothing.
 *
 * ```
 *  0  id           2  QR opcode AA TC RD RA Z AD CD rcode
 *  4  QDCOUNT      6  ANCOUNT      8  NSCOUNT     10  ARCOUNT
 * 12  QNAME QTYPE QCLASS, then records
 * ```
 *
 * @param view filled, as far as the result says
 * @param start offset of the header
 * @param length octets of the message
 * @param seed of `view.hash`
 * @returns one of {@link QueryScan}
 */
export function scanQuery(view: QueryView, bytes: Uint8Array, start: number, length: number, seed: number): number {
  if (length < HEADER_LENGTH) return QueryScan.drop;
  const flags = u16(bytes, start + 2);
  if ((flags & HeaderFlag.response) !== 0) return QueryScan.drop;
  const end = start + length;
  view.bytes = bytes;
  view.start = start;
  view.end = end;
  view.id = u16(bytes, start);
  view.flags = flags;
  view.questionEnd = start + HEADER_LENGTH;
  view.nameLength = 0;
  view.labels = 0;
  view.type = 0;
  view.class = 0;
  view.hash = 0;
  view.hasOpt = false;
  view.ednsVersion = 0;
  view.udpSize = MINIMUM_PAYLOAD_SIZE;
  view.dnssecOk = false;
  view.optAt = 0;
  view.optEnd = 0;
  view.cookieAt = 0;
  view.cookieLength = 0;
  view.nsid = false;
  view.clientSubnet = false;
  view.padding = false;
  view.keepalive = false;
  view.signed = false;
  view.recordsBeside = 0;
  if (((flags >>> 11) & 0xf) !== Opcode.query) return QueryScan.notQuery;
  // RFC 9619 section 4: "A DNS message with OPCODE = 0 ... MUST NOT include a QDCOUNT parameter whose value is greater
  // than 1"; none at all only asks for cookies of a server (RFC 7873 section 5.4), which a forwarder's client need not.
  if (u16(bytes, start + 4) !== 1) return QueryScan.formErr;
  const nameAt = start + HEADER_LENGTH;
  const nameEnd = scanName(view, nameAt, end);
  if (nameEnd < 0 || nameEnd + 4 > end) return QueryScan.formErr;
  view.nameLength = nameEnd - nameAt;
  view.type = u16(bytes, nameEnd);
  view.class = u16(bytes, nameEnd + 2);
  view.questionEnd = nameEnd + 4;
  view.hash = hashName(bytes, nameAt, nameEnd, view.type, view.class, seed);
  const beside = u16(bytes, start + 6) + u16(bytes, start + 8);
  const additional = u16(bytes, start + 10);
  let position = nameEnd + 4;
  // Nearly all queries end here, or have one record more: OPT.
  if (beside + additional > 0) position = scanRecords(view, position, beside, additional);
  if (position !== end) return QueryScan.formErr;
  // RFC 6891 section 6.1.3: "If a responder does not implement the VERSION level of the request, then it MUST respond
  // with RCODE=BADVERS."
  return view.ednsVersion > 0 ? QueryScan.badVers : QueryScan.ok;
}

/** Counts labels on the way. @returns offset behind the root, -1 when it is no plain name */
function scanName(view: QueryView, at: number, end: number): number {
  const { bytes } = view;
  const last = Math.min(end, at + 255);
  let labels = 0;
  for (let position = at; position < last; ) {
    const length = bytes[position] as number;
    if (length === 0) {
      view.labels = labels;
      return position + 1;
    }
    // A pointer has nothing to point back at in a message's first name.
    if (length > 63) return -1;
    position += length + 1;
    labels++;
  }
  return -1;
}

/** @returns offset behind the last record, -1 when one is malformed */
function scanRecords(view: QueryView, at: number, beside: number, additional: number): number {
  const { bytes, end } = view;
  let position = at;
  for (let left = beside + additional; left > 0; left--) {
    const owner = position;
    position = skipName(bytes, owner, end);
    if (position < 0 || position + 10 > end) return -1;
    const type = u16(bytes, position);
    const dataEnd = position + 10 + u16(bytes, position + 8);
    if (dataEnd > end) return -1;
    if (type === RecordType.opt) {
      // RFC 6891 section 6.1.1: "placed anywhere within the additional data section", and "If a query message with more
      // than one OPT RR is received, a FORMERR (RCODE=1) MUST be returned." Section 6.1.2: "NAME MUST be 0 (root domain)".
      if (view.hasOpt || left > additional || bytes[owner] !== 0) return -1;
      view.optAt = owner;
      view.optEnd = dataEnd;
      if (!scanOpt(view, position)) return -1;
    } else {
      view.recordsBeside++;
      // RFC 8945 section 5.1: "the last record in the additional data section"; so it is for SIG(0), RFC 2931 section 3.1.
      if (left === 1 && additional > 0) view.signed = type === RecordType.tsig || type === RecordType.sig;
    }
    position = dataEnd;
  }
  return position;
}

/** @param at offset of the record's type */
function scanOpt(view: QueryView, at: number): boolean {
  const { bytes, optEnd } = view;
  view.hasOpt = true;
  // RFC 6891 section 6.2.3: "Values lower than 512 MUST be treated as equal to 512."
  view.udpSize = Math.max(MINIMUM_PAYLOAD_SIZE, u16(bytes, at + 2));
  view.ednsVersion = bytes[at + 5] as number;
  view.dnssecOk = (u16(bytes, at + 6) & EDNS_DNSSEC_OK) !== 0;
  let position = at + 10;
  while (position + 4 <= optEnd) {
    const code = u16(bytes, position);
    const length = u16(bytes, position + 2);
    const dataAt = position + 4;
    position = dataAt + length;
    if (position > optEnd) return false;
    if (code === EdnsOptionCode.cookie && view.cookieAt === 0) {
      // RFC 7873 section 5.2.2: too short for a client cookie, or a length that cannot be, "MUST" be FORMERR.
      if (length !== 8 && !(length >= 16 && length <= 40)) return false;
      view.cookieAt = dataAt;
      view.cookieLength = length;
    } else if (code === EdnsOptionCode.nsid) view.nsid = true;
    else if (code === EdnsOptionCode.clientSubnet) view.clientSubnet = true;
    else if (code === EdnsOptionCode.padding) view.padding = true;
    else if (code === EdnsOptionCode.tcpKeepalive) view.keepalive = true;
  }
  return position === optEnd;
}

/** @returns offset behind an owner, which may be or end in a pointer; -1 when it is malformed */
function skipName(bytes: Uint8Array, at: number, end: number): number {
  let position = at;
  while (position < end) {
    const length = bytes[position] as number;
    if (length === 0) return position + 1;
    if (length >= 0xc0) return position + 2;
    if (length > 63 || position - at > 255) return -1;
    position += length + 1;
  }
  return -1;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
