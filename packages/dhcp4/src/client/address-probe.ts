import type { Ipv4Address, MacAddress } from '@router7/wire';
import type { ClientInput } from './input.ts';

/** RFC 5227 section 1.1, in milliseconds where it is a time. */
export const AddressProbe = {
  probeWaitMs: 1000,
  probeCount: 3,
  probeMinMs: 1000,
  probeMaxMs: 2000,
  announceWaitMs: 2000,
  announceCount: 2,
  announceIntervalMs: 2000,
  maxConflicts: 10,
  rateLimitIntervalMs: 60_000,
  defendIntervalMs: 10_000,
} as const;

/** Where the probing of an address stands. */
export interface ProbeSchedule {
  /** Probes still to be sent; 0 while the wait behind the last one goes on. */
  readonly left: number;
  readonly nextAt: number;
}

/** Where the announcing of an address stands. */
export interface AnnouncementSchedule {
  readonly left: number;
  readonly nextAt: number;
}

/**
 * RFC 5227 section 2.1.1: "the host should wait for a random time interval selected uniformly in the range zero to
 * PROBE_WAIT seconds".
 *
 * @param pace what the waits are multiplied with
 */
export function firstProbe(now: number, random: () => number, pace: number): ProbeSchedule {
  return { left: AddressProbe.probeCount, nextAt: now + random() * AddressProbe.probeWaitMs * pace };
}

/**
 * What comes after a probe: the next one, PROBE_MIN to PROBE_MAX later, or the wait of ANNOUNCE_WAIT in which a
 * conflict still counts (RFC 5227 section 2.1.1).
 *
 * @param pace what the waits are multiplied with
 */
export function afterProbe(schedule: ProbeSchedule, now: number, random: () => number, pace: number): ProbeSchedule {
  const left = schedule.left - 1;
  const { probeMinMs, probeMaxMs, announceWaitMs } = AddressProbe;
  const wait = left > 0 ? probeMinMs + random() * (probeMaxMs - probeMinMs) : announceWaitMs;
  return { left, nextAt: now + wait * pace };
}

/** What comes after an announcement: ANNOUNCE_NUM of them, ANNOUNCE_INTERVAL apart (RFC 5227 section 2.3). */
export function afterAnnouncement(schedule: AnnouncementSchedule, now: number): AnnouncementSchedule | undefined {
  const left = schedule.left - 1;
  return left > 0 ? { left, nextAt: now + AddressProbe.announceIntervalMs } : undefined;
}

/** An ARP packet as the client hears of it. */
export type ArpInput = Extract<ClientInput, { readonly kind: 'arp' }>;

/**
 * Whether somebody else uses the address (RFC 5227 section 2.4): "any ARP packet (Request *or* Reply)" whose sender
 * address is ours and whose sender hardware address is not.
 */
export function usesAddress(arp: ArpInput, address: Ipv4Address, own: MacAddress): boolean {
  return arp.senderAddress.equals(address) && !arp.senderHardwareAddress.equals(own);
}

/**
 * Whether somebody else is probing for the address at the same time (RFC 5227 section 2.1.1): "any ARP Probe where the
 * packet's 'target IP address' is the address being probed for, and the packet's 'sender hardware address' is not the
 * hardware address of any of the host's interfaces".
 */
export function probesAddress(arp: ArpInput, address: Ipv4Address, own: MacAddress): boolean {
  return (
    arp.operation === 1 &&
    arp.senderAddress.isUnspecified &&
    arp.targetAddress.equals(address) &&
    !arp.senderHardwareAddress.equals(own)
  );
}

/**
 * How long to wait behind the n-th conflict before another address is asked for. RFC 2131 section 3.1 step 5: "The
 * client SHOULD wait a minimum of ten seconds before restarting the configuration process". RFC 5227 section 2.1.1:
 * from MAX_CONFLICTS on the host MUST NOT attempt more than one new address in each RATE_LIMIT_INTERVAL.
 */
export function conflictDelay(declineWaitMs: number, conflicts: number): number {
  const least = conflicts >= AddressProbe.maxConflicts ? AddressProbe.rateLimitIntervalMs : LEAST_DECLINE_WAIT_MS;
  return Math.max(declineWaitMs, least);
}

const LEAST_DECLINE_WAIT_MS = 10_000;
