import { DecodeError, type Ipv4Address } from '@router7/wire';
import { type Message, Op } from '../message.ts';
import { decodeMessage } from '../message-codec.ts';
import type { Option } from '../option.ts';
import type { ClientFqdn } from '../options/client-fqdn.ts';
import { relaySubOptionValue } from '../options/relay-agent-information.ts';
import { cleanHostName } from './host-name.ts';
import type { ServerDiscardReason } from './output.ts';

const CLIENT_IDENTIFIER = 61;
const RELAY_AGENT_INFORMATION = 82;

const NOTHING: Uint8Array = new Uint8Array(0);

/** A client's message with what the server looks at, gathered in one pass over its options. */
export interface Incoming {
  readonly message: Message;
  /** Option 53. */
  readonly type: number;
  /** Where the datagram came from: 0.0.0.0 from a client without an address. */
  readonly source: Ipv4Address;
  /** Option 50. */
  readonly requestedAddress: Ipv4Address | undefined;
  /** Option 51. */
  readonly leaseTimeSeconds: number | undefined;
  /** Option 54. */
  readonly serverIdentifier: Ipv4Address | undefined;
  /** Option 55. */
  readonly parameterRequestList: readonly number[] | undefined;
  /** Option 57. */
  readonly maximumMessageSize: number | undefined;
  /** Option 61 with content. */
  readonly clientIdentifier: Uint8Array | undefined;
  /** Options 61 and 82 as they came, to be echoed. */
  readonly clientIdentifierOption: Option | undefined;
  readonly relayOption: Option | undefined;
  /**
   * Option 12, or 81 without it, as a clean label; empty when there is none.
   *
   * @param known the label that it most likely is: that costs less than to make it
   */
  hostName(known: string): string;
  /** Option 81. */
  readonly clientFqdn: ClientFqdn | undefined;
  /** Option 80. */
  readonly rapidCommit: boolean;
  /** Option 118. */
  readonly subnetSelection: Ipv4Address | undefined;
  /** Sub-options 5 and 11 of option 82. */
  readonly linkSelection: Ipv4Address | undefined;
  readonly serverIdentifierOverride: Ipv4Address | undefined;
}

/** What both ways to read a message fill in. */
export class ReadMessage implements Incoming {
  readonly message: Message;
  readonly source: Ipv4Address;
  type: number = 0;
  requestedAddress: Ipv4Address | undefined = undefined;
  leaseTimeSeconds: number | undefined = undefined;
  serverIdentifier: Ipv4Address | undefined = undefined;
  parameterRequestList: readonly number[] | undefined = undefined;
  maximumMessageSize: number | undefined = undefined;
  clientIdentifier: Uint8Array | undefined = undefined;
  relayOption: Option | undefined = undefined;
  clientFqdn: ClientFqdn | undefined = undefined;
  rapidCommit: boolean = false;
  subnetSelection: Ipv4Address | undefined = undefined;
  linkSelection: Ipv4Address | undefined = undefined;
  serverIdentifierOverride: Ipv4Address | undefined = undefined;
  /** Option 61 that is not {@link clientIdentifier}. */
  malformedIdentifier: Option | undefined = undefined;
  /** Option 12; or where its characters lie, all of ASCII, when the length is not 0. */
  statedName: string | undefined = undefined;
  nameOctets: Uint8Array = NOTHING;
  nameAt: number = 0;
  nameLength: number = 0;

  constructor(message: Message, source: Ipv4Address) {
    this.message = message;
    this.source = source;
  }

  get clientIdentifierOption(): Option | undefined {
    if (this.clientIdentifier === undefined) return this.malformedIdentifier;
    return { kind: 'clientIdentifier', value: this.clientIdentifier };
  }

  hostName(known: string): string {
    if (this.nameLength === 0) return cleanHostName(this.statedName ?? this.clientFqdn?.name ?? '');
    const isKnown = isTextAt(known, this.nameOctets, this.nameAt, this.nameLength);
    return cleanHostName(isKnown ? known : textAt(this.nameOctets, this.nameAt, this.nameLength));
  }
}

/** Whether octets are the ASCII characters of a text. */
export function isTextAt(text: string, bytes: Uint8Array, at: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[at + i]) return false;
  return true;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  for (let i = at; i < at + length; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}

/** Decodes a datagram, or tells why it is none that a server answers. */
export function decodeIncoming(payload: Uint8Array, source: Ipv4Address): Incoming | ServerDiscardReason {
  let message: Message;
  try {
    message = decodeMessage(payload);
  } catch (error) {
    if (error instanceof DecodeError) return 'malformed';
    throw error;
  }
  return message.op === Op.bootRequest ? gather(message, source) : 'not-a-request';
}

function gather(message: Message, source: Ipv4Address): Incoming | ServerDiscardReason {
  const read = new ReadMessage(message, source);
  let type: number | undefined;
  for (const option of message.options) {
    switch (option.kind) {
      case 'dhcpMessageType':
        type = option.value;
        break;
      case 'requestedIpAddress':
        // Some clients say 0.0.0.0 for "any".
        if (!option.value.isUnspecified) read.requestedAddress = option.value;
        break;
      case 'ipAddressLeaseTime':
        read.leaseTimeSeconds = option.value;
        break;
      case 'serverIdentifier':
        read.serverIdentifier = option.value;
        break;
      case 'parameterRequestList':
        read.parameterRequestList = option.value;
        break;
      case 'maximumDhcpMessageSize':
        read.maximumMessageSize = option.value;
        break;
      case 'clientIdentifier':
        read.clientIdentifier = option.value;
        break;
      case 'hostName':
        read.statedName = option.value;
        break;
      case 'clientFqdn':
        read.clientFqdn = option.value;
        break;
      case 'rapidCommit':
        read.rapidCommit = true;
        break;
      case 'subnetSelection':
        read.subnetSelection = option.value;
        break;
      case 'relayAgentInformation':
        read.relayOption = option;
        read.linkSelection = relaySubOptionValue(option.value, 'linkSelection');
        read.serverIdentifierOverride = relaySubOptionValue(option.value, 'serverIdentifierOverride');
        break;
      case 'malformed':
        // What cannot be understood is echoed all the same.
        if (option.code === CLIENT_IDENTIFIER) read.malformedIdentifier = option;
        if (option.code === RELAY_AGENT_INFORMATION) read.relayOption = option;
        break;
      default:
        break;
    }
  }
  if (type === undefined) return 'bootp';
  read.type = type;
  return read;
}
