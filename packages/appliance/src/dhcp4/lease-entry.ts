import { cleanHostName, hardwareKey, identifierKey, type Lease } from '@router7/dhcp4';
import { fromHex, Ipv4Address, toHex } from '@router7/wire';
import type { Dhcp4dLease } from '../state/dhcp4d-leases.ts';
import { formatGoTime, parseGoTime, ZERO_TIME } from '../state/go-time.ts';

const ETHERNET = 1;
/** `chaddr` has no more. */
const LONGEST_HARDWARE_ADDRESS = 16;
/** How long a lease can be in force that does not tell how long it was to be: files of old versions, or by hand. */
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The lease of an entry of leases.json. An address makes an entry; what else a person has mistyped or left out is put
 * right: `num` is not heeded, a missing expiry makes it static, names are cleaned.
 *
 * @param wall now, in milliseconds since 1970
 * @param offset what makes wall-clock times of the lease's times
 */
export function leaseOf(entry: Dhcp4dLease, wall: number, offset: number): Lease {
  const address = Ipv4Address.parse(entry.addr);
  const hardwareAddress = fromHex(entry.hardware_addr).subarray(0, LONGEST_HARDWARE_ADDRESS);
  const clientIdentifier = entry.client_id ? fromHex(entry.client_id) : undefined;
  const state = entry.state ?? 'bound';
  return atNow(
    {
      address,
      state,
      clientKey: entry.client_key ?? usualKey(state, address, hardwareAddress, clientIdentifier),
      hardwareAddress,
      clientIdentifier,
      hostName: cleanHostName(entry.hostname),
      hostNameOverride: cleanHostName(entry.hostname_override),
      expiresAt: entry.expiry === ZERO_TIME ? Infinity : parseGoTime(entry.expiry),
      lastAckAt: parseGoTime(entry.last_ack),
    },
    wall,
    offset,
  );
}

/**
 * A lease with wall-clock times as one with monotonic times.
 *
 * The wall clock may have jumped since it was written, and routers often boot in 1970. A lease can at most have the time
 * left that it was given; one that has ended is kept, so that its client gets the same address again.
 */
export function atNow(lease: Lease, wall: number, offset: number): Lease {
  const { expiresAt, lastAckAt } = lease;
  const acknowledged = Math.min(lastAckAt, wall) - offset;
  if (expiresAt === Infinity) return { ...lease, lastAckAt: acknowledged };
  const given = expiresAt - lastAckAt;
  const left = Math.min(expiresAt - wall, given > 0 ? given : DAY_MS);
  return { ...lease, expiresAt: wall + left - offset, lastAckAt: acknowledged };
}

/** The entry of a lease in leases.json. @param first the address whose `num` is 0: the server's plus one */
export function entryOf(lease: Lease, first: number, offset: number): Dhcp4dLease {
  const { address, state, hardwareAddress, clientIdentifier, clientKey, expiresAt } = lease;
  return {
    num: address.value - first,
    addr: address.toString(),
    hardware_addr: withColons(toHex(hardwareAddress)),
    hostname: lease.hostName,
    hostname_override: lease.hostNameOverride,
    expiry: expiresAt === Infinity ? ZERO_TIME : formatGoTime(expiresAt + offset),
    last_ack: formatGoTime(lease.lastAckAt + offset),
    client_id: clientIdentifier === undefined ? undefined : toHex(clientIdentifier),
    client_key: clientKey === usualKey(state, address, hardwareAddress, clientIdentifier) ? undefined : clientKey,
    state: state === 'released' || state === 'declined' ? state : undefined,
  };
}

/** Hexadecimal digits with a colon between each two octets. */
function withColons(digits: string): string {
  let text = digits.slice(0, 2);
  for (let at = 2; at < digits.length; at += 2) text += `:${digits.slice(at, at + 2)}`;
  return text;
}

/** The key that a client has unless a reservation or a static lease says otherwise (RFC 2131 section 4.2). */
function usualKey(
  state: Lease['state'],
  address: Ipv4Address,
  hardwareAddress: Uint8Array,
  clientIdentifier: Uint8Array | undefined,
): string {
  if (state !== 'declined' && clientIdentifier !== undefined) return identifierKey(clientIdentifier);
  if (state !== 'declined' && hardwareAddress.length > 0) return hardwareKey(ETHERNET, hardwareAddress);
  // An address that is kept from everyone, and belongs to nobody.
  return `declined:${address}`;
}
