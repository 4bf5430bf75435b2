import { DecodeError, type Ipv6Address, type Ipv6Prefix } from '@router7/wire';
import { isRelayMessage } from '../message.ts';
import { decodeMessage } from '../message-codec.ts';
import { MessageType } from '../message-type.ts';
import type { ClientServerMessage, IaNa, Message, Option, RelayMessage } from '../option.ts';
import type { Lease } from './lease-table.ts';
import type { ServerDiscardReason } from './output.ts';

/** Identity associations of one message that are heeded: no host has more, and each one costs work and an address. */
export const MOST_ASSOCIATIONS: number = 8;
/** Addresses or prefixes of one association that are looked at. */
export const MOST_VALUES: number = 16;

/** An IA_NA or IA_PD of a client. */
export interface Association {
  readonly kind: Lease['kind'];
  readonly iaid: number;
  /** Of an IA_NA. */
  readonly addresses: readonly Ipv6Address[];
  /** Of an IA_PD; `::` with a length is a wish for such a length. */
  readonly prefixes: readonly Ipv6Prefix[];
}

/** A client's message with what the server looks at, gathered in one pass over its options. */
export interface Incoming {
  readonly message: ClientServerMessage;
  readonly clientIdentifier: Uint8Array | undefined;
  readonly serverIdentifier: Uint8Array | undefined;
  readonly associations: readonly Association[];
  /** Option 6. */
  readonly optionRequest: readonly number[] | undefined;
  readonly rapidCommit: boolean;
  readonly reconfigureAccept: boolean;
  /** The relay messages around it, the outermost one first. */
  readonly relays: readonly RelayMessage[];
}

/** Decodes a datagram, or tells why it is none that a server answers. */
export function readIncoming(payload: Uint8Array): Incoming | ServerDiscardReason {
  let message: Message | undefined;
  try {
    message = decodeMessage(payload);
  } catch (error) {
    if (error instanceof DecodeError) return 'malformed';
    throw error;
  }
  const relays: RelayMessage[] = [];
  while (isRelayMessage(message)) {
    // RFC 9915 section 16.14: "Clients and servers MUST discard any received Relay-reply messages."
    if (message.messageType !== MessageType.relayForw) return 'unexpected-type';
    relays.push(message);
    message = relayed(message);
    // Section 9.1: a Relay-forward has the option that holds the message.
    if (message === undefined) return 'malformed';
  }
  return gather(message, relays);
}

function relayed(message: RelayMessage): Message | undefined {
  for (const option of message.options) if (option.kind === 'relayMessage') return option.value;
  return undefined;
}

function gather(message: ClientServerMessage, relays: readonly RelayMessage[]): Incoming {
  let clientIdentifier: Uint8Array | undefined;
  let serverIdentifier: Uint8Array | undefined;
  let optionRequest: readonly number[] | undefined;
  let rapidCommit = false;
  let reconfigureAccept = false;
  const associations: Association[] = [];
  for (const option of message.options) {
    switch (option.kind) {
      case 'clientIdentifier':
        clientIdentifier = option.value;
        break;
      case 'serverIdentifier':
        serverIdentifier = option.value;
        break;
      case 'iaNa':
      case 'iaPd':
        addAssociation(associations, association(option.kind, option.value));
        break;
      case 'optionRequest':
        optionRequest = option.value;
        break;
      case 'rapidCommit':
        rapidCommit = true;
        break;
      case 'reconfigureAccept':
        reconfigureAccept = true;
        break;
      default:
        break;
    }
  }
  return {
    message,
    clientIdentifier,
    serverIdentifier,
    associations,
    optionRequest,
    rapidCommit,
    reconfigureAccept,
    relays,
  };
}

/** Of one type a client has each IAID once (section 12): one that is there again says nothing. */
function addAssociation(associations: Association[], added: Association): void {
  if (associations.length === MOST_ASSOCIATIONS) return;
  for (const { kind, iaid } of associations) if (kind === added.kind && iaid === added.iaid) return;
  associations.push(added);
}

const NO_ADDRESSES: readonly Ipv6Address[] = [];
const NO_PREFIXES: readonly Ipv6Prefix[] = [];

function association(option: 'iaNa' | 'iaPd', { iaid, options }: IaNa): Association {
  const addresses: Ipv6Address[] = [];
  const prefixes: Ipv6Prefix[] = [];
  for (const each of options) {
    if (addresses.length + prefixes.length === MOST_VALUES) break;
    if (each.kind === 'iaAddress') addresses.push(each.value.address);
    else if (each.kind === 'iaPrefix') prefixes.push(each.value.prefix);
  }
  return option === 'iaNa'
    ? { kind: 'address', iaid, addresses, prefixes: NO_PREFIXES }
    : { kind: 'prefix', iaid, addresses: NO_ADDRESSES, prefixes };
}

/** The option by which a relay agent wants its answer at the port that it sent from (RFC 8357 section 4). */
export function relaySourcePort(relay: RelayMessage): Option | undefined {
  return relay.options.find(({ kind }) => kind === 'relayPort');
}
