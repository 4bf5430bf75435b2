/** What the client does when it enters a state: RFC 9915 section 18.2, one function for each state. */
import { type Binding, clientLeases, lastEnd, without } from './bindings.ts';
import type { IaWish } from './client-message.ts';
import type { Machine } from './machine.ts';
import type { ChangeReason } from './output.ts';
import { missingDelay } from './retransmission.ts';
import { transmit } from './transmissions.ts';

/** Nothing is left, or nothing was ever there. Goes on to Solicit at once when there is nothing to wait for. */
export function enterInit(m: Machine, now: number): void {
  const startAt = Math.max(now, m.notBefore);
  const idle = !m.carrier || !m.wantsLeases;
  m.enter({ kind: 'init', startAt: idle ? undefined : startAt });
  if (!idle && startAt <= now) enterSoliciting(m, now);
}

/** Solicit (section 18.2.1), with what was held last as hint. */
export function enterSoliciting(m: Machine, now: number): void {
  m.maximumTimes.begin();
  const until = m.bindings.length > 0 ? now + m.solicitingTime() : Number.POSITIVE_INFINITY;
  const exchange = m.begin('solicit', now, m.soonest(now));
  m.startedAt = exchange.sendAt;
  m.enter({ kind: 'soliciting', exchange, advertises: [], refused: false, until });
  transmit(m, now);
}

/** Request (section 18.2.2). */
export function enterRequesting(
  m: Machine,
  serverIdentifier: Uint8Array,
  wishes: readonly IaWish[],
  now: number,
): void {
  m.enter({ kind: 'requesting', exchange: m.begin('request', now), serverIdentifier, wishes });
  transmit(m, now);
}

/**
 * The leases are good until T1 of the first of them. An IA that is wanted and has none, or was not extended, brings that
 * forward: section 18.2.4, "the client [...] MAY include in its Renew message IAs for which it has no leases".
 */
export function enterBound(m: Machine, now: number): void {
  let renewAt = Number.POSITIVE_INFINITY;
  let rebindAt = Number.POSITIVE_INFINITY;
  let extended = 0;
  for (const binding of m.bindings) {
    m.hints.remember(binding);
    if (binding.renewAt > now) {
      extended++;
      renewAt = Math.min(renewAt, binding.renewAt);
    }
    // An IA that nobody has extended by its T2 has had its Rebind, and is asked for in the next Renew.
    if (binding.rebindAt > now) rebindAt = Math.min(rebindAt, binding.rebindAt);
  }
  if (extended === 0 && m.bindings.length > 0) {
    // A Confirm extends nothing: T1, or T2, may have come while nobody was looking.
    if (m.bindings.some((binding) => binding.rebindAt <= now)) enterRebinding(m, now);
    else enterRenewing(m, rebindAt, now);
    return;
  }
  if (extended >= m.wanted.length) m.missing = 0;
  else renewAt = Math.min(renewAt, now + missingDelay(m.timing('solicit').maximumMs, ++m.missing));
  m.enter({ kind: 'bound', renewAt, rebindAt });
}

/** Renew (section 18.2.4), until T2. */
export function enterRenewing(m: Machine, rebindAt: number, now: number): void {
  const { serverIdentifier } = m;
  if (serverIdentifier === undefined) {
    enterRebinding(m, now);
    return;
  }
  m.enter({ kind: 'renewing', exchange: m.begin('renew', now), serverIdentifier, rebindAt });
  transmit(m, now);
}

/** Rebind (section 18.2.5), until nothing is valid any longer. */
export function enterRebinding(m: Machine, now: number): void {
  m.enter({ kind: 'rebinding', exchange: m.begin('rebind', now) });
  transmit(m, now);
}

/** Are the leases good on this link? Once a second at most, however fast the carrier comes and goes (section 18.2.12). */
export function enterConfirming(m: Machine, now: number): void {
  const exchange = m.begin('confirm', now, m.soonest(now));
  m.startedAt = exchange.sendAt;
  m.enter({ kind: 'confirming', exchange, notOnLink: false });
  transmit(m, now);
}

/** Sends Release for all leases and stops using them: "before the client begins the Release message exchange" (18.2.7). */
export function enterReleasing(m: Machine, now: number): void {
  const wishes = heldWishes(m.bindings);
  const lost = clientLeases(m.bindings);
  const { serverIdentifier } = m;
  m.bindings = [];
  m.declining = undefined;
  m.information = { kind: 'off' };
  if (lost.length > 0) m.changed('released', lost);
  if (wishes.length === 0 || serverIdentifier === undefined || !m.carrier) {
    enterStopped(m);
    return;
  }
  m.enter({ kind: 'releasing', exchange: m.begin('release', now), serverIdentifier, wishes });
  transmit(m, now);
}

/** Stopped for good. */
export function enterStopped(m: Machine): void {
  m.enter({ kind: 'stopped' });
  m.tell({ kind: 'stopped' });
}

/** IAs with their leases, and none without. */
function heldWishes(bindings: readonly Binding[]): readonly IaWish[] {
  return bindings.map(({ ia, leases }) => ({ ia, leases: leases.map(({ prefix }) => prefix) }));
}

/** Takes out leases that must not be used any longer, and tells so. @returns whether there were any */
export function lose(m: Machine, why: ChangeReason, isGone: Parameters<typeof without>[1]): boolean {
  const { bindings, lost } = without(m.bindings, isGone);
  if (lost.length === 0) return false;
  for (const binding of m.bindings) m.hints.remember(binding);
  m.bindings = bindings;
  m.changed(why, lost);
  return true;
}

/** Whether any lease is valid still. */
export function holdsLeases(m: Machine, now: number): boolean {
  return lastEnd(m.bindings) > now;
}
