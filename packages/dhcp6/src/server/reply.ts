import { EncodeError } from '@router7/wire';
import { encodeMessageTo } from '../message-codec.ts';
import { MessageType } from '../message-type.ts';
import type { Message, Option, RelayMessage } from '../option.ts';
import { withCommonTimes } from './common-times.ts';
import type { Exchange } from './exchange.ts';
import { relaySourcePort } from './incoming.ts';
import { CLIENT_PORT, SERVER_PORT } from './port.ts';
import type { ServerContext } from './server-context.ts';

/** Options that are the protocol's own: a client that asks for one in its list does not get it from the settings. */
const PROTOCOL: ReadonlySet<number> = new Set([
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 19, 20, 25, 26, 37, 67, 135],
]);

/** An option that tells how it went (section 21.13). */
export function statusOption(status: number, message: string): Option {
  return { kind: 'statusCode', value: { status, message } };
}

/** What differs between the answers. */
export interface Answer {
  /** `advertise` or `reply`. */
  readonly type: number;
  /** Associations, and what else belongs to the protocol; behind the identifiers. */
  readonly options: readonly Option[];
  /** Whether the parameters that the client asks for come along. */
  readonly parameters: boolean;
  /** The answer promises something that has to be kept after a power cut. */
  readonly durable: boolean;
}

/** Sends an Advertise or a Reply the way that the message came (RFC 9915 sections 18.3.9, 18.3.10 and 19.3). */
export function sendAnswer(
  server: ServerContext,
  exchange: Exchange,
  { type, options, parameters, durable }: Answer,
): void {
  const { outbox, serverIdentifier } = server;
  const { incoming, link, source, interfaceName } = exchange;
  const all: Option[] = [serverIdentifier];
  // Section 18.3: both identifiers, "and the Client Identifier option [...] from the client message if one was present".
  if (incoming.clientIdentifier !== undefined) all.push({ kind: 'clientIdentifier', value: incoming.clientIdentifier });
  for (const option of withCommonTimes(options)) all.push(option);
  if (parameters) pushParameters(all, incoming.optionRequest, link.options);
  const answer: Message = { messageType: type, transactionId: incoming.message.transactionId, options: all };
  const writer = outbox.writer();
  try {
    encodeMessageTo(writer, relayReply(incoming.relays, answer));
  } catch (error) {
    // What relay agents have put around it leaves no room.
    if (!(error instanceof EncodeError)) throw error;
    outbox.discard('malformed');
    return;
  }
  outbox.push({
    kind: 'send',
    payload: writer.view(),
    destination: source,
    port: portFor(exchange),
    link: interfaceName,
    durable,
  });
}

/** Adds those of a link's options that a client asks for, or all when it has no list. @param settings by code */
export function pushParameters(
  options: Option[],
  codes: readonly number[] | undefined,
  settings: ReadonlyMap<number, Option>,
): void {
  if (codes === undefined) {
    for (const option of settings.values()) options.push(option);
    return;
  }
  for (const code of codes) {
    const option = settings.get(code);
    if (option === undefined || PROTOCOL.has(code)) continue;
    // A list may name a code more than once.
    if (!options.includes(option)) options.push(option);
  }
}

/**
 * Wraps an answer for the relay agents, each of which takes its own wrapping off (section 19.3). Hop-count, link-address and
 * peer-address are each "Copied from the Relay-forward message" (section 9.2), and so is the Interface-Id (18.3.10).
 */
function relayReply(relays: readonly RelayMessage[], answer: Message): Message {
  let message = answer;
  for (let at = relays.length - 1; at >= 0; at--) {
    const relay = relays[at] as RelayMessage;
    const options: Option[] = relay.options.filter(({ kind }) => kind === 'interfaceId');
    const sourcePort = relaySourcePort(relay);
    // RFC 8357 section 5.2: the server "MUST" echo the option in its Relay-reply.
    if (sourcePort !== undefined) options.push(sourcePort);
    options.push({ kind: 'relayMessage', value: message });
    message = {
      messageType: MessageType.relayRepl,
      hopCount: relay.hopCount,
      linkAddress: relay.linkAddress,
      peerAddress: relay.peerAddress,
      options,
    };
  }
  return message;
}

function portFor({ incoming, sourcePort }: Exchange): number {
  const [relay] = incoming.relays;
  if (relay === undefined) return CLIENT_PORT;
  return relaySourcePort(relay) === undefined ? SERVER_PORT : sourcePort;
}
