/** What the client does when it hears another host on its address (RFC 5227, D4C-21). */
import { AddressProbe, type ArpInput, conflictDelay, probesAddress, usesAddress } from './address-probe.ts';
import { enterInit, loseLease } from './entry-actions.ts';
import type { Machine } from './machine.ts';
import { declineMessage } from './request-message.ts';
import type { Grant } from './state.ts';

/** Takes an ARP packet; nearly all of them are about somebody else. */
export function onArp(m: Machine, arp: ArpInput, now: number): void {
  if (!m.config.probe || !m.carrier) return;
  const own = m.config.hardwareAddress;
  if (m.state.kind === 'probing') {
    const { grant } = m.state;
    const address = grant.lease.address.address;
    if (usesAddress(arp, address, own) || probesAddress(arp, address, own)) {
      decline(m, grant, now);
      return;
    }
  }
  const held = m.held;
  if (held === undefined || !usesAddress(arp, held.lease.address.address, own)) return;
  if (now >= held.lease.expiresAt) {
    yieldExpired(m, now);
    return;
  }
  // RFC 5227 section 2.4 (b): a host may defend its address "by recording the time that the conflicting ARP packet was
  // received, and then broadcasting one single ARP Announcement", but when a conflict has been seen within the last
  // DEFEND_INTERVAL, "the host MUST immediately cease using this address".
  if (now - m.defendedAt >= AddressProbe.defendIntervalMs) {
    m.defendedAt = now;
    m.tell({ kind: 'arp-announce', address: held.lease.address.address });
    return;
  }
  loseLease(m, 'conflict');
  decline(m, held, now);
}

/**
 * A lease that is kept past its end is not defended: the other host has it by right. There is nothing to decline
 * either.
 */
function yieldExpired(m: Machine, now: number): void {
  loseLease(m, 'conflict');
  if (m.state.kind === 'rebooting' || m.state.kind === 'init-reboot') enterInit(m, now, 0);
}

/**
 * Section 3.1 step 5: "If the client detects that the address is already in use [...], the client MUST send a
 * DHCPDECLINE message to the server and restarts the configuration process." Section 4.4.4 has it broadcast.
 */
function decline(m: Machine, grant: Grant, now: number): void {
  const { address, server } = grant.lease;
  m.broadcast(declineMessage(m.config, m.newXid(), address.address, server));
  m.failures.add(server);
  m.preferred = undefined;
  m.defendedAt = Number.NEGATIVE_INFINITY;
  m.conflicts += 1;
  m.notBefore = now + conflictDelay(m.config.declineWaitMs, m.conflicts);
  // Another address that is being probed is none the worse for it.
  if (m.state.kind !== 'probing' || m.state.grant === grant) enterInit(m, now, 0);
}
