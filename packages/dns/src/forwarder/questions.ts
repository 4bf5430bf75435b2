import { ExtendedError } from '../edns-code.ts';
import { Rcode } from '../header.ts';
import { QueryScan, type QueryView, scanQuery } from '../scan/query-view.ts';
import type { Asker } from './asker.ts';
import { ask, endExchanges, hasUntried, judgeAll } from './attempts.ts';
import { clientSubnetOption } from './client-subnet.ts';
import type { ForwarderInput } from './input.ts';
import { flavourOf, type Machine } from './machine.ts';
import { Outcome } from './outcome.ts';
import { Passage, passageOf } from './passage.ts';
import type { Pending } from './pending.ts';

/** Younger questions do not give way to new ones: their answers are still likely to come. */
const UNTOUCHABLE_MS = 200;
/** Questions that are looked at for one that nobody waits for. */
const LOOKED_AT = 64;

/** Takes a query that has to be answered by an upstream. */
export function onQuery(m: Machine, input: ForwarderInput & { kind: 'query' }, now: number): void {
  const { payload, transport, source, group } = input;
  const { view } = m;
  const scan = scanQuery(view, payload, 0, payload.length, m.seed);
  if (scan === QueryScan.drop) return;
  const asker = m.askers.take(input.asker, view, transport, source, m.settings.maximumUdpSize);
  const flavour = flavourOf(view, group);
  asker.flavour = flavour;
  if (scan === QueryScan.formErr || scan === QueryScan.badVers) {
    tellFailure(m, asker, scan === QueryScan.formErr ? Rcode.formErr : Rcode.badVers, -1);
    return;
  }
  const passage = passageOf(m, view, scan);
  const joined = passage === Passage.shared ? m.pendings.find(view, flavour) : undefined;
  if (joined !== undefined) {
    m.statistics.joined++;
    join(m, joined, asker, now);
    return;
  }
  const pending = begin(m, view, flavour, group, now);
  if (pending === undefined) {
    tellFailure(m, asker, Rcode.servFail, ExtendedError.noReachableAuthority);
    return;
  }
  pending.askers = asker;
  pending.cacheable = passage === Passage.shared;
  if (passage === Passage.untouched) {
    pending.raw = payload.slice();
    pending.stream = asker.overTcp;
  } else if (passage === Passage.alone) pending.alone = true;
  if (passage === Passage.alone && m.settings.clientSubnet) pending.subnet = clientSubnetOption(view);
  ask(m, pending, now);
  review(m, pending, now);
}

/** Asks for a popular answer again before it expires. */
export function startRefresh(m: Machine, view: QueryView, flavour: number, group: number, now: number): void {
  if (m.pendings.full || m.pendings.find(view, flavour) !== undefined) return;
  const pending = begin(m, view, flavour, group, now);
  if (pending === undefined) return;
  ask(m, pending, now);
  // Nothing may be stored here, since the answer that is there is about to be given.
  if (pending.exchanges === undefined) {
    m.pendings.remove(pending);
    return;
  }
  m.statistics.prefetches++;
  m.pendings.schedule(pending, dueAt(m, pending));
}

/**
 * After an attempt that came to nothing: there may be another upstream, somebody else may still answer, or all is over.
 *
 * @param again whether the same upstream may be asked once more
 */
export function goOn(m: Machine, pending: Pending, again: boolean, now: number): void {
  if (hasUntried(m, pending) || (again && pending.exchanges === undefined)) ask(m, pending, now);
  review(m, pending, now);
}

/** Ends a question that there is no hope for, and sees to it that others are looked at in time. */
export function review(m: Machine, pending: Pending, now: number): void {
  if (pending.exchanges === undefined) {
    giveUp(m, pending, now);
    endQuestion(m, pending, now);
    return;
  }
  m.pendings.schedule(pending, dueAt(m, pending));
}

/** When something is to be done for a question. */
function dueAt(m: Machine, pending: Pending): number {
  const { timings } = m.settings;
  const stage = pending.givenUp
    ? timings.resolutionMs
    : pending.staleTried
      ? timings.giveUpMs
      : Math.min(timings.clientTimerMs, timings.giveUpMs);
  return Math.min(pending.nextAttemptAt, pending.startedAt + stage);
}

/** Does what the time has come for. */
export function onDue(m: Machine, pending: Pending, now: number): void {
  const { timings } = m.settings;
  const age = now - pending.startedAt;
  if (age >= timings.resolutionMs) {
    giveUp(m, pending, now);
    endQuestion(m, pending, now);
    return;
  }
  if (!pending.givenUp && age >= timings.giveUpMs) giveUp(m, pending, now);
  if (!pending.staleTried && age >= timings.clientTimerMs) {
    pending.staleTried = true;
    judgeAll(m, pending, now);
    // RFC 8767 section 5: "if the client response timer has elapsed ... the resolver then checks its cache".
    if (!pending.givenUp && m.hasStale(pending, now)) {
      pending.givenUp = true;
      tellAll(m, pending, Outcome.stale, Rcode.servFail, ExtendedError.noReachableAuthority);
    }
  }
  if (now >= pending.nextAttemptAt) ask(m, pending, now);
  m.pendings.schedule(pending, dueAt(m, pending));
}

/** An answer has come: tells those who wait. Its octets are in the machine. */
export function settle(m: Machine, pending: Pending, outcome: number, now: number): void {
  tellAll(m, pending, outcome, Rcode.servFail, -1);
  endQuestion(m, pending, now);
}

/** Tells those who wait what there is instead of an answer: one that has expired, or the error. */
export function giveUp(m: Machine, pending: Pending, now: number): void {
  if (pending.givenUp && pending.failureStored) return;
  const { rcode } = pending;
  const extendedError =
    pending.extendedError >= 0 || rcode >= 0
      ? pending.extendedError
      : pending.networkError
        ? ExtendedError.networkError
        : ExtendedError.noReachableAuthority;
  if (!pending.failureStored) {
    pending.failureStored = true;
    // RFC 9520 section 3.2: "Resolvers MUST cache resolution failures".
    if (rcode < 0 || rcode === Rcode.servFail) m.storeFailure(pending, extendedError, now);
  }
  pending.givenUp = true;
  const outcome = pending.askers !== undefined && m.hasStale(pending, now) ? Outcome.stale : Outcome.failure;
  tellAll(m, pending, outcome, rcode < 0 ? Rcode.servFail : rcode, extendedError);
}

/** Has nobody wait any more for a question, and no upstream be listened to. */
export function endQuestion(m: Machine, pending: Pending, now: number): void {
  endExchanges(m, pending, now);
  m.pendings.remove(pending);
}

function join(m: Machine, pending: Pending, asker: Asker, now: number): void {
  asker.next = pending.askers;
  pending.askers = asker;
  if (!pending.givenUp) return;
  // The time is up already for those who came before.
  const outcome = m.hasStale(pending, now) ? Outcome.stale : Outcome.failure;
  tellAll(m, pending, outcome, Rcode.servFail, ExtendedError.noReachableAuthority);
}

function begin(m: Machine, view: QueryView, flavour: number, group: number, now: number): Pending | undefined {
  const route = m.routes.of(view.bytes, view.start, view.nameLength, group);
  if (route.length === 0 || (m.pendings.full && !makeRoom(m, now))) return undefined;
  const pending = m.pendings.add(view, flavour, now);
  pending.route = route;
  pending.group = group;
  pending.privateAllowed = m.routes.allowsPrivate(view.bytes, view.start, view.nameLength);
  return pending;
}

/**
 * Ends a question for a new one: the oldest of those that nobody waits for, else the oldest of all, whose client has its
 * error a little earlier. When all are young, the new one has to wait its turn.
 */
function makeRoom(m: Machine, now: number): boolean {
  let victim = m.pendings.oldest;
  for (let left = LOOKED_AT; left > 0 && victim !== undefined && victim.askers !== undefined; left--) {
    victim = victim.newer;
  }
  if (victim === undefined || victim.askers !== undefined) victim = m.pendings.oldest;
  if (victim === undefined) return false;
  if (victim.askers !== undefined && now - victim.startedAt < UNTOUCHABLE_MS) return false;
  const outcome = m.hasStale(victim, now) ? Outcome.stale : Outcome.failure;
  tellAll(m, victim, outcome, Rcode.servFail, ExtendedError.noReachableAuthority);
  endQuestion(m, victim, now);
  return true;
}

function tellAll(m: Machine, pending: Pending, outcome: number, rcode: number, extendedError: number): void {
  let asker = pending.askers;
  pending.askers = undefined;
  while (asker !== undefined) {
    const { next } = asker;
    asker.next = undefined;
    asker.outcome = outcome;
    asker.rcode = rcode;
    asker.extendedError = extendedError;
    asker.answerSerial = m.answerSerial;
    m.outbox.push(asker);
    asker = next;
  }
}

function tellFailure(m: Machine, asker: Asker, rcode: number, extendedError: number): void {
  asker.outcome = Outcome.failure;
  asker.rcode = rcode;
  asker.extendedError = extendedError;
  m.outbox.push(asker);
}
