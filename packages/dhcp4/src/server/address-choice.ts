import type { Ipv4Address } from '@router7/wire';
import type { Exchange } from './exchange.ts';
import type { LeaseBook } from './lease-book.ts';

/**
 * The address for a client in INIT, or undefined when there is none left (RFC 2131 4.3.1, row D4S-07). In order:
 *
 * 1. its reservation;
 * 2. what it has been offered before: a DHCPDISCOVER that is sent again gets the same answer;
 * 3. its lease, in force or not: "the client's current address as recorded in the client's current binding", or "previous";
 * 4. what it asks for, "if that address is valid and not already allocated";
 * 5. the first that nobody had since the table began, from a point on that depends on who the client is: so a client that
 *    the server has forgotten, or another server with an empty table, most likely comes to the same address;
 * 6. the one whose lease ended longest ago;
 * 7. the one that has been on offer longest without being taken: a flood of DHCPDISCOVERs from made-up clients ties up no
 *    address. Whoever takes such an address first has it, see {@link LeaseBook.hold}.
 *
 * Each step takes the same time however many leases there are.
 */
export function chooseAddress(exchange: Exchange, leases: LeaseBook): Ipv4Address | undefined {
  const { incoming, subnet, client, reserved } = exchange;
  if (reserved !== undefined && leases.isAvailable(reserved.reservation.address, client)) {
    return reserved.reservation.address;
  }
  const offered = leases.heldFor(client.key);
  if (offered !== undefined && isFor(exchange, leases, offered)) return offered;

  const lease = leases.of(client);
  if (lease !== undefined && isFor(exchange, leases, lease.address)) return lease.address;

  const requested = incoming.requestedAddress;
  if (requested !== undefined && isUnclaimed(exchange, leases, requested)) return requested;

  return (
    subnet.pool.nextFree(startFor(client.key, subnet.pool.size)) ??
    subnet.ended.oldest?.address ??
    subnet.offers.oldest?.address
  );
}

/** Whether a client may have an address: allowed by the settings or a static lease, and nobody else's. */
export function isFor({ subnet, client, reserved }: Exchange, leases: LeaseBook, address: Ipv4Address): boolean {
  if (!subnet.contains(address) || !leases.isAvailable(address, client)) return false;
  if (subnet.allows(address, reserved)) return true;
  // Row D4S-06: static leases may lie outside of the pool.
  const lease = leases.at(address);
  return lease !== undefined && lease.expiresAt === Infinity && leases.owns(client, lease);
}

/**
 * Whether an address that a client asks for is nobody's, or was this client's under another identifier. One that another
 * client had until a while ago is left to that client as long as there are others.
 */
function isUnclaimed(exchange: Exchange, leases: LeaseBook, address: Ipv4Address): boolean {
  if (exchange.subnet.pool.isFree(address.value)) return true;
  const lease = leases.at(address);
  return lease !== undefined && leases.owns(exchange.client, lease) && isFor(exchange, leases, address);
}

/** Where in a pool the search for a free address begins: FNV-1a over the key, mixed so that all bits count. */
function startFor(key: string, size: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return size === 0 ? 0 : (hash >>> 0) % size;
}
