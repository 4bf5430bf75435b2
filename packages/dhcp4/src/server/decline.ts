import type { Ipv4Address } from '@router7/wire';
import type { Exchange } from './exchange.ts';
import type { Lease } from './lease-table.ts';
import { isOurs } from './request.ts';
import type { ServerContext } from './server-context.ts';

const NOBODY: Uint8Array = new Uint8Array(0);

/**
 * DHCPDECLINE (RFC 2131 4.3.3): "the client has discovered through some other means that the suggested network address is
 * already in use. The server MUST mark the network address as not available and SHOULD notify the local system
 * administrator of a possible configuration problem."
 *
 * The address goes into quarantine whoever asks for it next, the same client with the same wish included: that is what
 * ends the loop of a MacBook that gets the same address again and again (row D4S-10).
 */
export function handleDecline(server: ServerContext, exchange: Exchange, now: number): void {
  const { leases, outbox } = server;
  const { incoming, client } = exchange;
  const address = incoming.requestedAddress;
  if (incoming.serverIdentifier !== undefined && !isOurs(server, exchange, incoming.serverIdentifier)) {
    outbox.discard('other-server');
    return;
  }
  if (address === undefined) {
    outbox.discard('malformed');
    return;
  }
  const lease = leases.at(address);
  const own = lease !== undefined && leases.owns(client, lease) && lease.state === 'bound' ? lease : undefined;
  // Only what the client was given: otherwise one datagram each would take any address away from everyone.
  if (own === undefined && leases.heldFor(client.key)?.equals(address) !== true) {
    outbox.discard('not-leased-here');
    return;
  }
  leases.withdrawFrom(client.key);
  if (own !== undefined) server.names.remember(client.key, own.hostNameOverride);
  if (own?.expiresAt === Infinity) {
    // What a person has written stays; the client gets another address until the time is over.
    leases.hold(address, { key: quarantineKey(address), hardwareKey: '' }, now + server.config.declineHoldMs);
    outbox.push({ kind: 'lease', what: 'declined', lease: own });
  } else if (exchange.subnet.quarantine.isExhaustedBy(incoming.message.chaddr)) {
    // This client has declined enough. The address is for whoever comes next.
    if (own !== undefined) leases.forget(own);
    const lease = declined(address, incoming.message.chaddr.slice(), own?.lastAckAt ?? now, now);
    outbox.push({ kind: 'lease', what: 'declined', lease });
  } else {
    quarantine(server, address, exchange, now);
  }
}

/**
 * Keeps an address from everyone for a while.
 *
 * @param exchange of the client that found it in use; undefined when the server found out by itself
 */
export function quarantine(
  { config, leases, outbox }: ServerContext,
  address: Ipv4Address,
  exchange: Exchange | undefined,
  now: number,
): void {
  const hardwareAddress = exchange === undefined ? NOBODY : exchange.incoming.message.chaddr.slice();
  const lastAckAt = leases.at(address)?.lastAckAt ?? now;
  const lease = declined(address, hardwareAddress, lastAckAt, now + config.declineHoldMs);
  leases.store(lease);
  outbox.push({ kind: 'lease', what: 'declined', lease });
}

/** The record of a quarantine: under a key of its own, for it is not the client's lease any more. */
function declined(address: Ipv4Address, hardwareAddress: Uint8Array, lastAckAt: number, expiresAt: number): Lease {
  return {
    address,
    state: 'declined',
    clientKey: quarantineKey(address),
    hardwareAddress,
    clientIdentifier: undefined,
    hostName: '',
    hostNameOverride: '',
    expiresAt,
    lastAckAt,
  };
}

/** No client's key looks like this: those are hexadecimal digits. */
function quarantineKey(address: Ipv4Address): string {
  return `declined:${address}`;
}
