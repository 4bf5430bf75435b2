import { HeaderFlag } from '../header.ts';
import { NameTable } from './name-table.ts';

/** What {@link scanResponse} makes of octets. */
export const ResponseScan = {
  /** A response without a fault of form: the view is filled. TC may be set. */
  ok: 0,
  /** Less than a header, or a query. */
  notResponse: 1,
  /** Something in it cannot be; the header's fields and, when `questionEnd` says so, the question are good. */
  malformed: 2,
  /** The octets end before the records do. With TC that is honest; the fields are as for `malformed`. */
  truncated: 3,
  /** More than {@link MAX_RECORDS} records. */
  tooMany: 4,
} as const;

/** Records that are taken in one response. */
export const MAX_RECORDS = 512;

/** Sections of a response, as in {@link ResponseView.section}. */
export const Section = { answer: 0, authority: 1, additional: 2 } as const;

/**
 * What is to be known of a response to store it and to judge it. One is filled again and again by {@link scanResponse}.
 *
 * Offsets count from the start of `bytes`, not from that of the message. Of the arrays, the first `records` members count.
 */
export class ResponseView {
  /** Where the message is. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset of the header. */
  start: number = 0;
  /** Offset behind the message. */
  end: number = 0;
  id: number = 0;
  /** The header's second word: opcode, rcode and the bits of {@link HeaderFlag}. */
  flags: number = 0;
  /** With the upper bits of an OPT record (RFC 6891 section 6.1.3). */
  rcode: number = 0;
  /** 0 or 1. */
  questions: number = 0;
  answers: number = 0;
  authorities: number = 0;
  /** The OPT record among them. */
  additionals: number = 0;
  /** Offset behind the question's class; where the header ends when there is no question that can be read. */
  questionEnd: number = 0;
  /** Octets of QNAME with its root; QNAME starts at `start + 12`. */
  nameLength: number = 0;
  type: number = 0;
  class: number = 0;

  /** Records in all. */
  records: number = 0;
  readonly ownerAt: Uint32Array = new Uint32Array(MAX_RECORDS);
  readonly recordType: Uint16Array = new Uint16Array(MAX_RECORDS);
  readonly recordClass: Uint16Array = new Uint16Array(MAX_RECORDS);
  readonly ttlAt: Uint32Array = new Uint32Array(MAX_RECORDS);
  readonly dataAt: Uint32Array = new Uint32Array(MAX_RECORDS);
  readonly dataLength: Uint16Array = new Uint16Array(MAX_RECORDS);
  /** {@link Section} */
  readonly section: Uint8Array = new Uint8Array(MAX_RECORDS);

  /** Which record OPT is; -1 without one. */
  optIndex: number = -1;
  /** Offset of the first COOKIE option's data (RFC 7873); 0 without one. */
  cookieAt: number = 0;
  cookieLength: number = 0;
  /** Info code of the first Extended DNS Error (RFC 8914), {@link ExtendedError}; -1 without one. */
  extendedError: number = -1;
  /** Units of 100 ms that the server keeps a connection (RFC 7828); -1 when it does not say. */
  keepalive: number = -1;
  /** Which record the first SOA of the authority section is; -1 without one. */
  soaIndex: number = -1;
  /** The MINIMUM field of that SOA (RFC 2308 section 4), seconds as an unsigned number. */
  soaMinimum: number = 0;
  /** CNAME records passed from QNAME on. */
  chainLength: number = 0;
  /** Offset of the name where the chain ends: QNAME, or the target of its last CNAME. */
  chainEnd: number = 0;
  /** Whether there is an answer of QTYPE (any, when it is ANY) for the name where the chain ends. */
  answered: boolean = false;
  /** Where names start, for comparing them: see {@link NameTable}. */
  readonly names: NameTable = new NameTable();

  get authoritative(): boolean {
    return (this.flags & HeaderFlag.authoritative) !== 0;
  }

  /** TC. */
  get truncated(): boolean {
    return (this.flags & HeaderFlag.truncated) !== 0;
  }

  get authenticData(): boolean {
    return (this.flags & HeaderFlag.authenticData) !== 0;
  }

  /** The TTL of a record; one with its highest bit set is 0 (RFC 2181 section 8). */
  ttl(index: number): number {
    const ttl = u32(this.bytes, this.ttlAt[index] as number);
    return ttl > 0x7fff_ffff ? 0 : ttl;
  }
}

function u32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}
