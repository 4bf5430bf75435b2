import { Rcode } from '../header.ts';
import { Match } from './answer-match.ts';
import { endExchange, heard, noteDown, send } from './attempts.ts';
import type { Machine } from './machine.ts';
import type { Exchange } from './pending.ts';
import type { UpstreamState } from './upstream-state.ts';

/** How long the answer to a probe may take: an upstream behind a satellite is slow, and not down. */
const PROBE_TIMEOUT_MS = 2000;
/** Connections cost more than datagrams, so they are tried less often when they fail. */
const ENCRYPTED_FACTOR = 4;

/** Asks upstreams that were not heard for a while how fast they are, and those that are down whether they still are. */
export function onProbeTime(m: Machine, now: number): void {
  for (let late = m.probes[0]; late !== undefined && now >= late.startedAt + PROBE_TIMEOUT_MS; late = m.probes[0]) {
    const { upstream } = late;
    upstream.counters.unanswered++;
    if (upstream.silent(now)) noteDown(m, upstream);
    endProbe(m, late);
    endExchange(m, late);
  }
  for (const upstream of m.upstreams) if (now >= upstream.probeAt) probe(m, upstream, now);
}

/** When {@link onProbeTime} is due. */
export function probeTime(m: Machine): number {
  const first = m.probes[0];
  let at = first === undefined ? Number.POSITIVE_INFINITY : first.startedAt + PROBE_TIMEOUT_MS;
  for (const { probeAt } of m.upstreams) if (probeAt < at) at = probeAt;
  return at;
}

/** An answer to a probe, of whatever kind: the upstream is there. */
export function onProbeAnswer(m: Machine, exchange: Exchange, match: number, now: number): void {
  const { upstream } = exchange;
  endProbe(m, exchange);
  endExchange(m, exchange);
  if (match === Match.unproven) {
    const again = send(m, undefined, upstream, true, now);
    if (again !== undefined) m.probes.push(again);
  } else if (m.answerView.rcode === Rcode.servFail) {
    // It has lost its own way out.
    upstream.counters.errors++;
    if (upstream.silent(now)) noteDown(m, upstream);
  } else heard(m, exchange, now);
}

/** Takes a probe out of the list. */
export function endProbe(m: Machine, exchange: Exchange): void {
  const at = m.probes.indexOf(exchange);
  if (at >= 0) m.probes.splice(at, 1);
}

function probe(m: Machine, upstream: UpstreamState, now: number): void {
  const { probeMs, downProbeMs } = m.settings.timings;
  const doubtful = upstream.down || upstream.suspect;
  if (!doubtful && now < upstream.heardAt + probeMs) {
    upstream.probeAt = upstream.heardAt + probeMs;
    return;
  }
  upstream.counters.probes++;
  const exchange = send(m, undefined, upstream, false, now);
  if (exchange !== undefined) m.probes.push(exchange);
  const pause = upstream.settings.encrypted === true ? ENCRYPTED_FACTOR * downProbeMs : downProbeMs;
  upstream.probeAt = now + (doubtful ? pause : probeMs);
}
