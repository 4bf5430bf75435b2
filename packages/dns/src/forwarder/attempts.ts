import type { Machine } from './machine.ts';
import type { Exchange, Pending } from './pending.ts';
import type { UpstreamState } from './upstream-state.ts';

/** The least time between two attempts, but for the first two. */
const LEAST_INTERVAL_MS = 50;
/** The least time until an upstream is asked the same again. */
const LEAST_REPEAT_MS = 200;
/** An upstream that did not answer for so long when another one did counts as silent. */
const SILENT_AFTER_MS = 800;

/** Asks the upstream whose turn it is, and says when the next one is to be asked as well. */
export function ask(m: Machine, pending: Pending, now: number): void {
  const { timings } = m.settings;
  const place = choose(m, pending);
  const upstream = m.upstreams[pending.route[place] as number];
  if (pending.attempts >= timings.attempts) {
    pending.nextAttemptAt = Number.POSITIVE_INFINITY;
    return;
  }
  if (upstream === undefined) {
    pending.nextAttemptAt = now + timings.maximumHedgeMs;
    return;
  }
  pending.tries[place]!++;
  pending.attempts++;
  const exchange = send(m, pending, upstream, pending.stream, now);
  if (exchange === undefined) return;
  // What goes on untouched may change something where it arrives (RFC 2136), so it is sent once.
  if (pending.raw !== undefined) pending.nextAttemptAt = Number.POSITIVE_INFINITY;
  else {
    pending.intervalMs = intervalMs(m, pending, upstream);
    pending.nextAttemptAt = now + pending.intervalMs;
  }
}

/**
 * Sends a question, whatever was sent before.
 *
 * @returns undefined when there is no room: the next attempt is later
 */
export function send(
  m: Machine,
  pending: Pending | undefined,
  upstream: UpstreamState,
  stream: boolean,
  now: number,
): Exchange | undefined {
  const exchange = m.exchanges.take();
  if (exchange === undefined) {
    if (pending !== undefined) pending.nextAttemptAt = now + LEAST_INTERVAL_MS;
    return undefined;
  }
  const { settings } = m;
  const ours = pending?.raw === undefined;
  const guarded = ours && !stream && upstream.settings.encrypted !== true;
  exchange.pending = pending;
  exchange.upstream = upstream;
  // RFC 5452 section 9.2: "Use an unpredictable query ID ... utilizing the full range available (0 to 65535)".
  exchange.id = m.random() & 0xffff;
  exchange.stream = stream;
  exchange.edns = ours && upstream.knowsEdns(now);
  exchange.cookie = guarded && exchange.edns && settings.cookies;
  exchange.caseSeed = guarded && settings.mixedCase && upstream.keepsCase(now) ? m.random() | 1 : 0;
  exchange.afterBadCookie = false;
  exchange.afterRefusedEdns = false;
  exchange.judged = false;
  exchange.startedAt = now;
  if (pending !== undefined) {
    exchange.next = pending.exchanges;
    pending.exchanges = exchange;
  }
  upstream.counters.asked++;
  m.outbox.push(exchange);
  return exchange;
}

/** Whether there is an upstream that has not been asked yet. */
export function hasUntried(m: Machine, pending: Pending): boolean {
  if (pending.raw !== undefined && pending.exchanges !== undefined) return false;
  if (pending.attempts >= m.settings.timings.attempts) return false;
  for (let place = 0; place < pending.route.length; place++) if (pending.tries[place] === 0) return true;
  return false;
}

/** Ends one exchange of a question; whoever sent it is told. */
export function endExchange(m: Machine, exchange: Exchange): void {
  const { pending } = exchange;
  if (pending !== undefined) unlink(pending, exchange);
  exchange.open = false;
  exchange.pending = undefined;
  // One that nobody has sent yet waits in the outbox, and is released there.
  if (exchange.sent) m.outbox.push(exchange);
}

/** Ends one that its transport has ended already. */
export function endFailed(m: Machine, exchange: Exchange): void {
  if (exchange.pending !== undefined) unlink(exchange.pending, exchange);
  exchange.open = false;
  if (exchange.sent) m.exchanges.release(exchange);
}

/** Ends all of a question, as it is over. */
export function endExchanges(m: Machine, pending: Pending, now: number): void {
  for (let exchange = pending.exchanges; exchange !== undefined; exchange = pending.exchanges) {
    judge(m, exchange, now);
    endExchange(m, exchange);
  }
}

/** Notes that an upstream is down, or is there again. */
export function noteDown(m: Machine, upstream: UpstreamState): void {
  m.outbox.tell({ kind: 'event', event: 'upstream-down', upstream: upstream.index });
}

/** An exchange has brought an answer, of whatever kind. */
export function heard(m: Machine, { upstream, startedAt, stream }: Exchange, now: number): void {
  // A connection proves who it is, and that it has done with cookies.
  if (stream && upstream.cookieDoubted) upstream.forgetCookie();
  if (upstream.answered(now - startedAt, !stream, now)) noteUp(m, upstream);
}

/** Has failures of the past not count any more, since they may have had the cause that is gone now. */
function noteUp(m: Machine, upstream: UpstreamState): void {
  m.answerEntry = 0;
  m.cache.forgetFailures();
  m.outbox.tell({ kind: 'event', event: 'upstream-up', upstream: upstream.index });
}

/** Notes who has not answered for so long that it counts, while others may still. */
export function judgeAll(m: Machine, pending: Pending, now: number): void {
  for (let exchange = pending.exchanges; exchange !== undefined; exchange = exchange.next) {
    if (now - exchange.startedAt >= SILENT_AFTER_MS) judge(m, exchange, now);
  }
}

/** What it says of an upstream that it has not answered until now. */
function judge(m: Machine, exchange: Exchange, now: number): void {
  const { upstream, startedAt, sent, judged } = exchange;
  const elapsed = now - startedAt;
  if (!sent || judged || elapsed <= 0) return;
  exchange.judged = true;
  if (elapsed < SILENT_AFTER_MS) {
    upstream.overtaken(elapsed);
    return;
  }
  upstream.counters.unanswered++;
  if (upstream.silent(now)) noteDown(m, upstream);
}

/** The one that was asked least, one that is down as if it were asked once more; of those the fastest. */
function choose(m: Machine, pending: Pending): number {
  let best = -1;
  let bestTries = 0;
  let bestMs = 0;
  for (let place = 0; place < pending.route.length; place++) {
    const upstream = m.upstreams[pending.route[place] as number];
    if (upstream === undefined || isUnderWay(pending, upstream)) continue;
    const tries = (pending.tries[place] as number) + (upstream.down ? 1 : 0);
    const ms = upstream.down ? Number.POSITIVE_INFINITY : upstream.smoothedMs;
    if (best >= 0 && (tries > bestTries || (tries === bestTries && ms >= bestMs))) continue;
    best = place;
    bestTries = tries;
    bestMs = ms;
  }
  return best;
}

/** Whether a connection, which loses nothing, has the question already. */
function isUnderWay(pending: Pending, upstream: UpstreamState): boolean {
  for (let exchange = pending.exchanges; exchange !== undefined; exchange = exchange.next) {
    if (exchange.upstream === upstream && (exchange.stream || upstream.settings.encrypted === true)) return true;
  }
  return false;
}

function intervalMs(m: Machine, pending: Pending, upstream: UpstreamState): number {
  const { timings } = m.settings;
  if (pending.stream) return timings.maximumHedgeMs;
  const hedge = upstream.down ? timings.minimumHedgeMs : upstream.hedgeMs(timings);
  const wait = pending.attempts === 1 ? hedge : Math.max(2 * pending.intervalMs, LEAST_INTERVAL_MS);
  // Who has to look for an answer himself takes longer than usual: asked twice he does not find it sooner.
  const least = hasUntried(m, pending) ? 0 : LEAST_REPEAT_MS;
  return Math.min(Math.max(wait, least), timings.maximumHedgeMs);
}

function unlink(pending: Pending, exchange: Exchange): void {
  if (pending.exchanges === exchange) pending.exchanges = exchange.next;
  else {
    let at = pending.exchanges;
    while (at !== undefined && at.next !== exchange) at = at.next;
    if (at !== undefined) at.next = exchange.next;
  }
  exchange.next = undefined;
}
