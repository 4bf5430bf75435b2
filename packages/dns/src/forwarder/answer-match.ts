import { HEADER_LENGTH, HeaderFlag, Rcode } from '../header.ts';
import { RecordClass, RecordType } from '../record-type.ts';
import { sameOctetsIgnoringCase } from '../scan/name.ts';
import { ResponseScan, type ResponseView } from '../scan/response-view.ts';
import { isAboutQuestion } from './answer-owners.ts';
import { copyOctets, readU16 } from './message-writing.ts';
import type { Exchange } from './pending.ts';
import { CLIENT_COOKIE_LENGTH } from './server-cookies.ts';
import { hasMixedCase } from './upstream-query.ts';

/** What a message is to the question that it came for. */
export const Match = {
  /** It belongs to another question, or is forged: the right one may still come. */
  discard: 0,
  /** It may be forged: the upstream is to be asked by a connection. */
  unproven: 1,
  /** It comes from who was asked, and its form is wrong. */
  malformed: 2,
  /** It comes from who was asked, and is only the beginning. */
  truncated: 3,
  /** It is the answer. */
  answer: 4,
} as const;

/** OPCODE and QR of a response to a query. */
const OPCODE_AND_RESPONSE = 0xf800;

/**
 * Holds a message against the question. RFC 5452 section 9.1: a resolver "MUST match responses to all of" question, id,
 * and addresses and ports (the transport's part).
 *
 * @param scan what `scanResponse` made of it
 */
export function matchAnswer(exchange: Exchange, view: ResponseView, scan: number, now: number): number {
  const { upstream } = exchange;
  if (scan === ResponseScan.notResponse || view.id !== exchange.id) return Match.discard;
  if ((view.flags & OPCODE_AND_RESPONSE) !== HeaderFlag.response) return Match.discard;
  if (view.questions === 0) {
    // Who cannot read a question cannot repeat it either. All that comes of it is that another upstream is asked.
    return scan === ResponseScan.ok && isError(view.rcode) ? Match.answer : Match.discard;
  }
  if (!hasQuestion(exchange, view)) return Match.discard;
  if (exchange.caseSeed !== 0) {
    const right = hasMixedCase(view.bytes, HEADER_LENGTH, view.questionEnd - 4, exchange.caseSeed);
    upstream.caseSeen(right, now);
    if (!right) return Match.unproven;
  }
  if (scan !== ResponseScan.ok) {
    return scan === ResponseScan.truncated && view.truncated ? Match.truncated : Match.malformed;
  }
  if (exchange.cookie) {
    const match = matchCookie(exchange, view);
    if (match !== Match.answer) return match;
  }
  if (view.truncated) return Match.truncated;
  return isAboutQuestion(view) ? Match.answer : Match.malformed;
}

/** Whether this is the response to a query that went on as it was: id, opcode and, where there is one, question. */
export function matchesRaw(bytes: Uint8Array, length: number, raw: Uint8Array, id: number): boolean {
  if (length < HEADER_LENGTH || readU16(bytes, 0) !== id) return false;
  if ((readU16(bytes, 2) & OPCODE_AND_RESPONSE) !== ((readU16(raw, 2) & 0x7800) | HeaderFlag.response)) return false;
  if (readU16(bytes, 4) === 0) return true;
  if (readU16(raw, 4) !== 1 || readU16(bytes, 4) !== 1) return readU16(raw, 4) === readU16(bytes, 4);
  let end = HEADER_LENGTH;
  while (end < raw.length && raw[end] !== 0) end += (raw[end] as number) + 1;
  end += 5;
  return (
    end <= raw.length &&
    end <= length &&
    sameOctetsIgnoringCase(raw, HEADER_LENGTH, bytes, HEADER_LENGTH, end - HEADER_LENGTH)
  );
}

/** Errors that say that the question was not understood, or that this server is no help. */
export function isError(rcode: number): boolean {
  return rcode === Rcode.servFail || rcode === Rcode.refused || rcode === Rcode.formErr || rcode === Rcode.notImp;
}

function hasQuestion({ pending }: Exchange, view: ResponseView): boolean {
  if (pending === undefined) {
    return view.nameLength === 1 && view.type === RecordType.ns && view.class === RecordClass.internet;
  }
  const { question, questionEnd } = pending;
  const typeAt = questionEnd - 4;
  return (
    view.nameLength === typeAt - HEADER_LENGTH &&
    view.type === readU16(question, typeAt) &&
    view.class === readU16(question, typeAt + 2) &&
    sameOctetsIgnoringCase(question, HEADER_LENGTH, view.bytes, HEADER_LENGTH, view.nameLength)
  );
}

/** RFC 7873 section 5.3. */
function matchCookie({ upstream }: Exchange, view: ResponseView): number {
  const { bytes, cookieAt, cookieLength } = view;
  if (cookieAt === 0) {
    // "If the client is expecting the response to contain a COOKIE option and it is missing, the response MUST be discarded."
    if (upstream.cookieLength === CLIENT_COOKIE_LENGTH) return Match.answer;
    upstream.cookieDoubted = true;
    return Match.unproven;
  }
  // "If the COOKIE option Client Cookie does not match what the client expects ... the response MUST be discarded."
  const bare = cookieLength === CLIENT_COOKIE_LENGTH;
  if (!bare && cookieLength < 2 * CLIENT_COOKIE_LENGTH) return Match.discard;
  if (cookieLength > upstream.cookie.length) return Match.discard;
  for (let i = 0; i < CLIENT_COOKIE_LENGTH; i++) {
    if (bytes[cookieAt + i] !== upstream.cookie[i]) return Match.discard;
  }
  // Of somebody who knows no cookies, and makes errors of what was asked: he has seen the question, that is all it says.
  if (bare) return Match.answer;
  copyOctets(upstream.cookie, 0, bytes, cookieAt, cookieLength);
  upstream.cookieLength = cookieLength;
  upstream.cookieDoubted = false;
  return Match.answer;
}
