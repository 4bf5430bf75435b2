/** What the client does with a datagram: checks (RFC 9915 section 16), then the answers that each state awaits (18.2.9 ff.). */
import { bytesEqual, DecodeError } from '@router7/wire';
import { isRelayMessage, optionValue, optionValues } from '../message.ts';
import { decodeMessage } from '../message-codec.ts';
import { MessageType } from '../message-type.ts';
import { StatusCode } from '../status-code.ts';
import {
  type Advertise,
  addAdvertise,
  advertiseFrom,
  chooseAdvertise,
  HIGHEST_PREFERENCE,
  isUsable,
  refusesPrefix,
} from './advertise-choice.ts';
import { enterBound, enterInit, enterRequesting, enterStopped } from './entry-actions.ts';
import { refusalOf } from './ia-answer.ts';
import { onInformationReply } from './information.ts';
import type { ClientInput } from './input.ts';
import { takeLeases } from './lease-reactions.ts';
import type { Machine } from './machine.ts';
import type { DiscardReason } from './output.ts';
import { learnKey, onReconfigure } from './reconfigure.ts';
import { type ServerMessage, tellRefusals } from './server-message.ts';
import type { StateOf } from './state.ts';
import { solicitWishes } from './transmissions.ts';

type Datagram = Extract<ClientInput, { readonly kind: 'datagram' }>;

/** Takes a datagram. Whatever is in it, at worst it is told as discarded. */
export function onDatagram(m: Machine, datagram: Datagram, now: number): void {
  const payload = new Uint8Array(datagram.payload); // not slice(), which copies nothing where it is a Buffer of Node
  const received = checkMessage(m, payload);
  const reason = typeof received === 'string' ? received : onMessage(m, received, payload, datagram, now);
  if (reason !== undefined) m.tell({ kind: 'discarded', reason });
  else if (typeof received !== 'string') m.tell({ kind: 'received', messageType: received.message.messageType });
}

function checkMessage(m: Machine, payload: Uint8Array): ServerMessage | DiscardReason {
  let message: ReturnType<typeof decodeMessage>;
  try {
    message = decodeMessage(payload);
  } catch (error) {
    if (error instanceof DecodeError) return 'malformed';
    throw error;
  }
  const { messageType } = message;
  const known: readonly number[] = [MessageType.advertise, MessageType.reply, MessageType.reconfigure];
  if (isRelayMessage(message) || !known.includes(messageType)) return 'not-a-reply';
  // Sections 16.3, 16.10 and 16.11: discarded when "the message does not include a Server Identifier option", "does not
  // include a Client Identifier option" or "the contents of the Client Identifier option do not match the client's DUID".
  const serverIdentifier = optionValue(message, 'serverIdentifier');
  if (serverIdentifier === undefined) return 'no-server-identifier';
  const clientIdentifiers = optionValues(message, 'clientIdentifier');
  if (clientIdentifiers.length === 0) return 'wrong-client-identifier';
  if (!clientIdentifiers.every((identifier) => bytesEqual(identifier, m.config.duid))) return 'wrong-client-identifier';
  return { message, serverIdentifier };
}

function onMessage(
  m: Machine,
  received: ServerMessage,
  payload: Uint8Array,
  datagram: Datagram,
  now: number,
): DiscardReason | undefined {
  const { message, serverIdentifier } = received;
  if (message.messageType === MessageType.reconfigure) {
    // Section 16.11: discarded when "the message was not unicast to the client". Its transaction id is of no meaning.
    if (datagram.destination?.isMulticast === true) return 'not-authentic';
    return onReconfigure(m, message, payload, serverIdentifier, now);
  }
  const { transactionId } = message;
  const { state, information, declining } = m;
  if (message.messageType === MessageType.reply) {
    if (information.kind === 'asking' && isAnswer(information.exchange, transactionId)) {
      return onInformation(m, received, now);
    }
    if (declining !== undefined && isAnswer(declining.exchange, transactionId)) {
      // Section 18.2.10.2: "the client considers the Decline event completed, regardless of the Status Code".
      m.declining = undefined;
      return undefined;
    }
  }
  if (!('exchange' in state) || !isAnswer(state.exchange, transactionId)) return 'wrong-transaction-id';
  if (message.messageType === MessageType.advertise) {
    return state.kind === 'soliciting' ? onAdvertise(m, state, received, now) : 'unexpected-type';
  }
  if (state.kind === 'releasing') {
    // Section 18.2.10.2, likewise.
    enterStopped(m);
    return undefined;
  }
  return onReply(m, received, now);
}

/** What was not sent cannot be answered. */
function isAnswer(exchange: { readonly sent: number; readonly transactionId: number }, transactionId: number): boolean {
  return exchange.sent > 0 && exchange.transactionId === transactionId;
}

function onAdvertise(
  m: Machine,
  state: StateOf<'soliciting'>,
  { message, serverIdentifier }: ServerMessage,
  now: number,
): DiscardReason | undefined {
  // Section 18.2.9: "The client MUST process any SOL_MAX_RT option and INF_MAX_RT option present in an Advertise message,
  // even if the message contains a Status Code option indicating a failure, and the Advertise message will be discarded".
  m.maximumTimes.advertised(message);
  const advertise = advertiseFrom(message, serverIdentifier, m.wanted);
  tellRefusals(m, refusalOf(message), undefined);
  for (const { ia, refusals } of advertise.answers) tellRefusals(m, refusals, ia.iaid);
  if (!isUsable(advertise, m.config)) {
    // "the client ignoring an Advertise message MUST NOT restart the Solicit retransmission timer". What is asked for
    // next time is another question, so its transaction id is another one (D6C-13).
    if (refusesPrefix(message, advertise) && !state.refused) m.enter({ ...state, refused: true });
    return 'no-leases';
  }
  const advertises = addAdvertise(state.advertises, advertise);
  // Section 18.2.1: "If the client receives an Advertise message that includes a Preference option with a preference value
  // of 255, the client immediately begins a client-initiated message exchange". And when the first RT is over, "as soon as
  // it receives any valid Advertise message".
  if (advertise.preference === HIGHEST_PREFERENCE || state.exchange.sent > 1) {
    const best = chooseAdvertise(advertises, (server) => m.failures.of(server), solicitWishes(m));
    request(m, advertise.preference === HIGHEST_PREFERENCE ? advertise : (best ?? advertise), now);
    return undefined;
  }
  m.enter({ ...state, advertises });
  return undefined;
}

/** Asks a server for what it has advertised; for what it has not, as before (section 18.2.2). */
export function request(m: Machine, { serverIdentifier, answers }: Advertise, now: number): void {
  const wishes = answers.map(({ ia, leases }) => ({ ia, leases: leases.map(({ prefix }) => prefix) }));
  enterRequesting(m, serverIdentifier, wishes, now);
}

function onReply(m: Machine, received: ServerMessage, now: number): DiscardReason | undefined {
  const { state } = m;
  const { message, serverIdentifier } = received;
  // Section 18.2.1: a Reply that does not "include a Rapid Commit option" is no answer to a Solicit, and neither is one to
  // a Solicit that had none.
  const rapid = m.config.rapidCommit && optionValue(message, 'rapidCommit') === true;
  if (state.kind === 'soliciting' && !rapid) return 'unexpected-type';
  m.maximumTimes.replied(message);
  const refusals = refusalOf(message);
  tellRefusals(m, refusals, undefined);
  const status = refusals[0]?.status ?? StatusCode.success;
  // Section 18.2.10: UnspecFail, "the client MUST limit the rate at which it retransmits the message": as if no Reply had
  // come. UseMulticast, obsolete by RFC 9915, answers a unicast message; this one was not.
  if (status === StatusCode.unspecFail || status === StatusCode.useMulticast) return 'failed';
  if (state.kind === 'confirming' && status === StatusCode.notOnLink) {
    // Section 18.2.10.3: what others say in the rest of this RT counts for more.
    if (!state.notOnLink) m.enter({ ...state, notOnLink: true });
    return undefined;
  }
  learnKey(m, message, serverIdentifier);
  const confirmed = state.kind === 'confirming' && m.bindings.every(({ ia }) => ia.kind !== 'iaPd');
  if (confirmed) {
    // Section 18.2.10.3: "any Reply messages that indicate a status of Success (explicit or implicit)".
    if (status !== StatusCode.success) return 'failed';
    m.changed('reboot');
    enterBound(m, now);
    return undefined;
  }
  if (state.kind === 'requesting' && status === StatusCode.notOnLink) {
    // Section 18.2.10.1: "the client can either reissue the message without specifying any addresses or restart the DHCP
    // server discovery process".
    for (const ia of m.wanted) m.hints.forget(ia);
    m.failures.add(serverIdentifier);
    enterInit(m, now);
    return undefined;
  }
  return takeLeases(m, received, status, now);
}

function onInformation(m: Machine, received: ServerMessage, now: number): DiscardReason | undefined {
  m.maximumTimes.replied(received.message);
  const refusals = refusalOf(received.message);
  tellRefusals(m, refusals, undefined);
  if (refusals.length > 0) return 'failed';
  learnKey(m, received.message, received.serverIdentifier);
  onInformationReply(m, received.message, received.serverIdentifier, now);
  return undefined;
}
