import { CacheState } from '../cache/cache-state.ts';
import { ExtendedError } from '../edns-code.ts';
import { HeaderFlag, Opcode, Rcode } from '../header.ts';
import type { LocalAnswer } from '../local/local-answers.ts';
import { RecordClass, RecordType } from '../record-type.ts';
import { QueryScan, scanQuery } from '../scan/query-view.ts';
import type { ClientTransport } from './input.ts';
import { flavourOf, type Machine } from './machine.ts';
import { writeMinimalAny, writeNullAddress } from './made-answers.ts';
import { Passage, passageOf } from './passage.ts';
import { startRefresh } from './questions.ts';

/** `Forwarder.respond` has no response yet: the query is to be handed to `Forwarder.handle`. */
export const PENDING = -1;

/** What a response may have more than its query, but for records: the forwarder's own OPT record. */
const ROOM_FOR_OPT = 192;

/** See `Forwarder.respond`. */
export function respond(
  m: Machine,
  bytes: Uint8Array,
  start: number,
  length: number,
  capacity: number,
  source: number,
  transport: ClientTransport,
  group: number,
  now: number,
): number {
  const { view, asking, statistics, cache } = m;
  if (transport === 'udp') statistics.queries.udp++;
  else statistics.queries.tcp++;
  const scan = scanQuery(view, bytes, start, length, m.seed);
  if (scan === QueryScan.drop || length + ROOM_FOR_OPT > capacity) {
    statistics.answers.dropped++;
    return 0;
  }
  asking.take(view, transport, source, m.settings.maximumUdpSize);
  if (asking.limit > capacity) asking.limit = capacity;
  if (m.limiter !== undefined && !m.limiter.take(source, 1, now)) return limit(m, now);
  const passage = passageOf(m, view, scan);
  if (passage !== Passage.shared) return respondRarely(m, scan, passage, source, group, now);
  m.watchPolicies();
  const flavour = flavourOf(view, group);
  let entry = cache.lookup(view, flavour, now);
  if (cache.found === CacheState.unchecked) {
    const local = m.local?.answer(view, group, now);
    if (local !== undefined) return answerLocally(m, local, flavour, now);
    if (m.blocks?.blocks(view, group) === true) return block(m, now);
    cache.approve(entry);
    entry = cache.lookup(view, flavour, now);
  }
  if (cache.found === CacheState.fresh) {
    const refresh = cache.worthRefreshing;
    // The question is read before the answer takes its place.
    if (refresh) startRefresh(m, view, flavour, group, now);
    statistics.answers.cached++;
    return fromCache(m, entry, cache.extendedError, now);
  }
  return respondWithoutCache(m, entry, source, group, now);
}

/** What is not asked often. */
function respondRarely(m: Machine, scan: number, passage: number, source: number, group: number, now: number): number {
  const { view } = m;
  // RFC 9619 section 4 for more than one question; RFC 6891 section 6.1.3 for a version that is not known.
  if (scan === QueryScan.formErr) return refuse(m, Rcode.formErr, now);
  if (scan === QueryScan.badVers) return refuse(m, Rcode.badVers, now);
  if (scan === QueryScan.notQuery) {
    // RFC 8490 section 5.1: sessions are between neighbours; who has none answers NOTIMP.
    if (((view.flags >>> 11) & 0xf) === Opcode.stateful) return refuse(m, Rcode.notImp, now);
    return admit(m, 0, source, group, now);
  }
  // Who runs here and in which version is nobody's business (RFC 4892), and zones are not given away.
  if (view.class === RecordClass.chaos) return refuse(m, Rcode.refused, now);
  if (view.type === RecordType.axfr || view.type === RecordType.ixfr) return refuse(m, Rcode.refused, now);
  if (view.signed) {
    // Anybody can put a record behind a question that looks like a signature: it opens what is blocked to nobody.
    if (m.blocks?.blocks(view, group) === true) return block(m, now);
    return admit(m, 0, source, group, now);
  }
  if (view.type === RecordType.any) {
    m.statistics.answers.local++;
    return writeMinimalAny(m, now) - view.start;
  }
  if (passage === Passage.untouched || passage === Passage.alone) m.watchPolicies();
  return respondWithoutCache(m, 0, source, group, now);
}

/** @param entry of an answer that has expired, 0 without one */
function respondWithoutCache(m: Machine, entry: number, source: number, group: number, now: number): number {
  const { view, cache } = m;
  const shared = passageOf(m, view, QueryScan.ok) === Passage.shared;
  const found = shared ? cache.found : CacheState.none;
  const { extendedError } = cache;
  const local = m.local?.answer(view, group, now);
  if (local !== undefined) return answerLocally(m, local, flavourOf(view, group), now);
  if (m.blocks?.blocks(view, group) === true) return block(m, now);
  if (!shared) return admit(m, 0, source, group, now);
  if (found === CacheState.failed) {
    return fail(m, extendedError >= 0 ? extendedError : ExtendedError.cachedError, now);
  }
  if (found === CacheState.staleAfterFailure) return stale(m, entry, now);
  if (found === CacheState.stale && m.areDown(m.routes.of(view.bytes, view.start, view.nameLength, group))) {
    return stale(m, entry, now);
  }
  const above = cache.nxdomainAbove(view, flavourOf(view, group), now);
  if (above !== 0) {
    m.statistics.answers.cached++;
    return fromCache(m, above, cache.extendedError, now);
  }
  return admit(m, entry, source, group, now);
}

/** Lets a question go on, if there is room for one more that waits. */
function admit(m: Machine, entry: number, source: number, group: number, now: number): number {
  const { view } = m;
  const { limiter, settings } = m;
  if (limiter !== undefined && !limiter.take(source, (settings.rateLimit?.forwardedCost ?? 1) - 1, now)) {
    return limit(m, now);
  }
  if (!m.askers.hasRoom(source) || m.routes.of(view.bytes, view.start, view.nameLength, group).length === 0) {
    return entry !== 0 ? stale(m, entry, now) : fail(m, ExtendedError.noReachableAuthority, now);
  }
  return PENDING;
}

function fromCache(m: Machine, entry: number, extendedError: number, now: number): number {
  const { view, asking, writer } = m;
  const { bytes, start } = view;
  const limitAt = start + asking.limit - writer.optLength(asking, extendedError);
  const end = m.cache.write(entry, view, limitAt, now);
  const rcode = (bytes[start + 3] as number) & 0xf;
  return writer.finish(bytes, start, end, asking, rcode, extendedError, now) - start;
}

/** RFC 8767 section 5; RFC 8914 sections 4.4 and 4.20 name it. */
function stale(m: Machine, entry: number, now: number): number {
  const { view, asking, writer } = m;
  const { bytes, start } = view;
  m.statistics.answers.stale++;
  const limitAt = start + asking.limit - writer.optLength(asking, ExtendedError.staleAnswer);
  const end = m.cache.write(entry, view, limitAt, now);
  const rcode = (bytes[start + 3] as number) & 0xf;
  const code = rcode === Rcode.nxDomain ? ExtendedError.staleNxdomainAnswer : ExtendedError.staleAnswer;
  return writer.finish(bytes, start, end, asking, rcode, code, now) - start;
}

function answerLocally(m: Machine, local: LocalAnswer, flavour: number, now: number): number {
  const { view, asking, writer } = m;
  const { bytes, start, questionEnd } = view;
  m.statistics.answers.local++;
  if (local.cacheable && passageOf(m, view, QueryScan.ok) === Passage.shared) {
    const entry = m.storeLocal(view, flavour, local, now);
    if (entry !== 0) return fromCache(m, entry, -1, now);
  }
  const { records, rcode } = local;
  const authoritative = local.authoritative ? HeaderFlag.authoritative : 0;
  if (questionEnd - start + records.length > asking.limit - writer.optLength(asking, -1)) {
    return writer.bare(view, rcode, authoritative | HeaderFlag.truncated, asking, -1, now) - start;
  }
  writer.header(view, rcode, authoritative);
  bytes[start + 6] = local.answers >>> 8;
  bytes[start + 7] = local.answers;
  bytes[start + 8] = local.authorities >>> 8;
  bytes[start + 9] = local.authorities;
  bytes.set(records, questionEnd);
  return writer.finish(bytes, start, questionEnd + records.length, asking, rcode, -1, now) - start;
}

/** RFC 8914 section 4.16. */
function block(m: Machine, now: number): number {
  m.statistics.answers.blocked++;
  if (m.settings.blockAnswer === 'null') return writeNullAddress(m, now) - m.view.start;
  return m.writer.bare(m.view, Rcode.nxDomain, 0, m.asking, ExtendedError.blocked, now) - m.view.start;
}

function fail(m: Machine, extendedError: number, now: number): number {
  m.statistics.answers.failed++;
  return m.writer.bare(m.view, Rcode.servFail, 0, m.asking, extendedError, now) - m.view.start;
}

function refuse(m: Machine, rcode: number, now: number): number {
  m.statistics.answers.refused++;
  return m.writer.bare(m.view, rcode, 0, m.asking, -1, now) - m.view.start;
}

/**
 * Who asks too much gets nothing and, every other time, an answer that has nobody ask by UDP again who is not what he
 * says he is: TC. Over TCP he is, and is refused.
 */
function limit(m: Machine, now: number): number {
  const { limiter, asking, view, writer, statistics } = m;
  statistics.answers.limited++;
  if (asking.overTcp) return writer.bare(view, Rcode.refused, 0, asking, ExtendedError.prohibited, now) - view.start;
  if (limiter?.slip() !== true) return 0;
  return writer.bare(view, Rcode.noError, HeaderFlag.truncated, asking, -1, now) - view.start;
}
