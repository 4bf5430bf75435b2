import type { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { MessageType } from '../message-type.ts';
import type { ServerInput } from './input.ts';
import { clientHash } from './lease-index.ts';
import type { Lease } from './lease-table.ts';
import { slotCount } from './lease-values.ts';
import type { Link } from './link.ts';
import { isAddressAt, type PlainAssociation, PlainMessage } from './plain-message.ts';
import { PlainParameters } from './plain-parameters.ts';
import { PlainReply } from './plain-reply.ts';
import { CLIENT_PORT } from './port.ts';
import { PrefixTimes } from './prefix-times.ts';
import type { ServerContext } from './server-context.ts';

/** What the answers to clients on one link are made of. */
interface PlainLink {
  readonly link: Link;
  /** None where nobody gets addresses, or prefixes. */
  readonly addresses: PrefixTimes | undefined;
  readonly prefixes: PrefixTimes | undefined;
  readonly parameters: PlainParameters;
}

/**
 * Answers what clients say that have what they ask for already, which is nearly all that a server hears: in place, without
 * an object for each option. It gives the same answers, and leaves the same leases, as decoding the message does; whatever is
 * out of the ordinary is left to that.
 */
export class PlainAnswers {
  readonly #server: ServerContext;
  readonly #message: PlainMessage;
  readonly #reply: PlainReply;
  readonly #links = new Map<string, PlainLink>();
  /** The leases of the message's associations, and what their clients are told. */
  readonly #leases: Lease[] = [];
  readonly #times: PrefixTimes[] = [];

  constructor(server: ServerContext) {
    const { config, links } = server;
    this.#server = server;
    this.#message = new PlainMessage(config.duid);
    this.#reply = new PlainReply(config);
    const prefixes = new PrefixTimes(config, links.delegations);
    for (const { name, addresses, delegates, prefixes: own } of config.links) {
      const link = links.byName(name) as Link;
      this.#links.set(name, {
        link,
        addresses: addresses ? new PrefixTimes(config, own) : undefined,
        prefixes: delegates ? prefixes : undefined,
        parameters: new PlainParameters(link.options),
      });
    }
  }

  /** Answers a datagram. @returns false when it has not done anything: the datagram has to be decoded */
  answer(datagram: ServerInput & { readonly kind: 'datagram' }, now: number): boolean {
    const { payload, source, link: interfaceName, unicast } = datagram;
    const plain = this.#links.get(interfaceName);
    if (plain === undefined || unicast || !source.isLinkLocal) return false;
    const message = this.#message;
    if (!message.read(payload)) return false;
    const { outbox, reconfigures } = this.#server;
    // A client that was told to come has done so.
    if (message.messageType === MessageType.renew && reconfigures.isWaiting) return false;
    if (!this.#findLeases(plain, source, now)) return false;
    const reply = this.#reply;
    const parameters = plain.parameters.wanted(payload, message.requestStart, message.requestEnd);
    if (!reply.begin(message, this.#times, parameters)) return false;
    const isSolicit = message.messageType === MessageType.solicit;
    for (let i = 0; i < message.count; i++) {
      const lease = this.#leases[i] as Lease;
      const times = this.#times[i] as PrefixTimes;
      if (!isSolicit) this.#renew(plain.link, lease, times, now);
      reply.association(lease, times);
    }
    outbox.push({
      kind: 'send',
      payload: reply.end(parameters),
      destination: source,
      port: CLIENT_PORT,
      link: interfaceName,
      durable: !isSolicit,
    });
    return true;
  }

  /** Finds the lease of each association. @returns false when one has none that simply goes on */
  #findLeases({ link, addresses, prefixes }: PlainLink, source: Ipv6Address, now: number): boolean {
    const { message, leases } = { message: this.#message, leases: this.#server.leases };
    const { payload, clientStart, clientEnd, count } = message;
    const client = clientHash(payload, clientStart, clientEnd);
    for (let i = 0; i < count; i++) {
      const association = message.associations[i] as PlainAssociation;
      const { kind, iaid } = association;
      const times = kind === 'address' ? addresses : prefixes;
      if (times === undefined) return false;
      const lease = leases.find(client, kind, iaid, payload, clientStart, clientEnd);
      if (lease?.state !== 'bound' || lease.link !== link.config.name || !leases.isLive(lease)) return false;
      if (!lease.peer.equals(source)) return false;
      times.update(now);
      if (!times.isUsable || (lease.given !== times.networks && !areNetworks(lease.given, times.networks)))
        return false;
      const goesOn = kind === 'address' ? this.#hasAddress(link, lease) : this.#hasPrefix(association, lease, times);
      if (!goesOn || !this.#showsOwn(association, lease, times)) return false;
      this.#leases[i] = lease;
      this.#times[i] = times;
    }
    return true;
  }

  /** Whether a client keeps its address: nothing is reserved for it, and its place is not kept for another one. */
  #hasAddress(link: Link, { duid, key, slot }: Lease): boolean {
    return link.reservedFor(duid, key) === undefined && link.hosts.isDynamic(slot, 1);
  }

  /** Whether a client keeps its prefix: it wants no other length, and there is room for it in all delegations. */
  #hasPrefix(association: PlainAssociation, { slot, length }: Lease, { networks, room }: PrefixTimes): boolean {
    const { shortestPrefixLength } = this.#server.config;
    const { payload } = this.#message;
    if (slot + slotCount(length) > room) return false;
    for (let i = 0; i < association.count; i++) {
      const wish = payload[association.valueAt(i)] as number;
      if (wish === 0) continue;
      const shortest = Math.max(shortestPrefixLength, networks[0]?.length ?? 64);
      return length === Math.min(Math.max(wish, shortest), 64);
    }
    return true;
  }

  /** Whether a client shows nothing but what it has. What a Solicit shows are wishes, as are prefixes in a Request. */
  #showsOwn(association: PlainAssociation, lease: Lease, { prefixes }: PrefixTimes): boolean {
    const { messageType, payload } = this.#message;
    const isAddress = lease.kind === 'address';
    if (messageType === MessageType.solicit || (messageType === MessageType.request && !isAddress)) return true;
    for (let i = 0; i < association.count; i++) {
      const at = association.valueAt(i);
      let isOwn = false;
      for (let each = 0; each < prefixes.length && !isOwn; each++) {
        const { network } = prefixes[each] as PrefixTimes['prefixes'][number];
        isOwn = isAddress
          ? isAddressAt(payload, at, network, 0, lease.slot)
          : payload[at] === lease.length && isAddressAt(payload, at + 1, network, lease.slot, 0);
      }
      if (!isOwn) return false;
    }
    return true;
  }

  /** Writes down that a lease goes on. */
  #renew(link: Link, lease: Lease, { networks, validSeconds }: PrefixTimes, now: number): void {
    const { leases, links, outbox } = this.#server;
    const expiresAt = now + validSeconds * 1000;
    let renewed = lease;
    // Whoever accepts to be asked says so each time, and is answered the long way.
    if (lease.given === networks && lease.reconfigureKey === undefined) {
      leases.prolong(lease.kind === 'address' ? link.hosts : links.delegated, lease, expiresAt, now);
    } else {
      renewed = { ...lease, given: networks, reconfigureKey: undefined, expiresAt, lastReplyAt: now };
      leases.store(renewed);
    }
    outbox.push({ kind: 'lease', what: 'renewed', lease: renewed, timesOnly: true });
  }
}

function areNetworks(given: readonly Ipv6Prefix[], networks: readonly Ipv6Prefix[]): boolean {
  if (given.length !== networks.length) return false;
  return networks.every((prefix, at) => given[at]?.equals(prefix) === true);
}
