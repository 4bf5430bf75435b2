import { isRandomizedMac, type Lease } from '@router7/dhcp4';
import { MacAddress, toHex } from '@router7/wire';

/** One row of the page of leases. */
export interface LeaseRow {
  readonly address: string;
  readonly hardwareAddress: string;
  /** What is it called by now: what a person has set, or else what the device says. */
  readonly hostName: string;
  readonly hostNameOverride: string;
  /** What the device calls itself. */
  readonly ownName: string;
  /** Undefined when it is not known. */
  readonly vendor: string | undefined;
  /** The device has made its address up, for privacy. */
  readonly randomized: boolean;
  readonly state: 'active' | 'expired' | 'released' | 'declined';
  /** Milliseconds since the last acknowledgement. */
  readonly seenAgo: number;
  /** Milliseconds until the lease ends, negative when it has; Infinity for a static one. */
  readonly left: number;
}

/** What the page shows. */
export interface LeaseView {
  readonly fixed: readonly LeaseRow[];
  readonly dynamic: readonly LeaseRow[];
}

/** How long a static lease counts as active after the last acknowledgement, as in router7: a lease time. */
const STATIC_ACTIVE_MS = 20 * 60 * 1000;

/** Whether the client of a lease is there: it has asked within the time that it was given. */
export function isActive(lease: Lease, now: number): boolean {
  if (lease.state !== 'bound') return false;
  return (lease.expiresAt === Infinity ? lease.lastAckAt + STATIC_ACTIVE_MS : lease.expiresAt) > now;
}

/**
 * What router7's `X-Lease-Active` says (row D4S-16): more than two thirds of the lease's time are left, so the client has
 * asked just now.
 */
export function isFresh(lease: Lease, now: number): boolean {
  if (lease.state !== 'bound') return false;
  const isStatic = lease.expiresAt === Infinity;
  const period = isStatic ? STATIC_ACTIVE_MS : lease.expiresAt - lease.lastAckAt;
  return lease.lastAckAt + period > now + (period * 2) / 3;
}

/** The lease that goes by a name; one in force before others. */
export function leaseByName(leases: Iterable<Lease>, name: string, now: number): Lease | undefined {
  const wanted = name.toLowerCase();
  let found: Lease | undefined;
  for (const lease of leases) {
    if ((lease.hostNameOverride || lease.hostName) !== wanted) continue;
    if (found === undefined || (!isActive(found, now) && lease.lastAckAt > found.lastAckAt)) found = lease;
  }
  return found;
}

/** Sorts leases into the page's two tables, by address. */
export function viewLeases(
  leases: Iterable<Lease>,
  now: number,
  vendorOf: (address: MacAddress) => string | undefined,
): LeaseView {
  const sorted = [...leases].sort((a, b) => a.address.value - b.address.value);
  const rows = sorted.map((lease): [boolean, LeaseRow] => [lease.expiresAt === Infinity, rowOf(lease, now, vendorOf)]);
  return {
    fixed: rows.filter(([isStatic]) => isStatic).map(([, row]) => row),
    dynamic: rows.filter(([isStatic]) => !isStatic).map(([, row]) => row),
  };
}

function rowOf(lease: Lease, now: number, vendorOf: (address: MacAddress) => string | undefined): LeaseRow {
  const { hardwareAddress, hostName, hostNameOverride } = lease;
  const isEthernet = hardwareAddress.length === 6;
  return {
    address: lease.address.toString(),
    hardwareAddress: toHex(hardwareAddress).replace(/..(?=.)/g, '$&:'),
    hostName: hostNameOverride || hostName,
    hostNameOverride,
    ownName: hostName,
    vendor: isEthernet ? vendorOf(MacAddress.fromBytes(hardwareAddress)) : undefined,
    randomized: isRandomizedMac(hardwareAddress),
    state: stateOf(lease, now),
    seenAgo: Math.max(0, now - lease.lastAckAt),
    left: lease.expiresAt - now,
  };
}

function stateOf(lease: Lease, now: number): LeaseRow['state'] {
  if (lease.state === 'declined') return 'declined';
  if (lease.state === 'released') return 'released';
  return isActive(lease, now) ? 'active' : 'expired';
}
