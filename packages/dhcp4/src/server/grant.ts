import { bytesEqual, type Ipv4Address } from '@router7/wire';
import { MessageType } from '../message.ts';
import type { Exchange } from './exchange.ts';
import { cleanHostName } from './host-name.ts';
import type { Lease } from './lease-table.ts';
import { sendGrant } from './reply.ts';
import type { Grant } from './reply-options.ts';
import type { ServerContext } from './server-context.ts';

/** A lease time of 0xffffffff never ends (RFC 2131 3.3). */
export const FOR_EVER = 0xffff_ffff;
/** Nobody gets less than this on its own wish: each renewal is a write to disk. */
const MINIMUM_LEASE_SECONDS = 60;

/** Offers an address and keeps it for the client meanwhile (RFC 2131 4.3.1). */
export function offer(server: ServerContext, exchange: Exchange, address: Ipv4Address, now: number): void {
  const { leases } = server;
  const before = leaseBefore(server, exchange, address);
  const until = now + server.config.offerHoldMs;
  // Its own lease keeps the address from others just as well.
  if (before?.address.equals(address) === true && before.expiresAt > until && leases.isLive(before)) {
    leases.withdrawFrom(exchange.client.key);
  } else {
    leases.hold(address, exchange.client, until);
  }
  sendGrant(
    server.outbox,
    exchange,
    MessageType.offer,
    address,
    grantFor(server, exchange, address, before, now, false),
    exchange.incoming.clientFqdn === undefined ? '' : nameOf(server, exchange, address, before),
  );
}

/** Binds an address to the client and acknowledges it. */
export function acknowledge(
  server: ServerContext,
  exchange: Exchange,
  address: Ipv4Address,
  now: number,
  rapidCommit: boolean = false,
): void {
  const { leases, outbox } = server;
  const { incoming, client } = exchange;
  const before = leaseBefore(server, exchange, address);
  const isHere = before?.address.equals(address) === true;
  const isStatic = isHere && before.expiresAt === Infinity && before.state === 'bound';
  const renewed = isHere && before.state === 'bound' && leases.isLive(before);
  const grant = grantFor(server, exchange, address, before, now, rapidCommit);
  leases.withdrawFrom(client.key);
  // Another client may have been offered the same address.
  leases.withdraw({ address });
  // An answer to what the client sent before this would only confuse it.
  server.probes.takeFrom(client.key);
  // A client has one lease: what it had elsewhere is over now, and whoever shows it has to know.
  const elsewhere = before?.clientKey === client.key ? before : leases.of(client);
  if (elsewhere !== undefined && !elsewhere.address.equals(address)) {
    if (leases.isLive(elsewhere)) outbox.push({ kind: 'lease', what: 'released', lease: ended(elsewhere, now) });
    leases.forget(elsewhere);
  }
  // The lease outlives the datagram, and much of it is as it was before: what is kept longest costs the most.
  const lease: Lease = {
    address: isHere ? before.address : address,
    state: 'bound',
    clientKey: before?.clientKey === client.key ? before.clientKey : client.key,
    hardwareAddress: kept(incoming.message.chaddr, before?.hardwareAddress),
    // A static lease stays one of its hardware address: whatever runs on that machine gets it.
    clientIdentifier: isStatic ? before.clientIdentifier : kept(incoming.clientIdentifier, before?.clientIdentifier),
    hostName: hostNameFor(server, exchange, address, before),
    hostNameOverride: before?.hostNameOverride ?? server.names.recall(client.key, address.value),
    expiresAt: isStatic || grant.leaseTimeSeconds === FOR_EVER ? Infinity : now + grant.leaseTimeSeconds * 1000,
    lastAckAt: now,
  };
  leases.store(lease);
  outbox.push({ kind: 'lease', what: renewed ? 'renewed' : 'bound', lease });
  sendGrant(outbox, exchange, MessageType.ack, address, grant, lease.hostNameOverride || lease.hostName);
}

/** Octets of a message, which borrows them, to be kept: those of the lease before if they are the same, else a copy. */
function kept<T extends Uint8Array | undefined>(octets: T, before: Uint8Array | undefined): T | Uint8Array {
  if (octets === undefined) return octets;
  return before !== undefined && bytesEqual(octets, before) ? before : octets.slice();
}

/** A lease as it is once its client has given it back. */
export function ended(lease: Lease, now: number): Lease {
  return { ...lease, state: 'released', expiresAt: now };
}

/** The lease that is to be replaced: the client's, or one at the address that was known by the hardware address alone. */
function leaseBefore({ leases }: ServerContext, { client }: Exchange, address: Ipv4Address): Lease | undefined {
  const there = leases.at(address);
  return there !== undefined && leases.owns(client, there) ? there : leases.of(client);
}

/** The name for the lease, apart from what a person has set (row D4S-14). */
function hostNameFor(
  { names }: ServerContext,
  { incoming, reserved }: Exchange,
  address: Ipv4Address,
  before: Lease | undefined,
): string {
  const current = before?.hostName ?? '';
  // A client that does not tell its name any more keeps the one that it had, which may be from a time without rules.
  const label =
    cleanHostName(reserved?.reservation.hostName ?? '') || incoming.hostName(current) || cleanHostName(current);
  return names.choose(label, address.value, current);
}

/** The name that the lease will have. */
function nameOf(server: ServerContext, exchange: Exchange, address: Ipv4Address, before: Lease | undefined): string {
  return before?.hostNameOverride || hostNameFor(server, exchange, address, before);
}

function grantFor(
  { leases, random }: ServerContext,
  exchange: Exchange,
  address: Ipv4Address,
  before: Lease | undefined,
  now: number,
  rapidCommit: boolean,
): Grant {
  const isHere = before?.state === 'bound' && before.address.equals(address) && leases.isLive(before);
  const left = isHere && before.expiresAt !== Infinity ? (before.expiresAt - now) / 1000 : undefined;
  const leaseTimeSeconds = leaseTimeFor(exchange, left);
  // The client knows what it calls itself; it is told what others call it.
  const hostName = before?.hostNameOverride || cleanHostName(exchange.reserved?.reservation.hostName ?? '');
  return grantOf(leaseTimeSeconds, random, hostName, rapidCommit);
}

/** What is granted with a lease time. @param random as of `ServerEnvironment`, asked once */
export function grantOf(leaseTimeSeconds: number, random: () => number, hostName: string, rapidCommit: boolean): Grant {
  const forEver = leaseTimeSeconds === FOR_EVER;
  // RFC 2131 4.4.5: "T1 defaults to (0.5 * duration_of_lease). T2 defaults to (0.875 * duration_of_lease). Times T1 and
  // T2 SHOULD be chosen with some random 'fuzz' around a fixed value, to avoid synchronization of client reacquisition."
  const fuzz = (random() * leaseTimeSeconds) / 16;
  return {
    leaseTimeSeconds,
    renewalTimeSeconds: forEver ? FOR_EVER : Math.floor(leaseTimeSeconds / 2 - fuzz),
    rebindingTimeSeconds: forEver ? FOR_EVER : Math.floor(leaseTimeSeconds * 0.875 - fuzz),
    hostName,
    rapidCommit,
  };
}

/**
 * What the client asks for within limits, else what is left of the lease that it has, else what its classes or its subnet
 * say (RFC 2131 4.3.1).
 *
 * @param leftSeconds of the lease that is in force; undefined when none is, or it has no end
 */
function leaseTimeFor({ incoming, subnet, classes }: Exchange, leftSeconds: number | undefined): number {
  const { leaseTimeSeconds, maximumLeaseTimeSeconds } = subnet.config;
  const own =
    classes.length === 0
      ? leaseTimeSeconds
      : (classes.findLast(({ config }) => config.leaseTimeSeconds !== undefined)?.config.leaseTimeSeconds ??
        leaseTimeSeconds);
  const wanted = incoming.leaseTimeSeconds ?? (extendsLease(incoming) ? undefined : leftSeconds);
  return limitedLeaseTime(wanted, own, maximumLeaseTimeSeconds);
}

/** A lease time within limits. @param wanted undefined when the client is to get its own */
export function limitedLeaseTime(wanted: number | undefined, own: number, maximum: number): number {
  if (wanted === undefined) return own;
  // Up to a whole second: the client may hold on to its address no longer than the server does.
  const least = Math.min(MINIMUM_LEASE_SECONDS, own);
  return Math.min(Math.max(Math.ceil(wanted), least), Math.max(maximum, own));
}

/**
 * Whether a message prolongs the client's lease though it asks for no time.
 *
 * RFC 2131 4.3.1, on a DHCPDISCOVER without option 51 from a client that has a lease: "the server returns the lease
 * expiration time previously assigned to that address (note that the client must explicitly request a specific lease to
 * extend the expiration time on a previously assigned address)". So a client that starts over gets what is left, in the
 * DHCPACK as in the DHCPOFFER; but never so little that its check for conflicts outlasts it.
 *
 * Deliberate deviation: a DHCPREQUEST in RENEWING, REBINDING or INIT-REBOOT, which names no server, gets the whole time. By
 * the letter a client that never sends option 51 would lose its address at the end of the first lease, however often it
 * renews; dhclient, dhcpcd and udhcpc send none by default, and ISC dhcpd, Kea and dnsmasq prolong their leases.
 */
function extendsLease({ type, serverIdentifier }: Exchange['incoming']): boolean {
  return type === MessageType.request && serverIdentifier === undefined;
}
