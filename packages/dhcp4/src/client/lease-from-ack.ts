import { type Ipv4Address, Ipv4Prefix } from '@router7/wire';
import { type Message, optionValue } from '../message.ts';
import { isHostAddress, subnetOf } from './host-address.ts';
import type { ClientLease } from './lease.ts';

/** Option 51's value for a lease without end (RFC 2131 section 3.3). */
export const INFINITE_LEASE_SECONDS = 0xffff_ffff;

/**
 * Length of a lease whose server sends no option 51, which RFC 2131 table 3 forbids: what router7 has always assumed.
 */
export const ASSUMED_LEASE_SECONDS = 600;

/** Shortest lease and shortest T1 that are believed: a server that grants 0 s must not make the client spin. */
const SHORTEST_LEASE_SECONDS = 10;
const SHORTEST_RENEWAL_SECONDS = 5;

/** The three times of a lease, in seconds from the sending of the DHCPREQUEST; Infinity for a lease without end. */
export interface LeaseTimes {
  readonly renewalSeconds: number;
  readonly rebindingSeconds: number;
  readonly leaseSeconds: number;
}

/**
 * T1, T2 and the end of a lease (RFC 2131 section 4.4.5): "T1 defaults to (0.5 * duration_of_lease). T2 defaults to
 * (0.875 * duration_of_lease)." and "T1 MUST be earlier than T2, which, in turn, MUST be earlier than the time at which
 * the client's lease will expire."
 *
 * A value of the server's that breaks that order gives way to its default, both when they contradict each other. The
 * random fuzz which that section recommends is left out: T1 is what the server said, and retransmission is randomized.
 *
 * @param lease option 51 in seconds, undefined when there is none
 * @param renewal option 58, likewise
 * @param rebinding option 59, likewise
 */
export function leaseTimes(
  lease: number | undefined,
  renewal: number | undefined,
  rebinding: number | undefined,
): LeaseTimes {
  if (lease === INFINITE_LEASE_SECONDS) {
    const never = Number.POSITIVE_INFINITY;
    return { renewalSeconds: never, rebindingSeconds: never, leaseSeconds: never };
  }
  // Zero is no time to work with; T1 alone says at least how long its server expects the lease to be good for.
  const assumed = renewal !== undefined && renewal > 0 ? Math.max(ASSUMED_LEASE_SECONDS, 2 * renewal) : undefined;
  const leaseSeconds = Math.max(lease ?? assumed ?? ASSUMED_LEASE_SECONDS, SHORTEST_LEASE_SECONDS);

  let t1 = renewal !== undefined && renewal > 0 && renewal < leaseSeconds ? renewal : undefined;
  let t2 = rebinding !== undefined && rebinding > 0 && rebinding < leaseSeconds ? rebinding : undefined;
  if (t1 !== undefined) t1 = Math.max(t1, SHORTEST_RENEWAL_SECONDS);
  if (t1 !== undefined && t2 !== undefined && t1 >= t2) t1 = t2 = undefined;
  if (t2 !== undefined && t2 <= SHORTEST_RENEWAL_SECONDS) t2 = undefined;

  if (t1 === undefined && t2 === undefined) {
    t1 = 0.5 * leaseSeconds;
    t2 = 0.875 * leaseSeconds;
  } else if (t1 === undefined) {
    // A T2 before the half of the lease leaves T1 the half of it.
    const rebindingSeconds = t2 as number;
    t1 = 0.5 * leaseSeconds < rebindingSeconds ? 0.5 * leaseSeconds : 0.5 * rebindingSeconds;
    t1 = Math.max(t1, SHORTEST_RENEWAL_SECONDS);
  } else if (t2 === undefined) {
    // A T1 behind 7/8 of the lease: T2 comes after three quarters of what is left, as it does by default.
    t2 = 0.875 * leaseSeconds > t1 ? 0.875 * leaseSeconds : t1 + 0.75 * (leaseSeconds - t1);
  }
  return { renewalSeconds: t1 as number, rebindingSeconds: t2 as number, leaseSeconds };
}

/** When and by whom a DHCPACK was asked for. */
export interface AckCircumstances {
  /** When the DHCPREQUEST was sent, monotonic milliseconds. */
  readonly requestedAt: number;
  /** When the DHCPACK came, monotonic milliseconds. */
  readonly acquiredAt: number;
  /** Who gave it, as the caller knows from option 54 or otherwise. */
  readonly server: Ipv4Address;
  /** The address: `yiaddr`, or `ciaddr` after a DHCPINFORM. */
  readonly address: Ipv4Address;
  /** Length of the lease when the DHCPACK has no option 51: what the DHCPOFFER or the lease before it said. */
  readonly fallbackLeaseSeconds?: number | undefined;
}

/**
 * What a DHCPACK grants. Routers and name servers that no host can have (0.0.0.0, multicast) are left out; everything
 * else is in `options` as it came.
 *
 * RFC 2131 section 4.4.1: "The client records the lease expiration time as the sum of the time at which the DHCPREQUEST
 * message was sent and the duration of the lease from the DHCPACK message."
 */
export function leaseFromAck(message: Message, circumstances: AckCircumstances): ClientLease {
  const { address, requestedAt } = circumstances;
  const subnet = subnetOf(address, optionValue(message, 'subnetMask'));
  const times = leaseTimes(
    optionValue(message, 'ipAddressLeaseTime') ?? circumstances.fallbackLeaseSeconds,
    optionValue(message, 'renewalTime'),
    optionValue(message, 'rebindingTime'),
  );
  return {
    address: subnet ?? new Ipv4Prefix(address, 32),
    hasSubnetMask: subnet !== undefined,
    server: circumstances.server,
    routers: (optionValue(message, 'router') ?? []).filter((router) => isHostAddress(router)),
    classlessRoutes: optionValue(message, 'classlessStaticRoute'),
    domainNameServers: (optionValue(message, 'domainNameServer') ?? []).filter((server) => isHostAddress(server)),
    acquiredAt: circumstances.acquiredAt,
    renewAt: requestedAt + 1000 * times.renewalSeconds,
    rebindAt: requestedAt + 1000 * times.rebindingSeconds,
    expiresAt: requestedAt + 1000 * times.leaseSeconds,
    options: message.options,
  };
}

/** What a DHCPACK to a DHCPINFORM tells: no lease, so no times (RFC 2131 section 4.3.5). */
export function parametersFromAck(message: Message, circumstances: AckCircumstances): ClientLease {
  const never = Number.POSITIVE_INFINITY;
  return { ...leaseFromAck(message, circumstances), renewAt: never, rebindAt: never, expiresAt: never };
}
