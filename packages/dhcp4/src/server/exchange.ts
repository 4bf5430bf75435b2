import type { Ipv4Address } from '@router7/wire';
import { MessageType } from '../message.ts';
import { hardwareKey, identifierKey, isHardwareIdentifier, MAXIMUM_CLIENT_IDENTIFIER_LENGTH } from './client-key.ts';
import type { ServerConfig } from './config.ts';
import type { Client } from './hold.ts';
import type { Incoming } from './incoming.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Lease } from './lease-table.ts';
import type { ServerDiscardReason } from './output.ts';
import type { PreparedClass, ReservedAddress, Subnet, Subnets } from './subnet.ts';

const NO_CLASSES: readonly PreparedClass[] = [];

/** A message, where its client is, and who it is. */
export interface Exchange {
  readonly incoming: Incoming;
  readonly subnet: Subnet;
  readonly client: Client;
  readonly reserved: ReservedAddress | undefined;
  /** The classes that the message belongs to. */
  readonly classes: readonly PreparedClass[];
  /** Option 118, if it is heeded. */
  readonly subnetSelection: Ipv4Address | undefined;
}

/** Finds out where a message's client is and who it is, or why it gets no answer. */
export function openExchange(
  incoming: Incoming,
  config: ServerConfig,
  subnets: Subnets,
  leases: LeaseBook,
): Exchange | ServerDiscardReason {
  const subnet = chooseSubnet(incoming, config, subnets);
  if (subnet === undefined) return 'no-subnet';
  const { message, clientIdentifier } = incoming;
  if ((clientIdentifier?.length ?? 0) > MAXIMUM_CLIENT_IDENTIFIER_LENGTH) return 'malformed';
  const { htype, chaddr } = message;
  const byHardware = hardwareKey(htype, chaddr);
  const ownKey =
    clientIdentifier === undefined || isHardwareIdentifier(clientIdentifier, htype, chaddr)
      ? byHardware
      : identifierKey(clientIdentifier);
  // Somebody without any name cannot be told from others.
  if (ownKey === '') return 'malformed';
  const reserved = subnet.reservedFor(ownKey, byHardware);
  const { classes } = subnet;
  return {
    incoming,
    subnet,
    client: identify(ownKey, byHardware, reserved, subnet, leases),
    reserved,
    classes: classes.length === 0 ? NO_CLASSES : classes.filter((each) => each.config.matches(message)),
    subnetSelection: config.subnetSelection === true ? incoming.subnetSelection : undefined,
  };
}

/**
 * The keys of a client.
 *
 * A static lease that is written under a hardware address is for whatever runs on that machine, with any identifier. And
 * since a client has one lease in the table, one that cannot use its static lease now, being in another subnet or having
 * found the address in use, goes by another key meanwhile: a person's entry is never replaced by a passing lease.
 */
function identify(
  ownKey: string,
  byHardware: string,
  reserved: ReservedAddress | undefined,
  subnet: Subnet,
  leases: LeaseBook,
): Client {
  const key = reserved?.clientKey ?? ownKey;
  if (!leases.hasStatic) return { key, ownKey, hardwareKey: byHardware };
  const fixed = staticLease(key, leases) ?? (key === byHardware ? undefined : staticLease(byHardware, leases));
  // A hardware address stands for the machine only where no identifier was written down with it.
  if (fixed === undefined || (fixed.clientKey !== key && fixed.clientIdentifier !== undefined)) {
    return { key, ownKey, hardwareKey: byHardware };
  }
  if (subnet.contains(fixed.address) && !leases.isHeldFrom(fixed.address, fixed.clientKey)) {
    return { key: fixed.clientKey, ownKey, hardwareKey: byHardware };
  }
  const passing = `${key}@${subnet.config.prefix.network}`;
  return { key: passing, ownKey: passing, hardwareKey: byHardware };
}

function staticLease(key: string, leases: LeaseBook): Lease | undefined {
  const lease = leases.byKey(key);
  return lease?.expiresAt === Infinity ? lease : undefined;
}

/**
 * The subnet that a client is on (RFC 2131 4.3.1): the one of `giaddr`, or without a relay agent the one that the server
 * hears directly. A relay agent may name another one (RFC 3527), and where the settings allow it a client (RFC 3011).
 *
 * Replies to relayed messages go to `giaddr`, which anyone can write: only relay agents with an address in a subnet that
 * is served are answered, so that no stranger can be made the target.
 */
function chooseSubnet(incoming: Incoming, config: ServerConfig, subnets: Subnets): Subnet | undefined {
  const { giaddr } = incoming.message;
  if (giaddr.isUnspecified) {
    if (config.subnetSelection === true && incoming.subnetSelection !== undefined) {
      return subnets.containing(incoming.subnetSelection);
    }
    return directSubnet(incoming, subnets);
  }
  const ofRelay = subnets.containing(giaddr);
  if (ofRelay === undefined) return undefined;
  // RFC 3527 3: "the DHCP server MUST allocate the address on either the subnet specified in the link-selection
  // sub-option, or a subnet on the same link"; it also overrides a subnet selection option.
  if (incoming.linkSelection !== undefined) return subnets.containing(incoming.linkSelection);
  if (config.subnetSelection === true && incoming.subnetSelection !== undefined) {
    return subnets.containing(incoming.subnetSelection);
  }
  return ofRelay;
}

/** The subnet of a client that speaks without a relay agent, if only because it has an address and knows the server. */
function directSubnet(incoming: Incoming, subnets: Subnets): Subnet | undefined {
  const { type, message, source } = incoming;
  switch (type) {
    case MessageType.request:
      // A RENEWING client behind a relay agent sends by unicast, past the agent. A REBINDING one with an address from
      // elsewhere is on this link now, and has to learn that it is on the wrong network.
      return message.ciaddr.isUnspecified ? subnets.local : (subnets.containing(message.ciaddr) ?? subnets.local);
    case MessageType.release:
    case MessageType.inform:
      // Sent by the owner of the address, and from it: anything else is somebody who speaks for others.
      return isFromOwner(message.ciaddr, source) ? subnets.containing(clientAddress(incoming)) : undefined;
    default:
      return subnets.local;
  }
}

function isFromOwner(ciaddr: Ipv4Address, source: Ipv4Address): boolean {
  return ciaddr.isUnspecified || source.isUnspecified || ciaddr.equals(source);
}

/** Where a client with an address is: `ciaddr`, or where the datagram came from when a DHCPINFORM's is not filled in. */
export function clientAddress(incoming: Incoming): Ipv4Address {
  return incoming.message.ciaddr.isUnspecified ? incoming.source : incoming.message.ciaddr;
}
