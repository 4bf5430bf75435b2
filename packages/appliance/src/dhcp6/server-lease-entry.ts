import { type Lease, leasedAddresses, leasedPrefixes, leaseKey, octetKey, quarantineKey } from '@router7/dhcp6';
import { fromHex, Ipv6Address, Ipv6Prefix, toHex } from '@router7/wire';
import type { Dhcp6dLease } from '../state/dhcp6d-leases.ts';
import { formatGoTime, parseGoTime } from '../state/go-time.ts';

/** The lease of an entry of leases.json. @param wall now, in milliseconds since 1970 */
export function leaseOf(entry: Dhcp6dLease, wall: number, offset: number): Lease {
  const { interface: link, num, length, iaid, state = 'bound' } = entry;
  const kind = length === undefined ? 'address' : 'prefix';
  const duid = fromHex(entry.duid);
  return atNow(
    {
      kind,
      link,
      slot: num,
      length: length ?? 128,
      state,
      key: keyOf(kind, link, num, duid, iaid),
      duid,
      iaid,
      given: entry.networks.map((text) => Ipv6Prefix.parse(text)),
      peer: Ipv6Address.parse(entry.peer),
      reconfigureKey: entry.reconfigure_key === undefined ? undefined : fromHex(entry.reconfigure_key),
      expiresAt: parseGoTime(entry.expiry),
      lastReplyAt: parseGoTime(entry.last_reply),
    },
    wall,
    offset,
  );
}

/** The key of a lease: it follows from whom it is for, and for nobody from where it is. */
export function keyOf(kind: Lease['kind'], link: string, slot: number, duid: Uint8Array, iaid: number): string {
  return duid.length === 0 ? quarantineKey(link, slot) : leaseKey(octetKey(duid), kind, iaid);
}

/**
 * A lease with wall-clock times as one with monotonic times.
 *
 * The wall clock may have jumped since it was written, and routers often boot in 1970. A lease can at most have the time
 * left that it was given; one that has ended is kept, so that its client gets the same again.
 */
export function atNow(lease: Lease, wall: number, offset: number): Lease {
  const { expiresAt, lastReplyAt } = lease;
  const left = Math.min(expiresAt - wall, Math.max(expiresAt - lastReplyAt, 0));
  return { ...lease, expiresAt: wall + left - offset, lastReplyAt: Math.min(lastReplyAt, wall) - offset };
}

/** The entry of a lease in leases.json. */
export function entryOf(lease: Lease, offset: number): Dhcp6dLease {
  const { kind, link, slot, length, given, duid, iaid, peer, reconfigureKey, state } = lease;
  return {
    interface: link,
    ...(kind === 'address' ? { addresses: leasedAddresses(lease).map(String) } : {}),
    ...(kind === 'prefix' ? { prefixes: leasedPrefixes(lease).map(String), length } : {}),
    num: slot,
    networks: given.map(String),
    duid: toHex(duid),
    iaid,
    peer: peer.toString(),
    expiry: formatGoTime(lease.expiresAt + offset),
    last_reply: formatGoTime(lease.lastReplyAt + offset),
    reconfigure_key: reconfigureKey === undefined ? undefined : toHex(reconfigureKey),
    state: state === 'bound' ? undefined : state,
  };
}
