/** What the client does when a state's time is up. One call does one thing, however late it comes. */
import { Ipv4Address } from '@router7/wire';
import { afterAnnouncement, afterProbe } from './address-probe.ts';
import {
  enterBound,
  enterInit,
  enterRebinding,
  enterRebooting,
  enterRenewing,
  enterRequesting,
  enterSelecting,
  extending,
  rebooting,
  sendDiscover,
  sendExtension,
  sendInform,
  sendSelectingRequest,
} from './entry-actions.ts';
import type { Machine } from './machine.ts';
import { chooseOffer } from './offer-choice.ts';
import { rebootRequest } from './request-message.ts';
import { earliest, type Grant, type StateOf, stateDeadline } from './state.ts';

/** When the client has to be woken: its state's deadline, or the untold end of a lease that it keeps. */
export function machineDeadline(m: Machine): number | undefined {
  const expiresAt = m.held === undefined || m.expiredTold ? undefined : m.held.lease.expiresAt;
  return earliest(stateDeadline(m.state), expiresAt);
}

/** Does what is due at `now`; nothing when nothing is. */
export function onTimeout(m: Machine, now: number): void {
  if (m.held !== undefined && !m.expiredTold && now >= m.held.lease.expiresAt) {
    onLeaseEnd(m, m.held, now);
    return;
  }
  const due = stateDeadline(m.state);
  if (due === undefined || now < due) return;
  const { state, held } = m;
  switch (state.kind) {
    case 'init':
      enterSelecting(m, now);
      return;
    case 'selecting':
      onSelectingTimeout(m, state, now);
      return;
    case 'requesting':
      onRequestingTimeout(m, state, now);
      return;
    case 'probing':
      onProbingTimeout(m, state, now);
      return;
    case 'informing':
      repeatInform(m, state, now);
      return;
    case 'stopped':
      return;
  }
  // The other states are about a lease that is held.
  if (held === undefined) {
    enterInit(m, now, 0);
    return;
  }
  switch (state.kind) {
    case 'bound':
      onBoundTimeout(m, state, held, now);
      return;
    case 'renewing':
      if (now >= state.rebindAt) enterRebinding(m, held, now);
      else repeatRenewing(m, state, held, now);
      return;
    case 'rebinding':
      repeatRebinding(m, state, held, now);
      return;
    case 'init-reboot':
      enterRebooting(m, held, now);
      return;
    case 'rebooting':
      onRebootingTimeout(m, state, held, now);
      return;
  }
}

/**
 * The lease ends. Section 4.4.5 has the client "immediately stop any other network processing"; router7 keeps the
 * address and asks for it again beside that (D4C-07).
 */
function onLeaseEnd(m: Machine, held: Grant, now: number): void {
  m.expiredTold = true;
  m.tell({ kind: 'expired', lease: held.lease });
  const kind = m.state.kind;
  if (kind === 'bound' || kind === 'renewing' || kind === 'rebinding') enterSelecting(m, now);
}

function onSelectingTimeout(m: Machine, state: StateOf<'selecting'>, now: number): void {
  const offer = chooseOffer(state.offers, {
    address: m.held?.lease.address.address ?? m.preferred,
    server: m.held?.lease.server,
    failuresOf: (server) => m.failures.of(server),
  });
  if (offer !== undefined) {
    enterRequesting(m, state.exchange, offer, now);
    return;
  }
  const exchange = m.repeat(state.exchange, now);
  m.enter({ ...state, exchange });
  sendDiscover(m, exchange);
}

/**
 * Section 3.1 step 5: "If the client receives neither a DHCPACK or a DHCPNAK message after employing the retransmission
 * algorithm, the client reverts to INIT state and restarts the initialization process."
 */
function onRequestingTimeout(m: Machine, state: StateOf<'requesting'>, now: number): void {
  if (state.exchange.sent >= m.config.retry.requestAttempts) {
    m.failures.add(state.offer.server);
    enterInit(m, now, 0);
    return;
  }
  // `secs` stays what it was in the DISCOVER (section 3.1 step 3).
  const exchange = { ...m.repeat(state.exchange, now), secs: state.exchange.secs };
  m.enter({ ...state, exchange });
  sendSelectingRequest(m, exchange, state.offer);
}

function onProbingTimeout(m: Machine, state: StateOf<'probing'>, now: number): void {
  if (state.probes.left === 0) {
    // RFC 5227 section 2.1.1: nobody has answered, "then the host has successfully determined that the desired address
    // may be used safely".
    m.conflicts = 0;
    enterBound(m, state.grant, 'new', now);
    return;
  }
  m.enter({ ...state, probes: afterProbe(state.probes, now, m.random, m.config.probePace ?? 1) });
  m.tell({ kind: 'arp-probe', address: state.grant.lease.address.address });
}

function onBoundTimeout(m: Machine, state: StateOf<'bound'>, held: Grant, now: number): void {
  // After a long sleep of the machine several of these are due: only the last one still makes sense.
  if (now >= held.lease.rebindAt) {
    enterRebinding(m, held, now);
    return;
  }
  if (now >= state.renewAt) {
    enterRenewing(m, held, now);
    return;
  }
  if (state.announcements === undefined) return;
  m.enter({ ...state, announcements: afterAnnouncement(state.announcements, now) });
  m.tell({ kind: 'arp-announce', address: held.lease.address.address });
}

/** Asks the lease's server again. */
export function repeatRenewing(m: Machine, state: StateOf<'renewing'>, held: Grant, now: number): void {
  const exchange = extending(m, m.repeat(state.exchange, now), state.rebindAt, now);
  m.enter({ ...state, exchange });
  sendExtension(m, exchange, held, held.lease.server);
}

/** Asks every server again. */
export function repeatRebinding(m: Machine, state: StateOf<'rebinding'>, held: Grant, now: number): void {
  const exchange = extending(m, m.repeat(state.exchange, now), state.expiresAt, now);
  m.enter({ ...state, exchange });
  sendExtension(m, exchange, held, Ipv4Address.broadcast);
}

/**
 * Section 3.2 step 4 lets the client use the address "for the remainder of the unexpired lease"; it goes on asking
 * beside that, for the same address, but by DISCOVER (D4C-10).
 */
function onRebootingTimeout(m: Machine, state: StateOf<'rebooting'>, held: Grant, now: number): void {
  if (now >= state.giveUpAt || state.exchange.sent >= m.config.retry.requestAttempts) {
    enterSelecting(m, now);
    return;
  }
  const exchange = rebooting(m.repeat(state.exchange, now), state.giveUpAt, now);
  m.enter({ ...state, exchange });
  m.broadcast(rebootRequest(m.config, exchange, held.lease.address.address));
}

function repeatInform(m: Machine, state: StateOf<'informing'>, now: number): void {
  if (state.exchange === undefined) return;
  const exchange = m.repeat(state.exchange, now);
  m.enter({ ...state, exchange });
  sendInform(m, exchange, state.address);
}
