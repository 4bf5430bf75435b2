/** What the client does with a datagram: checks, then the answers that each state awaits (RFC 2131 section 4.4). */
import { bytesEqual, DecodeError, type Ipv4Address } from '@router7/wire';
import { type Message, MessageType, Op, optionValue } from '../message.ts';
import { decodeMessage } from '../message-codec.ts';
import { type BoundHow, enterInit, enterRequesting, loseLease, takeGrant } from './entry-actions.ts';
import { isHostAddress, subnetOf } from './host-address.ts';
import type { ClientInput } from './input.ts';
import { INFINITE_LEASE_SECONDS, leaseFromAck, parametersFromAck } from './lease-from-ack.ts';
import type { Machine } from './machine.ts';
import { addOffer, offerFrom } from './offer-choice.ts';
import type { DiscardReason } from './output.ts';
import { clientIdentifierOf, ETHERNET } from './request-message.ts';
import { refusalDelay } from './retransmission.ts';
import { awaitedXid, type Exchange, type Grant, type StateOf } from './state.ts';

const DHCP_SERVER_PORT = 67;

type Datagram = Extract<ClientInput, { readonly kind: 'datagram' }>;

/** A reply that has passed the checks which do not depend on the state. */
interface Reply {
  readonly message: Message;
  readonly type: number;
  /** The message's octets, a copy. */
  readonly payload: Uint8Array;
  /** Option 54, or undefined. */
  readonly server: Ipv4Address | undefined;
  /** Who sent the datagram; a relay agent, perhaps. */
  readonly source: Ipv4Address;
}

/** Takes a datagram. Whatever is in it, at worst it is told as discarded. */
export function onDatagram(m: Machine, datagram: Datagram, now: number): void {
  const reply = checkReply(m, datagram);
  const reason = typeof reply === 'string' ? reply : onReply(m, reply, now);
  if (reason !== undefined) m.tell({ kind: 'discarded', reason });
}

function checkReply(m: Machine, datagram: Datagram): Reply | DiscardReason {
  // Section 4.1: "DHCP messages from a server to a client are sent to the 'DHCP client' port (68)" and come from port
  // 67: what does not was sent by a program without the right to that port.
  if (datagram.sourcePort !== DHCP_SERVER_PORT) return 'wrong-port';
  const payload = new Uint8Array(datagram.payload); // not slice(), which copies nothing where it is a Buffer of Node
  let message: Message;
  try {
    message = decodeMessage(payload);
  } catch (error) {
    if (error instanceof DecodeError) return 'malformed';
    throw error;
  }
  if (message.op !== Op.bootReply) return 'not-a-reply';
  if (message.htype !== ETHERNET || !bytesEqual(message.chaddr, m.config.hardwareAddress.toBytes())) {
    return 'wrong-hardware-address';
  }
  const type = optionValue(message, 'dhcpMessageType');
  // RFC 3203 section 6 and RFC 6704: a DHCPFORCERENEW without authentication MUST be ignored; there is none here. It
  // comes unasked, so its xid says nothing.
  if (type === MessageType.forceRenew) return 'unexpected-type';
  // Section 4.4.1: "If the 'xid' of an arriving DHCPOFFER message does not match the 'xid' of the most recent
  // DHCPDISCOVER message, the DHCPOFFER message must be silently discarded"; sections 4.4.2 and 4.4.5 say it of the
  // DHCPACK.
  if (message.xid !== awaitedXid(m.state)) return 'wrong-xid';
  // RFC 6842 section 3 of a reply with option 61: "the client MUST compare that client identifier to the one it is
  // configured to send. If the two client identifiers do not match, the client MUST silently discard the message."
  if (!echoesIdentifier(message, clientIdentifierOf(m.config))) return 'wrong-client-identifier';
  if (type === undefined) return 'incomplete';
  return { message, type, payload, server: optionValue(message, 'serverIdentifier'), source: datagram.source };
}

function echoesIdentifier(message: Message, own: Uint8Array): boolean {
  for (const option of message.options) {
    if (option.kind === 'clientIdentifier' && !bytesEqual(option.value, own)) return false;
    // One that is too short to be an identifier is not ours either; an empty one is no identifier at all.
    if (option.kind === 'malformed' && option.code === 61 && option.data.length > 0) return false;
  }
  return true;
}

function onReply(m: Machine, reply: Reply, now: number): DiscardReason | undefined {
  const { state } = m;
  switch (state.kind) {
    case 'selecting':
      if (reply.type === MessageType.offer) return onOffer(m, state, reply, now);
      return reply.type === MessageType.ack ? onRapidAck(m, state, reply, now) : 'unexpected-type';
    case 'requesting':
      return onRequestingReply(m, state, reply, now);
    case 'rebooting':
    case 'renewing':
    case 'rebinding':
      return onHeldReply(m, state, reply, now);
    case 'informing':
      return onInformReply(m, state, reply, now);
    default:
      return 'unexpected-type';
  }
}

function onOffer(m: Machine, state: StateOf<'selecting'>, reply: Reply, now: number): DiscardReason | undefined {
  const offer = offerFrom(reply.message, reply.source);
  if (typeof offer === 'string') {
    const ipv6Only = optionValue(reply.message, 'ipv6OnlyPreferred') !== undefined;
    if (ipv6Only && reply.message.yiaddr.isUnspecified) m.insistOnIpv4();
    return offer;
  }
  if (m.config.selectingWindowMs <= 0) {
    enterRequesting(m, state.exchange, offer, now);
    return undefined;
  }
  const chooseAt = state.chooseAt ?? now + m.config.selectingWindowMs;
  m.enter({ ...state, offers: addOffer(state.offers, offer), chooseAt });
  return undefined;
}

/**
 * A DHCPACK with option 80 settles a DHCPDISCOVER that carried it (RFC 4039 section 3.1). For one without it holds what
 * RFC 2131 section 4.4.1 says: "Any arriving DHCPACK messages must be silently discarded."
 */
function onRapidAck(m: Machine, state: StateOf<'selecting'>, reply: Reply, now: number): DiscardReason | undefined {
  if (!m.config.rapidCommit || optionValue(reply.message, 'rapidCommit') === undefined) return 'unexpected-type';
  if (reply.server === undefined || !isHostAddress(reply.server)) return 'incomplete';
  return take(m, reply, reply.server, state.exchange, 'new', undefined, now);
}

function onRequestingReply(
  m: Machine,
  state: StateOf<'requesting'>,
  reply: Reply,
  now: number,
): DiscardReason | undefined {
  const { offer, exchange } = state;
  if (reply.type !== MessageType.ack && reply.type !== MessageType.nak) return 'unexpected-type';
  // The DHCPREQUEST names one server; another's answer has nothing to say about it.
  const asked = (reply.server ?? reply.source).equals(offer.server);
  if (reply.type === MessageType.ack) {
    // Two servers of a provider that stand in for each other behind one relay agent answer with two identifiers
    // (D4C-29, fiber7): the same sender and the very address that was offered make it the same offer.
    const standsIn = reply.source.equals(offer.source) && reply.message.yiaddr.equals(offer.address);
    if (!asked && !standsIn) return 'wrong-server';
    // Table 4: the request names the address that it is for. An ACK of another one answers something else.
    const { yiaddr } = reply.message;
    const subnet = subnetOf(yiaddr, optionValue(reply.message, 'subnetMask'));
    if (isHostAddress(yiaddr, subnet) && !yiaddr.equals(offer.address)) return 'wrong-address';
    return take(m, reply, serverOf(reply, offer.server), exchange, 'new', offer.leaseSeconds, now);
  }
  if (!asked) return 'wrong-server';
  m.failures.add(offer.server);
  refused(m, offer.address, now);
  return undefined;
}

function onHeldReply(
  m: Machine,
  state: StateOf<'rebooting'> | StateOf<'renewing'> | StateOf<'rebinding'>,
  reply: Reply,
  now: number,
): DiscardReason | undefined {
  const held = m.held;
  if (held === undefined) return 'unexpected-type';
  const { lease } = held;
  if (reply.type === MessageType.ack) {
    if (!reply.message.yiaddr.equals(lease.address.address)) {
      // The request names the address that is held. Only the server that gave it may give another in its place, and in
      // so many words: table 3 says that options 51 and 54 MUST be in a DHCPACK.
      if (reply.server === undefined) return 'incomplete';
      if (!reply.server.equals(lease.server)) return 'wrong-server';
      if (optionValue(reply.message, 'ipAddressLeaseTime') === undefined) return 'incomplete';
    }
    const how = state.kind === 'rebooting' ? 'reboot' : state.kind === 'renewing' ? 'renew' : 'rebind';
    return take(m, reply, serverOf(reply, lease.server), state.exchange, how, leaseSecondsOf(held), now);
  }
  if (reply.type !== MessageType.nak) return 'unexpected-type';
  // A renewal is asked of one server only; every server may refuse what was broadcast (section 4.3.2).
  if (state.kind === 'renewing' && !(reply.server ?? reply.source).equals(lease.server)) return 'wrong-server';
  refused(m, lease.address.address, now);
  return undefined;
}

/** Who gives a lease: option 54, which table 3 demands; without one that makes sense, who was known before. */
function serverOf(reply: Reply, known: Ipv4Address): Ipv4Address {
  return reply.server !== undefined && isHostAddress(reply.server) ? reply.server : known;
}

/** How long a lease was granted for, as option 51 would say it again. */
function leaseSecondsOf({ leaseSeconds }: Grant): number {
  return Number.isFinite(leaseSeconds) ? Math.round(leaseSeconds) : INFINITE_LEASE_SECONDS;
}

/** Takes a DHCPACK, unless its address is one that no host can have. */
function take(
  m: Machine,
  reply: Reply,
  server: Ipv4Address,
  exchange: Exchange,
  how: BoundHow,
  fallbackLeaseSeconds: number | undefined,
  now: number,
): DiscardReason | undefined {
  const { message } = reply;
  const address = message.yiaddr;
  if (!isHostAddress(address, subnetOf(address, optionValue(message, 'subnetMask')))) return 'not-a-host-address';
  const lease = leaseFromAck(message, {
    requestedAt: exchange.sentAt,
    acquiredAt: now,
    server,
    address,
    fallbackLeaseSeconds,
  });
  const leaseSeconds = (lease.expiresAt - exchange.sentAt) / 1000;
  takeGrant(m, { lease, ack: reply.payload, leaseSeconds }, how, now);
  return undefined;
}

/**
 * A DHCPNAK. Section 3.1 step 5: "If the client receives a DHCPNAK message, the client restarts the configuration
 * process."
 */
function refused(m: Machine, address: Ipv4Address, now: number): void {
  // What another server says about its own offer is no verdict on the address that is kept meanwhile.
  if (m.held?.lease.address.address.equals(address) === true) loseLease(m, 'nak');
  m.preferred = undefined;
  m.refusals += 1;
  m.notBefore = now + refusalDelay(m.config.retry, m.refusals);
  enterInit(m, now, 0);
}

function onInformReply(m: Machine, state: StateOf<'informing'>, reply: Reply, now: number): DiscardReason | undefined {
  if (reply.type !== MessageType.ack || state.exchange === undefined) return 'unexpected-type';
  const lease = parametersFromAck(reply.message, {
    requestedAt: state.exchange.sentAt,
    acquiredAt: now,
    server: reply.server ?? reply.source,
    address: state.address,
  });
  m.processStartedAt = undefined;
  m.enter({ ...state, exchange: undefined });
  m.tell({ kind: 'informed', lease, ack: reply.payload });
  return undefined;
}
