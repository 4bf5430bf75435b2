import { ExtendedError } from '../edns-code.ts';
import { HEADER_LENGTH, HeaderFlag, Rcode } from '../header.ts';
import { RecordType } from '../record-type.ts';
import { scanResponse } from '../scan/response-scanner.ts';
import type { ResponseView } from '../scan/response-view.ts';
import { isError, Match, matchAnswer, matchesRaw } from './answer-match.ts';
import { endExchange, endFailed, heard, noteDown, send } from './attempts.ts';
import type { FailureReason } from './input.ts';
import type { Machine } from './machine.ts';
import { Outcome } from './outcome.ts';
import type { Exchange, Pending } from './pending.ts';
import { hasPrivateAddress } from './private-address.ts';
import { endProbe, onProbeAnswer } from './probes.ts';
import { endQuestion, giveUp, goOn, review, settle } from './questions.ts';

/** Takes what an upstream, or whoever forges its address, says. */
export function onAnswer(m: Machine, number: number, payload: Uint8Array, now: number): void {
  const exchange = m.exchanges.get(number);
  // Late, or of an exchange that nobody has sent.
  if (exchange === undefined || !exchange.sent) return;
  const { upstream, pending } = exchange;
  if (payload.length > m.answer.length) {
    upstream.counters.discarded++;
    return;
  }
  m.answer.set(payload);
  m.answerLength = payload.length;
  m.answerSerial++;
  m.answerEntry = 0;
  if (pending?.raw !== undefined) {
    onUntouched(m, exchange, pending, pending.raw, now);
    return;
  }
  const match = matchAnswer(exchange, m.answerView, scanResponse(m.answerView, m.answer, 0, payload.length), now);
  if (match === Match.discard) {
    upstream.counters.discarded++;
  } else if (pending === undefined) onProbeAnswer(m, exchange, match, now);
  else onMatched(m, exchange, pending, match, now);
}

/** The transport could not. */
export function onFailed(m: Machine, number: number, reason: FailureReason, now: number): void {
  const exchange = m.exchanges.get(number);
  if (exchange === undefined || !exchange.sent) return;
  const { pending, upstream } = exchange;
  upstream.counters.failed++;
  if (reason !== 'busy' && upstream.silent(now)) noteDown(m, upstream);
  if (pending === undefined) endProbe(m, exchange);
  endFailed(m, exchange);
  if (pending === undefined) return;
  pending.networkError = true;
  // RFC 7766 section 6.2.4: a connection may be closed under a query's feet; that is no reason not to ask again.
  goOn(m, pending, reason === 'closed', now);
}

function onUntouched(m: Machine, exchange: Exchange, pending: Pending, raw: Uint8Array, now: number): void {
  if (!matchesRaw(m.answer, m.answerLength, raw, exchange.id)) {
    exchange.upstream.counters.discarded++;
    return;
  }
  heard(m, exchange, now);
  endExchange(m, exchange);
  settle(m, pending, Outcome.untouched, now);
}

function onMatched(m: Machine, exchange: Exchange, pending: Pending, match: number, now: number): void {
  const { upstream } = exchange;
  const view = m.answerView;
  if (match === Match.unproven) {
    upstream.counters.discarded++;
    askAgain(m, exchange, pending, true, now);
    return;
  }
  heard(m, exchange, now);
  if (match === Match.malformed || (match === Match.truncated && exchange.stream)) {
    if (pending.extendedError < 0) pending.extendedError = ExtendedError.invalidData;
    noHelp(m, exchange, pending, now);
  } else if (match === Match.truncated) {
    const asked = pending.stream;
    pending.stream = true;
    // Another upstream may have said so before: its connection is on the way.
    if (asked) leave(m, exchange, pending, now);
    else askAgain(m, exchange, pending, true, now);
  } else if (view.rcode === Rcode.badCookie) {
    // RFC 7873 section 5.3: ask again with the new server cookie; "SHOULD retry using TCP" after a few times.
    const repeated = exchange.afterBadCookie;
    const again = askAgain(m, exchange, pending, repeated, now);
    if (again !== undefined) again.afterBadCookie = !repeated;
  } else if (refusesEdns(exchange, view)) {
    const again = askAgain(m, exchange, pending, exchange.stream, now);
    if (again !== undefined) {
      again.afterRefusedEdns = true;
      again.edns = again.cookie = false;
    }
  } else if (isError(view.rcode) || isReferral(view)) onError(m, exchange, pending, now);
  else {
    // It was EDNS indeed; a question that is refused without it as well must not take everybody's DNSSEC away.
    if (exchange.afterRefusedEdns) upstream.refusedEdns(now);
    accept(m, exchange, pending, now);
  }
}

/** RFC 6891 section 7: a responder that does not know EDNS answers FORMERR or NOTIMP, without an OPT record of its own. */
function refusesEdns(exchange: Exchange, view: ResponseView): boolean {
  return exchange.edns && view.optIndex < 0 && (view.rcode === Rcode.formErr || view.rcode === Rcode.notImp);
}

function onError(m: Machine, exchange: Exchange, pending: Pending, now: number): void {
  const { rcode, extendedError } = m.answerView;
  const told = rcode === Rcode.noError ? Rcode.servFail : rcode;
  if (pending.rcode < 0 || told === Rcode.servFail) pending.rcode = told;
  if (extendedError >= 0) pending.extendedError = extendedError;
  if (rcode === Rcode.servFail && isAboutSecurity(extendedError)) {
    // Another upstream, which does not validate, must not be what makes a forged name work.
    giveUp(m, pending, now);
    endQuestion(m, pending, now);
  } else noHelp(m, exchange, pending, now);
}

/** Ends an exchange that was of no use, and asks somebody else. */
function noHelp(m: Machine, exchange: Exchange, pending: Pending, now: number): void {
  exchange.upstream.counters.errors++;
  endExchange(m, exchange);
  goOn(m, pending, false, now);
}

function leave(m: Machine, exchange: Exchange, pending: Pending, now: number): void {
  endExchange(m, exchange);
  review(m, pending, now);
}

/** Asks the same upstream once more, in another way. */
function askAgain(
  m: Machine,
  exchange: Exchange,
  pending: Pending,
  stream: boolean,
  now: number,
): Exchange | undefined {
  const { upstream } = exchange;
  endExchange(m, exchange);
  const again =
    pending.attempts++ < 2 * m.settings.timings.attempts ? send(m, pending, upstream, stream, now) : undefined;
  if (again === undefined) goOn(m, pending, false, now);
  else review(m, pending, now);
  return again;
}

function accept(m: Machine, exchange: Exchange, pending: Pending, now: number): void {
  const view = m.answerView;
  endExchange(m, exchange);
  if (!pending.privateAllowed && hasPrivateAddress(view)) {
    m.statistics.rebinds++;
    const name = pending.question.slice(HEADER_LENGTH, pending.questionEnd - 4);
    m.outbox.tell({ kind: 'event', event: 'rebind-blocked', name });
    settle(m, pending, Outcome.rebind, now);
    return;
  }
  if (pending.cacheable) m.answerEntry = m.cache.store(m.viewOf(pending), pending.flavour, view, now);
  settle(m, pending, Outcome.answer, now);
}

/** A server that does not recurse, and knows somebody who might know. */
function isReferral(view: ResponseView): boolean {
  if (view.rcode !== Rcode.noError || view.answers > 0 || view.soaIndex >= 0) return false;
  if ((view.flags & (HeaderFlag.recursionAvailable | HeaderFlag.authoritative)) !== 0) return false;
  return view.authorities > 0 && view.recordType[0] === RecordType.ns;
}

/** Info codes of RFC 8914 that say that an upstream has validated, and found a forgery or what looks like one. */
function isAboutSecurity(extendedError: number): boolean {
  return (
    (extendedError >= ExtendedError.dnssecIndeterminate && extendedError <= ExtendedError.nsecMissing) ||
    extendedError === ExtendedError.unsupportedDnskeyAlgorithm ||
    extendedError === ExtendedError.unsupportedDsDigestType ||
    extendedError === ExtendedError.signatureExpiredBeforeValid ||
    extendedError === ExtendedError.unsupportedNsec3Iterations
  );
}
