import { isDeepStrictEqual } from 'node:util';
import { DecodeError, EncodeError } from '@router7/wire';
import {
  type DnsMessage,
  decodeMessage,
  encodeMessage,
  HEADER_LENGTH,
  MAX_RECORDS,
  QueryScan,
  QueryView,
  type ResourceRecord,
  ResponseScan,
  ResponseView,
  scanQuery,
  scanResponse,
} from '../../src/index.ts';

const query = new QueryView();
const response = new ResponseView();

/** Puts a message through the decoder and the scanners, which have to agree. @throws Error when something is wrong */
export function checkCodec(bytes: Uint8Array): void {
  const scannedQuery = scanQuery(query, bytes, 0, bytes.length, 7);
  const scannedResponse = scanResponse(response, bytes, 0, bytes.length);
  const message = decoded(bytes);
  if (message === undefined) {
    // A query's other records are not read by the scanner, a response's are.
    if (scannedResponse === ResponseScan.ok) throw new Error('the scanner takes a response that the decoder refuses');
    return;
  }
  const records = [...message.answers, ...message.authorities, ...message.additionals];
  const isResponse = (message.flags & 0x8000) !== 0;
  const opts = records.filter(isOpt);
  const soundOpt =
    opts.length === 0 || (opts.length === 1 && opts[0]?.kind === 'opt' && message.additionals.some(isOpt));
  if (isResponse && message.questions.length <= 1 && records.length <= MAX_RECORDS) {
    if ((scannedResponse === ResponseScan.ok) !== soundOpt) throw new Error('decoder and scanner of responses differ');
    if (soundOpt && response.records !== records.length) throw new Error('the scanner has other records');
  }
  if (!isResponse && (message.flags & 0x7800) === 0 && message.questions.length === 1) {
    const good = scannedQuery === QueryScan.ok || scannedQuery === QueryScan.badVers;
    if (good !== (soundOpt && soundCookies(opts[0]))) throw new Error('decoder and scanner of queries differ');
  }
  let again: Uint8Array;
  try {
    again = encodeMessage(message);
  } catch (error) {
    // Another spelling of a suffix is not pointed at: what was full then has no room.
    if (error instanceof EncodeError && error.code === 'too-long' && bytes.length > 30_000) return;
    throw error;
  }
  const second = decoded(again);
  if (!isDeepStrictEqual(second, message)) throw new Error('encoded and decoded again it is another message');
}

/** Decodes and scans a message. */
export function readAll(bytes: Uint8Array): void {
  scanQuery(query, bytes, 0, bytes.length, 7);
  scanResponse(response, bytes, 0, bytes.length);
  decoded(bytes);
}

function decoded(bytes: Uint8Array): DnsMessage | undefined {
  try {
    return decodeMessage(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    if (!(error.offset >= 0 && error.offset <= bytes.length)) throw new Error('the offset of the error is outside');
    if (bytes.length >= HEADER_LENGTH && error.code === 'missing') throw new Error('nothing can be missing');
    return undefined;
  }
}

function isOpt(record: ResourceRecord): boolean {
  return record.kind === 'opt' || (record.kind === 'raw' && record.type === 41);
}

/** Only the first COOKIE option is looked at. */
function soundCookies(opt: ResourceRecord | undefined): boolean {
  if (opt?.kind !== 'opt') return true;
  const first = opt.options.find((option) => option.kind === 'cookie' || (option.kind === 'raw' && option.code === 10));
  return first === undefined || first.kind === 'cookie';
}
