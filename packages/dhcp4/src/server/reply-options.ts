import type { Ipv4Address } from '@router7/wire';
import { MessageType } from '../message.ts';
import type { Option } from '../option.ts';
import { clientFqdnReply } from './client-fqdn-reply.ts';
import type { Exchange } from './exchange.ts';

const SUBNET_MASK = 1;
const HOST_NAME = 12;
const DOMAIN_NAME = 15;
/** T1 (RFC 2132 9.11). */
export const RENEWAL_TIME = 58;
/** T2 (RFC 2132 9.12). */
export const REBINDING_TIME = 59;
const BOOTFILE_NAME = 67;
const CLIENT_FQDN = 81;
const IPV6_ONLY_PREFERRED = 108;

/** Options that are the protocol's own: a client that asks for one in its list does not get it from the settings. */
const PROTOCOL: readonly boolean[] = Array.from({ length: 256 }, (_, code) =>
  [50, 51, 52, 53, 54, 55, 57, 58, 59, 61, 80, 81, 82, 118].includes(code),
);

/** What a DHCPOFFER or DHCPACK grants. */
export interface Grant {
  readonly leaseTimeSeconds: number;
  /** T1 and T2 (RFC 2131 4.4.5). */
  readonly renewalTimeSeconds: number;
  readonly rebindingTimeSeconds: number;
  /** The name for option 12; empty for none. */
  readonly hostName: string;
  /** The reply is a DHCPACK to a DHCPDISCOVER. */
  readonly rapidCommit: boolean;
}

/** The settings' options for one client: those of its subnet, under those of its classes, under those of its reservation. */
export function settingsFor({ subnet, classes, reserved }: Exchange): ReadonlyMap<number, Option> {
  if (classes.length === 0 && (reserved === undefined || reserved.options.size === 0)) return subnet.options;
  const merged = new Map(subnet.options);
  for (const { options } of classes) for (const [code, option] of options) merged.set(code, option);
  if (reserved !== undefined) for (const [code, option] of reserved.options) merged.set(code, option);
  return merged;
}

/** Whether a client's parameter request list has a code. */
export function asksFor({ incoming }: Exchange, code: number): boolean {
  return incoming.parameterRequestList?.includes(code) === true;
}

/** Option 54: what the relay agent wants there (RFC 5107 section 4), or the server's own address on the subnet. */
export function serverIdentifierFor({ incoming, subnet }: Exchange): Ipv4Address {
  const override = incoming.message.giaddr.isUnspecified ? undefined : incoming.serverIdentifierOverride;
  return override ?? subnet.serverIdentifier;
}

/** The options of a reply: {@link essential} of them have to be there, those behind go when the reply gets too large. */
export interface ReplyOptions {
  readonly options: Option[];
  readonly essential: number;
}

/**
 * The options of a DHCPOFFER or DHCPACK (RFC 2131 table 3), all but option 82.
 *
 * RFC 2132 9.8: "The DHCP server is not required to return the options in the requested order, but MUST try to insert the
 * requested options in the order requested by the client." What the client did not ask for is not sent, but for the subnet
 * mask, without which it would have to guess; a client without a list gets all there is.
 *
 * @param name the label under which the client is found, for option 81; empty for none
 * @param grant undefined in the answer to a DHCPINFORM, which "MUST NOT send a lease expiration time" (RFC 2131 4.3.5)
 */
export function replyOptions(
  exchange: Exchange,
  type: number,
  grant: Grant | undefined,
  name: string = '',
): ReplyOptions {
  const { incoming } = exchange;
  const settings = settingsFor(exchange);
  const options: Option[] = [
    { kind: 'dhcpMessageType', value: type },
    { kind: 'serverIdentifier', value: serverIdentifierFor(exchange) },
  ];
  if (grant !== undefined) {
    const { leaseTimeSeconds, renewalTimeSeconds, rebindingTimeSeconds } = grant;
    options.push({ kind: 'ipAddressLeaseTime', value: leaseTimeSeconds });
    options.push(settings.get(RENEWAL_TIME) ?? { kind: 'renewalTime', value: renewalTimeSeconds });
    options.push(settings.get(REBINDING_TIME) ?? { kind: 'rebindingTime', value: rebindingTimeSeconds });
    // RFC 4039 3.1: the server "MUST include a Rapid Commit option" in a DHCPACK that answers a DHCPDISCOVER.
    if (grant.rapidCommit) options.push({ kind: 'rapidCommit', value: true });
  }
  pushEchoes(options, exchange);
  // RFC 2132 3.3: "If both the subnet mask and the router option are specified in a DHCP reply, the subnet mask option
  // MUST be first."
  const subnetMask = settings.get(SUBNET_MASK);
  if (subnetMask !== undefined) options.push(subnetMask);
  const essential = options.length;
  // RFC 4702 3: a client that wants an answer to its option 81 names it in its list, too.
  if (incoming.clientFqdn !== undefined && name !== '') {
    if (incoming.parameterRequestList === undefined || asksFor(exchange, CLIENT_FQDN)) {
      const reply = clientFqdnReply(incoming.clientFqdn, name, settings.get(DOMAIN_NAME));
      if (reply !== undefined) options.push(reply);
    }
  }
  if (incoming.parameterRequestList === undefined) pushAll(options, settings);
  else pushRequested(options, incoming.parameterRequestList, settings, grant?.hostName ?? '');
  return { options, essential };
}

/** The options of a DHCPNAK: RFC 2131 table 3 allows hardly any. */
export function refusalOptions(exchange: Exchange, why: string): ReplyOptions {
  const options: Option[] = [
    { kind: 'dhcpMessageType', value: MessageType.nak },
    { kind: 'serverIdentifier', value: serverIdentifierFor(exchange) },
  ];
  pushEchoes(options, exchange);
  const essential = options.length;
  options.push({ kind: 'message', value: why });
  return { options, essential };
}

function pushEchoes(options: Option[], { incoming, subnetSelection }: Exchange): void {
  // RFC 6842 3: "If the 'client identifier' option is present in a message received from a client, the server MUST return
  // the 'client identifier' option, unaltered, in its response message."
  if (incoming.clientIdentifierOption !== undefined) options.push(incoming.clientIdentifierOption);
  // RFC 3011 2: a server that uses the option includes it in its reply.
  if (subnetSelection !== undefined) options.push({ kind: 'subnetSelection', value: subnetSelection });
}

/** Codes that are in the reply already: those whose mark is the current one. Saves making a set for each reply. */
const marks: Uint32Array = new Uint32Array(256);
let currentMark = 0;

function pushRequested(
  options: Option[],
  codes: readonly number[],
  settings: ReadonlyMap<number, Option>,
  hostName: string,
): void {
  currentMark = (currentMark + 1) >>> 0;
  if (currentMark === 0) {
    marks.fill(0);
    currentMark = 1;
  }
  marks[SUBNET_MASK] = currentMark;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    // A list may name a code more than once.
    if (marks[code] === currentMark) continue;
    marks[code] = currentMark;
    if (PROTOCOL[code]) continue;
    if (code === HOST_NAME && hostName !== '') options.push({ kind: 'hostName', value: hostName });
    else {
      const option = settings.get(code);
      if (option !== undefined) options.push(option);
    }
  }
}

function pushAll(options: Option[], settings: ReadonlyMap<number, Option>): void {
  for (const [code, option] of settings) {
    if (code === SUBNET_MASK || PROTOCOL[code]) continue;
    // RFC 8925 3.3: "the server MUST NOT include the IPv6-Only Preferred option" unless the client asks for it.
    if (code !== IPV6_ONLY_PREFERRED) options.push(option);
  }
}

/** The `file` field: a class's boot file, for a client that did not ask for it as option 67. */
export function bootFileFor(exchange: Exchange): string {
  if (exchange.classes.length === 0 || asksFor(exchange, BOOTFILE_NAME)) return '';
  return exchange.classes.findLast(({ config }) => config.bootFile !== undefined)?.config.bootFile ?? '';
}
