/** What the client does when a time is up. One call does one thing of each kind, however late it comes. */
import { chooseAdvertise } from './advertise-choice.ts';
import { firstEnd } from './bindings.ts';
import { onDeclineTimeout } from './decline.ts';
import {
  enterBound,
  enterConfirming,
  enterInit,
  enterRebinding,
  enterRenewing,
  enterSoliciting,
  enterStopped,
  holdsLeases,
  lose,
} from './entry-actions.ts';
import { informationDeadline, onInformationTimeout } from './information.ts';
import type { Machine } from './machine.ts';
import { request } from './reply-reactions.ts';
import { type ExchangingState, earliest, exchangeDeadline, type StateOf, stateDeadline } from './state.ts';
import { solicitWishes, transmit } from './transmissions.ts';

/** When the client has to be woken: by its state, what goes on beside it, or the end of a lease. */
export function machineDeadline(m: Machine): number | undefined {
  const { declining } = m;
  const beside = earliest(
    informationDeadline(m.information),
    declining === undefined ? undefined : exchangeDeadline(declining.exchange),
  );
  return earliest(stateDeadline(m.state), earliest(beside, firstEnd(m.bindings)));
}

/** Does what is due at `now`; nothing when nothing is. */
export function onTimeout(m: Machine, now: number): void {
  onDeclineTimeout(m, now);
  onInformationTimeout(m, now);
  if (firstEnd(m.bindings) <= now) onLeaseEnd(m, now);
  const due = stateDeadline(m.state);
  if (due === undefined || now < due) return;
  const { state } = m;
  switch (state.kind) {
    case 'init':
      enterSoliciting(m, now);
      return;
    case 'bound':
      if (now >= state.rebindAt) enterRebinding(m, now);
      else enterRenewing(m, state.rebindAt, now);
      return;
    case 'soliciting':
      onSolicitingTimeout(m, state, now);
      return;
    case 'renewing':
      // Section 18.2.4: MRD of Renew is the "remaining time until earliest T2".
      if (now >= state.rebindAt) enterRebinding(m, now);
      else transmit(m, now);
      return;
    case 'requesting':
    case 'rebinding':
    case 'confirming':
    case 'releasing':
      if (m.hasFailed(state.exchange, now)) onFailure(m, state, now);
      else onConfirmedOtherwise(m, state, now);
      return;
    case 'stopped':
      return;
  }
}

/** The valid lifetime of a lease has ended: it is not used for a moment longer (section 18.2.5). */
function onLeaseEnd(m: Machine, now: number): void {
  lose(m, 'expired', ({ validUntil }) => validUntil <= now);
  const { state } = m;
  const { kind } = state;
  // Nothing is left that could be asked for by Rebind.
  if (state.kind === 'soliciting' && m.bindings.length === 0) {
    m.enter({ ...state, until: Number.POSITIVE_INFINITY });
  }
  const extending = kind === 'bound' || kind === 'renewing' || kind === 'rebinding' || kind === 'confirming';
  if (!extending) return;
  // Section 18.2.5: the Rebind exchange ends when "all leases in all IAs have expired".
  if (m.bindings.length === 0) enterInit(m, now);
  else if (kind === 'bound') enterBound(m, now);
}

function onSolicitingTimeout(m: Machine, state: StateOf<'soliciting'>, now: number): void {
  const best = chooseAdvertise(state.advertises, (server) => m.failures.of(server), solicitWishes(m));
  if (best !== undefined) {
    request(m, best, now);
    return;
  }
  if (now >= state.until && holdsLeases(m, now)) {
    m.silentRounds++;
    enterConfirming(m, now);
    return;
  }
  transmit(m, now);
}

/** Nobody has answered as often as was asked. */
function onFailure(m: Machine, state: ExchangingState, now: number): void {
  switch (state.kind) {
    case 'requesting':
      // Section 18.2.2: "the client takes an action based on the client's local policy", such as "initiate the server
      // discovery process".
      m.failures.add(state.serverIdentifier);
      enterInit(m, now);
      return;
    case 'confirming':
      onUnconfirmed(m, state.notOnLink, now);
      return;
    case 'releasing':
      // Section 18.2.7: "the client [...] considers the release event completed".
      enterStopped(m);
      return;
    default:
      enterInit(m, now);
  }
}

/** Sends again, unless a Confirm has been refused by all that answered: those had an RT's time to contradict. */
function onConfirmedOtherwise(m: Machine, state: ExchangingState, now: number): void {
  if (state.kind === 'confirming' && state.notOnLink) onUnconfirmed(m, true, now);
  else transmit(m, now);
}

/**
 * Section 18.2.3: without any response "the client SHOULD continue to use any leases, using the last known lifetimes for
 * those leases". Section 18.2.10.3: "When the client only receives one or more Reply messages with the NotOnLink status in
 * response to a Confirm message, the client performs DHCP server discovery".
 */
function onUnconfirmed(m: Machine, notOnLink: boolean, now: number): void {
  if (notOnLink) {
    lose(m, 'not-on-link', () => true);
    for (const ia of m.wanted) m.hints.forget(ia);
    enterInit(m, now);
    return;
  }
  if (m.bindings.some(({ ia }) => ia.kind === 'iaPd')) enterSoliciting(m, now);
  else enterBound(m, now);
}
