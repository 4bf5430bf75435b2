import type { Lease, LeaseTable } from '@router7/dhcp4';
import { Ipv4Address } from '@router7/wire';
import type { Dhcp4dLease } from '../state/dhcp4d-leases.ts';
import { ZERO_TIME } from '../state/go-time.ts';
import { leaseOf } from './lease-entry.ts';

/** What a person has written into leases.json while the server went on. */
export interface LeaseEdits {
  /** To be struck out of the table, before {@link put} is put in. */
  readonly forget: readonly Lease[];
  readonly put: readonly Lease[];
  /** What is not taken over: a device has its lease in force at these addresses. */
  readonly kept: readonly Lease[];
}

/** The moment of a comparison: monotonic and wall-clock milliseconds. */
export interface Moment {
  readonly now: number;
  readonly wall: number;
}

/**
 * Compares leases.json as a person has left it with what the server had written before, and finds what the person wants.
 *
 * The person's copy may be minutes old: leases that were granted, prolonged or ended meanwhile are as the table has them.
 * Taken over are entries that are new, static or not; host names; entries made static, and static ones that are no more;
 * and entries taken out. Only a lease that is in force is neither struck out nor given to another client: somebody uses
 * that address.
 *
 * @param written the entries that the server had written
 * @param edited the entries that are there now
 * @param isWhole false when some entries could not be read: then none counts as taken out
 */
export function leaseEdits(
  written: Iterable<Dhcp4dLease>,
  edited: readonly Dhcp4dLease[],
  isWhole: boolean,
  table: LeaseTable,
  { now, wall }: Moment,
): LeaseEdits {
  const before = byAddress(written);
  const after = byAddress(edited);
  const forget: Lease[] = [];
  const put: Lease[] = [];
  const kept: Lease[] = [];
  const isInForce = ({ state, expiresAt }: Lease): boolean =>
    state === 'bound' && expiresAt !== Infinity && expiresAt > now;

  for (const [address, entry] of before) {
    const lease = table.byAddress(address);
    if (after.has(address) || !isWhole || lease === undefined) continue;
    // Somebody else's since.
    if (leaseOf(entry, wall, wall - now).clientKey !== lease.clientKey) continue;
    if (isInForce(lease)) kept.push(lease);
    else forget.push(lease);
  }
  for (const [address, entry] of after) {
    const old = before.get(address);
    if (old !== undefined && isSame(old, entry)) continue;
    const wanted = leaseOf(entry, wall, wall - now);
    const lease = table.byAddress(address);
    if (lease?.clientKey === wanted.clientKey) {
      const merged = merge(lease, wanted, old, entry);
      if (merged !== lease) put.push(merged);
    } else if (lease !== undefined && isInForce(lease)) {
      kept.push(lease);
    } else if (wanted.expiresAt === Infinity || !hasLease(table, wanted, forget)) {
      put.push(wanted);
    }
  }
  return { forget, put, kept };
}

/** A lease with what a person has changed of its entry. The same object when that is nothing. */
function merge(lease: Lease, wanted: Lease, old: Dhcp4dLease | undefined, entry: Dhcp4dLease): Lease {
  let merged = lease;
  if (entry.hostname_override !== old?.hostname_override && wanted.hostNameOverride !== lease.hostNameOverride) {
    merged = { ...merged, hostNameOverride: wanted.hostNameOverride };
  }
  if (entry.hostname !== old?.hostname && lease.hostName === (old?.hostname ?? '')) {
    merged = { ...merged, hostName: wanted.hostName };
  }
  const isStatic = entry.expiry === ZERO_TIME;
  if (isStatic && lease.expiresAt !== Infinity) merged = { ...merged, state: 'bound', expiresAt: Infinity };
  if (!isStatic && old?.expiry === ZERO_TIME) merged = { ...merged, expiresAt: wanted.expiresAt };
  return merged;
}

/** Whether a client has a lease that stays: an old copy of the file may have the one that it had before. */
function hasLease(table: LeaseTable, { clientKey }: Lease, forget: readonly Lease[]): boolean {
  const lease = table.byClient(clientKey);
  return lease !== undefined && !forget.includes(lease);
}

function byAddress(entries: Iterable<Dhcp4dLease>): Map<number, Dhcp4dLease> {
  return new Map([...entries].map((entry) => [Ipv4Address.parse(entry.addr).value, entry]));
}

const KEYS: readonly (keyof Dhcp4dLease)[] = [
  'hardware_addr',
  'hostname',
  'hostname_override',
  'expiry',
  'last_ack',
  'client_id',
  'client_key',
  'state',
];

function isSame(a: Dhcp4dLease, b: Dhcp4dLease): boolean {
  return KEYS.every((key) => a[key] === b[key]);
}
