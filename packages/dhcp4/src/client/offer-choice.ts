import type { Ipv4Address } from '@router7/wire';
import { type Message, optionValue } from '../message.ts';
import { isHostAddress, subnetOf } from './host-address.ts';
import { ASSUMED_LEASE_SECONDS } from './lease-from-ack.ts';
import type { DiscardReason } from './output.ts';

/** What one server has offered. */
export interface Offer {
  readonly address: Ipv4Address;
  readonly server: Ipv4Address;
  /** Who sent the datagram: the server, or the relay agent before it. */
  readonly source: Ipv4Address;
  readonly leaseSeconds: number;
  /** How many of mask, route and name server it brings, 0 to 3. */
  readonly completeness: number;
}

/** Offers that are compared at most: a hostile link cannot fill the memory. */
export const MOST_OFFERS = 16;
/** And of one server or sender: its flood shall not shut the others out. */
const MOST_OFFERS_OF_ONE = 3;

/** What the choice looks at beside the offers. */
export interface ChoiceCircumstances {
  /** The address that is or was held. */
  readonly address: Ipv4Address | undefined;
  /** The server that gave it. */
  readonly server: Ipv4Address | undefined;
  /** How often a server has offered and then refused, gone silent, or given an address in use. */
  readonly failuresOf: (server: Ipv4Address) => number;
}

/** An offer out of a DHCPOFFER, or why it is none. RFC 2131 table 3: option 54 and `yiaddr` MUST be there. */
export function offerFrom(message: Message, source: Ipv4Address): Offer | DiscardReason {
  const server = optionValue(message, 'serverIdentifier');
  if (server === undefined || !isHostAddress(server)) return 'incomplete';
  const address = message.yiaddr;
  const subnet = subnetOf(address, optionValue(message, 'subnetMask'));
  if (!isHostAddress(address, subnet)) return 'not-a-host-address';
  const routers = optionValue(message, 'router') ?? [];
  const routes = optionValue(message, 'classlessStaticRoute') ?? [];
  const nameServers = optionValue(message, 'domainNameServer') ?? [];
  const parts = [
    subnet !== undefined,
    routers.some((router) => isHostAddress(router)) || routes.length > 0,
    nameServers.some((nameServer) => isHostAddress(nameServer)),
  ];
  return {
    address,
    server,
    source,
    leaseSeconds: optionValue(message, 'ipAddressLeaseTime') ?? ASSUMED_LEASE_SECONDS,
    completeness: parts.filter(Boolean).length,
  };
}

/** Adds an offer to those collected, once for each server and address. */
export function addOffer(offers: readonly Offer[], offer: Offer): readonly Offer[] {
  const alike = offers.filter((other) => other.server.equals(offer.server) || other.source.equals(offer.source));
  const known = alike.some((other) => other.server.equals(offer.server) && other.address.equals(offer.address));
  const full = alike.length >= MOST_OFFERS_OF_ONE || offers.length >= MOST_OFFERS;
  return known || full ? offers : [...offers, offer];
}

/**
 * The best offer (RFC 2131 section 4.4.1 leaves the choice to the client: "the first DHCPOFFER message or the
 * DHCPOFFER message from the previously used server"): a server that has not failed before one that has, then the
 * address held before, then its server, then the more complete configuration, then the longer lease, then the earlier.
 */
export function chooseOffer(offers: readonly Offer[], circumstances: ChoiceCircumstances): Offer | undefined {
  const { address, server, failuresOf } = circumstances;
  const rank = (offer: Offer): readonly number[] => [
    -failuresOf(offer.server),
    address?.equals(offer.address) ? 1 : 0,
    server?.equals(offer.server) ? 1 : 0,
    offer.completeness,
    offer.leaseSeconds,
  ];
  let best: Offer | undefined;
  let bestRank: readonly number[] = [];
  for (const offer of offers) {
    const offerRank = rank(offer);
    if (best === undefined || isAbove(offerRank, bestRank)) {
      best = offer;
      bestRank = offerRank;
    }
  }
  return best;
}

function isAbove(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, value] of a.entries()) {
    const other = b[i] ?? 0;
    if (value !== other) return value > other;
  }
  return false;
}

/** Failures of servers, by address, of the latest {@link MOST_OFFERS} servers that failed. */
export class ServerFailures {
  readonly #counts: Map<number, number> = new Map();

  of(server: Ipv4Address): number {
    return this.#counts.get(server.value) ?? 0;
  }

  add(server: Ipv4Address): void {
    const count = this.of(server) + 1;
    this.#counts.delete(server.value);
    this.#counts.set(server.value, count);
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > MOST_OFFERS && !oldest.done) this.#counts.delete(oldest.value);
  }

  forgive(server: Ipv4Address): void {
    this.#counts.delete(server.value);
  }
}
