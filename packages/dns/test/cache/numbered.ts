import {
  HEADER_LENGTH,
  HeaderFlag,
  nameOctets,
  QueryView,
  Rcode,
  RecordType,
  ResponseScan,
  ResponseView,
  scanQuery,
  scanResponse,
} from '../../src/index.ts';
import { SEED } from './questions.ts';

/** The type of records that hold a number and octets that follow from it. */
export const NUMBERED = 65_280;

const DATA_AT = 2 + 10;
const SOA_DATA = 22;

const query = new QueryView();
const queryOctets = new Uint8Array(65_536);
const response = new ResponseView();
const responseOctets = new Uint8Array(65_536);

/** A question with room for its response; the view is good until the next call. */
export function question(name: Uint8Array, type: number = NUMBERED): QueryView {
  const length = writeQuestion(queryOctets, name, type, HeaderFlag.recursionDesired);
  if (scanQuery(query, queryOctets, 0, length, SEED) !== 0) throw new Error('not a query');
  return query;
}

/** A response with a number, `length` octets that follow from it, and one TTL; the view is good until the next call. */
export function numbered(name: Uint8Array, number: number, length: number, ttl: number): ResponseView {
  const at = writeQuestion(responseOctets, name, NUMBERED, HeaderFlag.response);
  responseOctets[7] = 1;
  writeRecord(at, 12, NUMBERED, ttl, 4 + length);
  writeNumbered(responseOctets, at + DATA_AT, number, length);
  return scan(at + DATA_AT + 4 + length);
}

/** The response that a name does not exist, with a number; the view is good until the next call. */
export function absent(name: Uint8Array, number: number, ttl: number): ResponseView {
  const at = writeQuestion(responseOctets, name, NUMBERED, HeaderFlag.response | Rcode.nxDomain);
  responseOctets[9] = 1;
  writeRecord(at, 12, RecordType.soa, ttl, SOA_DATA);
  const dataAt = at + DATA_AT;
  responseOctets.fill(0, dataAt, dataAt + SOA_DATA);
  writeWord(responseOctets, dataAt + 2, number);
  writeWord(responseOctets, dataAt + 18, ttl);
  return scan(dataAt + SOA_DATA);
}

/** What a response written by the cache says. */
export interface Numbered {
  readonly number: number;
  readonly ttl: number;
}

/** @param end offset behind the response; octets that do not follow from the number are an error */
export function readNumbered(view: QueryView, end: number): Numbered {
  const { bytes, questionEnd: at } = view;
  const ttl = readWord(bytes, at + 6);
  if (((bytes[3] as number) & 0xf) === Rcode.nxDomain) return { number: readWord(bytes, at + DATA_AT + 2), ttl };
  const number = readWord(bytes, at + DATA_AT);
  const expected = new Uint8Array(end - at - DATA_AT);
  writeNumbered(expected, 0, number, expected.length - 4);
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] !== bytes[at + DATA_AT + i]) throw new Error(`answer ${number} has wrong octets`);
  }
  return { number, ttl };
}

const uniqueOctets = nameOctets('n0000000.scan.example');

/** A name that no other number has, up to ten million; good until the next call. */
export function uniqueName(number: number): Uint8Array {
  for (let at = 8, rest = number; at > 1; at--, rest = Math.floor(rest / 10)) uniqueOctets[at] = 0x30 + (rest % 10);
  return uniqueOctets;
}

function writeQuestion(bytes: Uint8Array, name: Uint8Array, type: number, flags: number): number {
  bytes.fill(0, 0, HEADER_LENGTH);
  bytes[2] = flags >> 8;
  bytes[3] = flags;
  bytes[5] = 1;
  bytes.set(name, HEADER_LENGTH);
  const at = HEADER_LENGTH + name.length;
  bytes[at] = type >> 8;
  bytes[at + 1] = type;
  bytes[at + 2] = 0;
  bytes[at + 3] = 1;
  return at + 4;
}

function writeRecord(at: number, pointer: number, type: number, ttl: number, length: number): void {
  responseOctets[at] = 0xc0;
  responseOctets[at + 1] = pointer;
  responseOctets[at + 2] = type >> 8;
  responseOctets[at + 3] = type;
  responseOctets[at + 4] = 0;
  responseOctets[at + 5] = 1;
  writeWord(responseOctets, at + 6, ttl);
  responseOctets[at + 10] = length >> 8;
  responseOctets[at + 11] = length;
}

function writeNumbered(bytes: Uint8Array, at: number, number: number, length: number): void {
  writeWord(bytes, at, number);
  for (let i = 0; i < length; i++) bytes[at + 4 + i] = Math.imul(number + i, 0x9e37_79b1) >>> 24;
}

function scan(length: number): ResponseView {
  if (scanResponse(response, responseOctets, 0, length) !== ResponseScan.ok) throw new Error('not a response');
  return response;
}

function writeWord(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer).setUint32(bytes.byteOffset + at, value);
}

function readWord(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer).getUint32(bytes.byteOffset + at);
}
