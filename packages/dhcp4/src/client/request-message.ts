/** The client's messages, one builder for each column of RFC 2131 table 5 and each form of DHCPREQUEST (4.3.2). */
import { encodeUtf8, Ipv4Address } from '@router7/wire';
import { BROADCAST_FLAG, type Message, MessageType, Op } from '../message.ts';
import type { Option } from '../option.ts';
import { hardwareClientIdentifier } from '../options/client-identifier.ts';
import type { ClientConfig } from './config.ts';

/** Hardware type of Ethernet, for `htype` (IANA, "Hardware Types"). */
export const ETHERNET = 1;

/** What every message of an exchange carries. */
export interface Transaction {
  readonly xid: number;
  /** Seconds since the client began to acquire or renew, up to 65535. */
  readonly secs: number;
}

/** DHCPDISCOVER: `ciaddr` 0, option 50 MAY, option 54 MUST NOT. */
export function discoverMessage(config: ClientConfig, transaction: Transaction, requested?: Ipv4Address): Message {
  return message(config, MessageType.discover, transaction, Ipv4Address.unspecified, [
    ...(requested === undefined ? [] : [requestedAddress(requested)]),
    ...(config.rapidCommit ? [{ kind: 'rapidCommit', value: true } as const] : []),
    ...parameters(config),
  ]);
}

/**
 * DHCPREQUEST in SELECTING: "Client inserts the address of the selected server in 'server identifier', 'ciaddr' MUST be
 * zero, 'requested IP address' MUST be filled in with the yiaddr value from the chosen DHCPOFFER."
 */
export function selectingRequest(
  config: ClientConfig,
  transaction: Transaction,
  address: Ipv4Address,
  server: Ipv4Address,
): Message {
  return message(config, MessageType.request, transaction, Ipv4Address.unspecified, [
    requestedAddress(address),
    { kind: 'serverIdentifier', value: server },
    ...parameters(config),
  ]);
}

/**
 * DHCPREQUEST in INIT-REBOOT (D4C-04): "'server identifier' MUST NOT be filled in, 'requested IP address' option MUST
 * be filled in with client's notion of its previously assigned address. 'ciaddr' MUST be zero."
 */
export function rebootRequest(config: ClientConfig, transaction: Transaction, address: Ipv4Address): Message {
  return message(config, MessageType.request, transaction, Ipv4Address.unspecified, [
    requestedAddress(address),
    ...parameters(config),
  ]);
}

/**
 * DHCPREQUEST in RENEWING and REBINDING (D4C-05): "'server identifier' MUST NOT be filled in, 'requested IP address'
 * option MUST NOT be filled in, 'ciaddr' MUST be filled in with client's IP address."
 */
export function extensionRequest(config: ClientConfig, transaction: Transaction, address: Ipv4Address): Message {
  return message(config, MessageType.request, transaction, address, parameters(config));
}

/** DHCPDECLINE: options 50 and 54 MUST, `ciaddr` 0, `secs` and `flags` 0, no parameters asked for. */
export function declineMessage(config: ClientConfig, xid: number, address: Ipv4Address, server: Ipv4Address): Message {
  return message(
    { ...config, requestBroadcast: false },
    MessageType.decline,
    { xid, secs: 0 },
    Ipv4Address.unspecified,
    [
      requestedAddress(address),
      { kind: 'serverIdentifier', value: server },
      { kind: 'message', value: 'address in use' },
    ],
  );
}

/** DHCPRELEASE: `ciaddr` the address, option 54 MUST, option 50 MUST NOT. */
export function releaseMessage(config: ClientConfig, xid: number, address: Ipv4Address, server: Ipv4Address): Message {
  return message({ ...config, requestBroadcast: false }, MessageType.release, { xid, secs: 0 }, address, [
    { kind: 'serverIdentifier', value: server },
    { kind: 'message', value: 'released' },
  ]);
}

/**
 * DHCPINFORM: `ciaddr` the address, options 50, 51 and 54 MUST NOT. Section 4.4.3: "The client SHOULD NOT request lease
 * time parameters."
 */
export function informMessage(config: ClientConfig, transaction: Transaction, address: Ipv4Address): Message {
  const timeless = {
    ...config,
    parameterRequestList: config.parameterRequestList.filter((code) => !LEASE_TIME_CODES.has(code)),
    options: config.options.filter((option) => option.kind !== 'ipAddressLeaseTime' && codeOfRaw(option) !== 51),
  };
  return message(timeless, MessageType.inform, transaction, address, parameters(timeless));
}

function message(
  config: ClientConfig,
  type: number,
  transaction: Transaction,
  ciaddr: Ipv4Address,
  options: readonly Option[],
): Message {
  return {
    op: Op.bootRequest,
    htype: ETHERNET,
    hops: 0,
    xid: transaction.xid,
    secs: transaction.secs,
    // Section 4.1: "A client that cannot receive unicast IP datagrams until its protocol software has been configured
    // with an IP address SHOULD set the BROADCAST bit". A packet socket can, so it is clear unless the caller wants it;
    // with an address in ciaddr it has no use.
    flags: config.requestBroadcast === true && ciaddr.isUnspecified ? BROADCAST_FLAG : 0,
    ciaddr,
    yiaddr: Ipv4Address.unspecified,
    siaddr: Ipv4Address.unspecified,
    giaddr: Ipv4Address.unspecified,
    chaddr: config.hardwareAddress.toBytes(),
    sname: new Uint8Array(),
    file: new Uint8Array(),
    // RFC 4361 section 6.1 and RFC 2131 section 4.2: the client identifier goes into every message, always the same.
    options: [
      { kind: 'dhcpMessageType', value: type },
      { kind: 'clientIdentifier', value: clientIdentifierOf(config) },
      ...options,
    ],
  };
}

/** The client identifier that the configuration stands for. */
export function clientIdentifierOf(config: ClientConfig): Uint8Array {
  return config.clientIdentifier ?? hardwareClientIdentifier(config.hardwareAddress);
}

function requestedAddress(value: Ipv4Address): Option {
  return { kind: 'requestedIpAddress', value };
}

/**
 * Options 57 and 55 and those of the configuration, alike in DISCOVER, REQUEST and INFORM: section 4.4.1, "it MUST
 * include that list in all subsequent messages".
 */
function parameters(config: ClientConfig): readonly Option[] {
  // RFC 4702 section 3.1: "Clients that send the Client FQDN option in their messages MUST NOT also send the Host Name
  // option."
  const named = config.options.some((option) => option.kind === 'clientFqdn' || codeOfRaw(option) === 81);
  const wanted = config.options
    .filter((option) => !ENGINE_KINDS.has(option.kind) && !ENGINE_CODES.has(codeOfRaw(option)))
    .filter((option) => !(named && (option.kind === 'hostName' || codeOfRaw(option) === 12)))
    .map(withinLabel)
    .filter((option) => option.kind !== 'hostName' || option.value !== '');
  return [
    { kind: 'maximumDhcpMessageSize', value: config.maximumMessageSize },
    ...(config.parameterRequestList.length === 0
      ? []
      : [{ kind: 'parameterRequestList', value: config.parameterRequestList } as const]),
    ...wanted,
  ];
}

/**
 * A host name is one label or a name of labels, of 63 octets each at most (RFC 1035 section 2.3.4): a longer label is
 * cut (D4C-22).
 */
function withinLabel(option: Option): Option {
  if (option.kind !== 'hostName') return option;
  const labels = option.value.split('.').map((label) => {
    let cut = [...label];
    while (encodeUtf8(cut.join('')).length > 63) cut = cut.slice(0, -1);
    return cut.join('');
  });
  return { kind: 'hostName', value: labels.join('.') };
}

function codeOfRaw(option: Option): number {
  return option.kind === 'raw' || option.kind === 'malformed' ? option.code : -1;
}

/** Options whose presence the state decides: a configuration cannot put them in. */
const ENGINE_KINDS: ReadonlySet<string> = new Set([
  'requestedIpAddress',
  'dhcpMessageType',
  'serverIdentifier',
  'parameterRequestList',
  'message',
  'maximumDhcpMessageSize',
  'renewalTime',
  'rebindingTime',
  'clientIdentifier',
  'rapidCommit',
  'relayAgentInformation',
]);
const ENGINE_CODES: ReadonlySet<number> = new Set([0, 50, 52, 53, 54, 55, 56, 57, 58, 59, 61, 80, 82, 255]);

const LEASE_TIME_CODES: ReadonlySet<number> = new Set([51, 58, 59]);
