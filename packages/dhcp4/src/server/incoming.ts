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
  /** Option 12, or 81 without it, as a clean label; empty when there is none. */
  readonly hostName: string;
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
  let type: number | undefined;
  let requestedAddress: Ipv4Address | undefined;
  let leaseTimeSeconds: number | undefined;
  let serverIdentifier: Ipv4Address | undefined;
  let parameterRequestList: readonly number[] | undefined;
  let maximumMessageSize: number | undefined;
  let clientIdentifier: Uint8Array | undefined;
  let clientIdentifierOption: Option | undefined;
  let relayOption: Option | undefined;
  let hostName: string | undefined;
  let clientFqdn: ClientFqdn | undefined;
  let rapidCommit = false;
  let subnetSelection: Ipv4Address | undefined;
  let linkSelection: Ipv4Address | undefined;
  let serverIdentifierOverride: Ipv4Address | undefined;

  for (const option of message.options) {
    switch (option.kind) {
      case 'dhcpMessageType':
        type = option.value;
        break;
      case 'requestedIpAddress':
        // Some clients say 0.0.0.0 for "any".
        if (!option.value.isUnspecified) requestedAddress = option.value;
        break;
      case 'ipAddressLeaseTime':
        leaseTimeSeconds = option.value;
        break;
      case 'serverIdentifier':
        serverIdentifier = option.value;
        break;
      case 'parameterRequestList':
        parameterRequestList = option.value;
        break;
      case 'maximumDhcpMessageSize':
        maximumMessageSize = option.value;
        break;
      case 'clientIdentifier':
        clientIdentifier = option.value;
        clientIdentifierOption = option;
        break;
      case 'hostName':
        hostName = option.value;
        break;
      case 'clientFqdn':
        clientFqdn = option.value;
        break;
      case 'rapidCommit':
        rapidCommit = true;
        break;
      case 'subnetSelection':
        subnetSelection = option.value;
        break;
      case 'relayAgentInformation':
        relayOption = option;
        linkSelection = relaySubOptionValue(option.value, 'linkSelection');
        serverIdentifierOverride = relaySubOptionValue(option.value, 'serverIdentifierOverride');
        break;
      case 'malformed':
        // What cannot be understood is echoed all the same.
        if (option.code === CLIENT_IDENTIFIER) clientIdentifierOption = option;
        if (option.code === RELAY_AGENT_INFORMATION) relayOption = option;
        break;
      default:
        break;
    }
  }
  if (type === undefined) return 'bootp';
  return {
    message,
    type,
    source,
    requestedAddress,
    leaseTimeSeconds,
    serverIdentifier,
    parameterRequestList,
    maximumMessageSize,
    clientIdentifier,
    clientIdentifierOption,
    relayOption,
    hostName: cleanHostName(hostName ?? clientFqdn?.name ?? ''),
    clientFqdn,
    rapidCommit,
    subnetSelection,
    linkSelection,
    serverIdentifierOverride,
  };
}
