import type { Ipv4Address } from '@router7/wire';
import { isFor } from './address-choice.ts';
import type { Exchange } from './exchange.ts';
import { acknowledge } from './grant.ts';
import { sendRefusal } from './reply.ts';
import { serverIdentifierFor } from './reply-options.ts';
import type { ServerContext } from './server-context.ts';

/**
 * DHCPREQUEST (RFC 2131 4.3.2). Which state the client is in shows in what it fills in (table 4):
 *
 * ```
 *                 SELECTING    INIT-REBOOT    RENEWING and REBINDING
 * server id       MUST         MUST NOT       MUST NOT
 * requested IP    MUST         MUST           MUST NOT
 * ciaddr          zero         zero           the client's address
 * ```
 */
export function handleRequest(server: ServerContext, exchange: Exchange, now: number): void {
  const { message, serverIdentifier, requestedAddress } = exchange.incoming;
  const current = message.ciaddr.isUnspecified ? undefined : message.ciaddr;
  if (serverIdentifier !== undefined) {
    // A few clients put the address into ciaddr already.
    selecting(server, exchange, serverIdentifier, requestedAddress ?? current, now);
  } else if (current !== undefined) {
    renewing(server, exchange, current, now);
  } else if (requestedAddress !== undefined) {
    rebooting(server, exchange, requestedAddress, now);
  } else {
    server.outbox.discard('malformed');
  }
}

/** The answer to an offer, ours or another server's. */
function selecting(
  server: ServerContext,
  exchange: Exchange,
  chosen: Ipv4Address,
  address: Ipv4Address | undefined,
  now: number,
): void {
  if (!isOurs(server, exchange, chosen)) {
    // RFC 2131 3.1 step 4: "Those servers not selected by the DHCPREQUEST message use the message as notification that
    // the client has declined that server's offer."
    server.leases.withdrawFrom(exchange.client.key);
    server.probes.takeFrom(exchange.client.key);
    server.outbox.discard('other-server');
    return;
  }
  if (address === undefined) {
    server.outbox.discard('malformed');
    return;
  }
  // Offers are not kept over a restart, so an address that is free will do as well as one that was offered.
  if (mayHave(server, exchange, address)) acknowledge(server, exchange, address, now);
  else sendRefusal(server.outbox, exchange, address, 'address not available');
}

/** INIT-REBOOT: the client remembers an address and asks whether it may go on using it. */
function rebooting(server: ServerContext, exchange: Exchange, address: Ipv4Address, now: number): void {
  const { outbox, config } = server;
  if (!exchange.subnet.contains(address)) {
    // "If the DHCP server detects that the client is on the wrong net (i.e., the result of applying the local subnet mask
    // or remote subnet mask ... doesn't match reality), then the server SHOULD send a DHCPNAK message to the client." That
    // comes before any look at who the client is.
    sendRefusal(outbox, exchange, address, 'wrong network');
    return;
  }
  if (isKnown(server, exchange, address)) {
    // "If the network is correct, then the DHCP server should check if the client's notion of its IP address is correct.
    // If not, then the server SHOULD send a DHCPNAK message to the client."
    if (isOwn(server, exchange, address) && mayHave(server, exchange, address)) {
      acknowledge(server, exchange, address, now);
    } else {
      sendRefusal(outbox, exchange, address, 'not your address');
    }
  } else if (config.authoritative) {
    sendRefusal(outbox, exchange, address, 'unknown client');
  } else {
    // "If the DHCP server has no record of this client, then it MUST remain silent, and MAY output a warning to the network
    // administrator. This behavior is necessary for peaceful coexistence of non-communicating DHCP servers on the same wire."
    outbox.discard('unknown-client');
  }
}

/** RENEWING and REBINDING: the client is using its address and wants more time. */
function renewing(server: ServerContext, exchange: Exchange, address: Ipv4Address, now: number): void {
  const { outbox, config } = server;
  if (isOwn(server, exchange, address)) {
    if (mayHave(server, exchange, address)) acknowledge(server, exchange, address, now);
    else sendRefusal(outbox, exchange, address, 'address not available');
  } else if (isKnown(server, exchange, address) || isTaken(server, exchange, address)) {
    sendRefusal(outbox, exchange, address, 'not your address');
  } else if (!config.authoritative) {
    outbox.discard('unknown-client');
  } else if (mayHave(server, exchange, address)) {
    // RFC 2131 4.3.2: "A DHCP server MAY extend a client's lease only if it has local administrative authority to do so."
    // After the loss of the lease table, that keeps everyone on the address that it has.
    acknowledge(server, exchange, address, now);
  } else {
    sendRefusal(outbox, exchange, address, 'wrong network');
  }
}

/** Whether option 54 names this server, be it in the words of the relay agent (RFC 5107 section 4). */
export function isOurs({ subnets }: ServerContext, exchange: Exchange, identifier: Ipv4Address): boolean {
  return subnets.isOurs(identifier) || serverIdentifierFor(exchange).equals(identifier);
}

/** Whether the client may have the address; not if another one is reserved for it and free. */
function mayHave({ leases }: ServerContext, exchange: Exchange, address: Ipv4Address): boolean {
  if (!isFor(exchange, leases, address)) return false;
  const reservedAddress = exchange.reserved?.reservation.address;
  if (reservedAddress === undefined || reservedAddress.equals(address)) return true;
  return !leases.isAvailable(reservedAddress, exchange.client);
}

/** Whether the server has any record of the client: a lease of any state, or a reservation. */
function isKnown({ leases }: ServerContext, exchange: Exchange, address: Ipv4Address): boolean {
  if (exchange.reserved !== undefined || leases.of(exchange.client) !== undefined) return true;
  const lease = leases.at(address);
  return lease !== undefined && leases.owns(exchange.client, lease);
}

/** Whether the server's record says that this is the client's address. */
function isOwn({ leases }: ServerContext, { client, reserved }: Exchange, address: Ipv4Address): boolean {
  if (reserved?.reservation.address.equals(address) === true) return true;
  const lease = leases.at(address);
  return lease !== undefined && leases.owns(client, lease);
}

/** Whether the server's record says that this is somebody else's address now. */
function isTaken({ leases }: ServerContext, { client }: Exchange, address: Ipv4Address): boolean {
  const lease = leases.at(address);
  return lease !== undefined && leases.isLive(lease) && !leases.owns(client, lease);
}
