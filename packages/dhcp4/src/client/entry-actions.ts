/** What the client does when it enters a state: RFC 2131 section 4.4, one function for each state. */
import { Ipv4Address } from '@router7/wire';
import { AddressProbe, afterAnnouncement, firstProbe } from './address-probe.ts';
import type { Machine } from './machine.ts';
import type { Offer } from './offer-choice.ts';
import type { ClientEvent } from './output.ts';
import {
  discoverMessage,
  extensionRequest,
  informMessage,
  rebootRequest,
  releaseMessage,
  selectingRequest,
} from './request-message.ts';
import { renewalDelay } from './retransmission.ts';
import type { Exchange, Grant } from './state.ts';

/** How a lease was come by, as the `bound` event says it. */
export type BoundHow = Extract<ClientEvent, { readonly kind: 'bound' }>['how'];

/** INIT. Goes on to SELECTING at once when there is nothing to wait for. */
export function enterInit(m: Machine, now: number, delayMs: number): void {
  const startAt = Math.max(now + delayMs, m.notBefore);
  m.enter({ kind: 'init', startAt: m.carrier ? startAt : undefined });
  if (m.carrier && startAt <= now) enterSelecting(m, now);
}

/** SELECTING: broadcast DHCPDISCOVER, asking for the address held before (section 4.4.1, MAY). */
export function enterSelecting(m: Machine, now: number): void {
  m.startedAt = now;
  const exchange = m.begin(now);
  m.enter({ kind: 'selecting', exchange, offers: [], chooseAt: undefined });
  sendDiscover(m, exchange);
}

/** Broadcasts a DHCPDISCOVER of the exchange, once more or for the first time. */
export function sendDiscover(m: Machine, exchange: Exchange): void {
  m.broadcast(discoverMessage(m.config, exchange, m.held?.lease.address.address ?? m.preferred));
}

/**
 * REQUESTING. Section 4.4.1: "The DHCPREQUEST message contains the same 'xid' as the DHCPOFFER message." Section 3.1
 * step 3: it "MUST use the same value in the DHCP message header's 'secs' field and be sent to the same IP broadcast
 * address as the original DHCPDISCOVER message", so that relay agents treat both alike.
 */
export function enterRequesting(m: Machine, discover: Exchange, offer: Offer, now: number): void {
  const exchange = { ...m.begin(now), xid: discover.xid, secs: discover.secs };
  m.enter({ kind: 'requesting', exchange, offer });
  sendSelectingRequest(m, exchange, offer);
}

/** Broadcasts the DHCPREQUEST for an offer. */
export function sendSelectingRequest(m: Machine, exchange: Exchange, offer: Offer): void {
  m.broadcast(selectingRequest(m.config, exchange, offer.address, offer.server));
}

/** Takes what a DHCPACK grants: to BOUND, by way of probing when the address is new here and probing is wanted. */
export function takeGrant(m: Machine, grant: Grant, how: BoundHow, now: number): void {
  const address = grant.lease.address.address;
  const inUse = m.held?.lease.address.address.equals(address) === true && !m.unproven;
  if (!m.config.probe || inUse) {
    enterBound(m, grant, how, now);
    return;
  }
  m.preferred = address;
  m.enter({ kind: 'probing', grant, probes: firstProbe(now, m.random, m.config.probePace ?? 1) });
}

/** BOUND: the lease is applied from now on, in place of any that was kept. */
export function enterBound(m: Machine, grant: Grant, how: BoundHow, now: number): void {
  m.held = grant;
  m.unproven = false;
  m.expiredTold = false;
  m.preferred = undefined;
  m.processStartedAt = undefined;
  m.refusals = 0;
  m.failures.forgive(grant.lease.server);
  // Renewing changes nothing on the link that the neighbours would have to learn.
  const announce = m.config.probe && (how === 'new' || how === 'reboot');
  const announcements = announce
    ? afterAnnouncement({ left: AddressProbe.announceCount, nextAt: now }, now)
    : undefined;
  m.enter({ kind: 'bound', renewAt: grant.lease.renewAt, announcements });
  m.tell({ kind: 'bound', how, lease: grant.lease, ack: grant.ack });
  if (announce) m.tell({ kind: 'arp-announce', address: grant.lease.address.address });
}

/** RENEWING. Section 4.4.5: "sends (via unicast) a DHCPREQUEST message to the server to extend its lease". */
export function enterRenewing(m: Machine, held: Grant, now: number): void {
  m.processStartedAt = now;
  const rebindAt = held.lease.rebindAt;
  const exchange = extending(m, m.begin(now), rebindAt, now);
  m.enter({ kind: 'renewing', exchange, rebindAt });
  sendExtension(m, exchange, held, held.lease.server);
}

/** REBINDING. Section 4.4.5: "moves to REBINDING state and sends (via broadcast) a DHCPREQUEST message". */
export function enterRebinding(m: Machine, held: Grant, now: number): void {
  const expiresAt = held.lease.expiresAt;
  const exchange = extending(m, m.begin(now), expiresAt, now);
  m.enter({ kind: 'rebinding', exchange, expiresAt });
  sendExtension(m, exchange, held, Ipv4Address.broadcast);
}

/** The exchange with the waits of section 4.4.5 instead of those of section 4.1. */
export function extending(m: Machine, exchange: Exchange, end: number, now: number): Exchange {
  return { ...exchange, retryAt: now + renewalDelay(m.config.retry, now, end) };
}

/** Sends a DHCPREQUEST for more time: to the server in RENEWING, to all in REBINDING. */
export function sendExtension(m: Machine, exchange: Exchange, held: Grant, destination: Ipv4Address): void {
  const address = held.lease.address.address;
  m.send(extensionRequest(m.config, exchange, address), address, destination);
}

/** INIT-REBOOT, as soon as the carrier is there; at most once a second, however fast the carrier comes and goes. */
export function enterInitReboot(m: Machine, held: Grant, now: number): void {
  const startAt = m.carrier ? m.soonest(now) : undefined;
  m.enter({ kind: 'init-reboot', startAt });
  if (startAt !== undefined && startAt <= now) enterRebooting(m, held, now);
}

/** REBOOTING: broadcast DHCPREQUEST for the remembered address (section 4.4.2). */
export function enterRebooting(m: Machine, held: Grant, now: number): void {
  m.startedAt = now;
  const giveUpAt = held.lease.renewAt;
  const exchange = rebooting(m.begin(now), giveUpAt, now);
  m.enter({ kind: 'rebooting', exchange, giveUpAt });
  m.broadcast(rebootRequest(m.config, exchange, held.lease.address.address));
}

/** The exchange, woken at T1 when that comes first: silence from there on means DISCOVER at once (D4C-10). */
export function rebooting(exchange: Exchange, giveUpAt: number, now: number): Exchange {
  // A T1 that is all but here must not cut the first wait to nothing.
  return giveUpAt > now + 1000 && giveUpAt < exchange.retryAt ? { ...exchange, retryAt: giveUpAt } : exchange;
}

/** DHCPINFORM (section 4.4.3), once the carrier is there. */
export function enterInforming(m: Machine, address: Ipv4Address, now: number): void {
  if (!m.carrier) {
    m.enter({ kind: 'informing', address, exchange: undefined });
    return;
  }
  m.processStartedAt = now;
  const exchange = m.begin(now);
  const soonest = m.soonest(now);
  if (soonest > now) {
    // A loose cable brings one here again and again.
    m.enter({ kind: 'informing', address, exchange: { ...exchange, sent: 0, retryAt: soonest } });
    return;
  }
  m.startedAt = now;
  m.enter({ kind: 'informing', address, exchange });
  sendInform(m, exchange, address);
}

/** Broadcasts a DHCPINFORM from the address that is configured already. */
export function sendInform(m: Machine, exchange: Exchange, address: Ipv4Address): void {
  m.send(informMessage(m.config, exchange, address), address, Ipv4Address.broadcast);
}

/**
 * Gives a lease back. Section 4.4.4: "The client unicasts DHCPRELEASE messages to the server." One whose time is over
 * belongs to its server again, and without a carrier nothing would arrive.
 */
export function sendRelease(m: Machine, now: number): void {
  const grant = m.state.kind === 'probing' ? m.state.grant : m.held;
  if (grant === undefined || !m.carrier || now >= grant.lease.expiresAt) return;
  const { address, server } = grant.lease;
  m.send(releaseMessage(m.config, m.newXid(), address.address, server), address.address, server);
}

/** The lease must not be used any longer. */
export function loseLease(m: Machine, why: Extract<ClientEvent, { readonly kind: 'lost' }>['why']): void {
  const held = m.held;
  m.held = undefined;
  m.preferred = undefined;
  m.expiredTold = false;
  if (held !== undefined) m.tell({ kind: 'lost', lease: held.lease, why });
}
