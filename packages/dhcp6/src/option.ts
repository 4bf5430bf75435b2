import type { DecodeErrorCode, Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { MessageType } from './message-type.ts';
import type { PlainOptionValues } from './plain-option.ts';

// Messages hold options, and these can hold options or messages again: hence they are all in one file.

/**
 * A message between a client and a server (RFC 9915 section 8).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+-----------------------------------------------+
 * |   msg-type    |               transaction-id                  |
 * +---------------+-----------------------------------------------+
 * |                      options (variable)                       |
 * +---------------------------------------------------------------+
 * ```
 */
export interface ClientServerMessage {
  /** `MessageType`, other than those of relay messages; an unknown type stays a number. */
  readonly messageType: number;
  /** 24 bits. */
  readonly transactionId: number;
  /** In the order of the wire. */
  readonly options: readonly Option[];
}

/**
 * A message between a relay agent and a server, or another relay agent (RFC 9915 section 9).
 *
 * ```
 * +---------------+---------------+
 * |   msg-type    |   hop-count   |
 * +---------------+---------------+-------------------------------+
 * |                   link-address (16 octets)                    |
 * +---------------------------------------------------------------+
 * |                   peer-address (16 octets)                    |
 * +---------------------------------------------------------------+
 * |                      options (variable)                       |
 * +---------------------------------------------------------------+
 * ```
 */
export interface RelayMessage {
  readonly messageType: typeof MessageType.relayForw | typeof MessageType.relayRepl;
  /** Relay agents that have relayed it already; in a Relay-reply as in the Relay-forward. */
  readonly hopCount: number;
  /** Tells the server which link the client is on; `::` when the interface-id option alone does. */
  readonly linkAddress: Ipv6Address;
  /** Of the client or relay agent that the relayed message came from. */
  readonly peerAddress: Ipv6Address;
  /** In the order of the wire; the message itself is the value of `relayMessage`. */
  readonly options: readonly Option[];
}

/** A DHCPv6 message: `isRelayMessage` tells which of both it is. */
export type Message = ClientServerMessage | RelayMessage;

/** An identity association for non-temporary addresses, or for prefixes (RFC 9915 sections 21.4 and 21.21). */
export interface IaNa {
  /** Which of a client's associations of this kind it is, 32 bits. */
  readonly iaid: number;
  /** T1: seconds until the client renews; 0 leaves it to the client, 0xffffffff is never. */
  readonly t1Seconds: number;
  /** T2: seconds until the client asks any server; 0 leaves it to the client, 0xffffffff is never. */
  readonly t2Seconds: number;
  /** `iaAddress` or `iaPrefix`, `statusCode` and others. */
  readonly options: readonly Option[];
}

/** An identity association for temporary addresses (RFC 8415 section 21.5; obsolete by RFC 9915). */
export interface IaTa {
  /** Which of a client's associations of this kind it is, 32 bits. */
  readonly iaid: number;
  /** `iaAddress`, `statusCode` and others. */
  readonly options: readonly Option[];
}

/** An address of an IA (RFC 9915 section 21.6). */
export interface IaAddress {
  readonly address: Ipv6Address;
  /** 0xffffffff is for ever. A client drops the address when this is more than the valid lifetime. */
  readonly preferredLifetimeSeconds: number;
  /** 0xffffffff is for ever, 0 takes the address away. */
  readonly validLifetimeSeconds: number;
  /** `statusCode` and others. */
  readonly options: readonly Option[];
}

/** A delegated prefix of an IA_PD (RFC 9915 section 21.22). */
export interface IaPrefix {
  /** As it was sent, bits behind its length included; a client's hint for a length has the address `::`. */
  readonly prefix: Ipv6Prefix;
  /** 0xffffffff is for ever. A client drops the prefix when this is more than the valid lifetime. */
  readonly preferredLifetimeSeconds: number;
  /** 0xffffffff is for ever, 0 takes the prefix away. */
  readonly validLifetimeSeconds: number;
  /** `statusCode`, `pdExclude` and others. */
  readonly options: readonly Option[];
}

/** Options that stand together (RFC 6422 section 3, RFC 7598 section 5). */
export interface OptionContainer {
  readonly options: readonly Option[];
}

/** A mapping rule (RFC 7598 section 4.1). */
export interface S46Rule {
  /** `S46_FORWARDING_RULE`; the other bits are to be 0, and are kept. */
  readonly flags: number;
  /** ea-len: bits of IPv4 suffix and port set inside of the customer's IPv6 prefix, 0 to 48. */
  readonly embeddedAddressLength: number;
  readonly ipv4Prefix: Ipv4Prefix;
  readonly ipv6Prefix: Ipv6Prefix;
  /** `s46Portparams` and others. */
  readonly options: readonly Option[];
}

/** A customer's IPv4 address and the IPv6 prefix it is bound to (RFC 7598 section 4.4). */
export interface S46V4V6Bind {
  readonly ipv4Address: Ipv4Address;
  readonly ipv6Prefix: Ipv6Prefix;
  /** `s46Portparams` and others. */
  readonly options: readonly Option[];
}

/** What each option's value is, by the option's name. */
export interface OptionValues extends PlainOptionValues {
  /** 3, RFC 9915 21.4 */
  readonly iaNa: IaNa;
  /** 4, RFC 8415 21.5; obsolete */
  readonly iaTa: IaTa;
  /** 5, RFC 9915 21.6; only inside of `iaNa` and `iaTa` */
  readonly iaAddress: IaAddress;
  /** 9, RFC 9915 21.10; only in relay messages */
  readonly relayMessage: Message;
  /** 25, RFC 9915 21.21 */
  readonly iaPd: IaNa;
  /** 26, RFC 9915 21.22; only inside of `iaPd` */
  readonly iaPrefix: IaPrefix;
  /** 66, RFC 6422; what a relay agent asks the server to tell the client; only in relay messages */
  readonly relaySuppliedOptions: OptionContainer;
  /** 89, RFC 7598 4.1; only inside of a container */
  readonly s46Rule: S46Rule;
  /** 92, RFC 7598 4.4; only inside of `s46ContainerLw` */
  readonly s46V4V6Bind: S46V4V6Bind;
  /** 94, RFC 7598 5.1; `s46Rule` and `s46Br` */
  readonly s46ContainerMapE: OptionContainer;
  /** 95, RFC 7598 5.2; `s46Rule` and `s46Dmr` */
  readonly s46ContainerMapT: OptionContainer;
  /** 96, RFC 7598 5.3; `s46V4V6Bind` and `s46Br` */
  readonly s46ContainerLw: OptionContainer;
}

/** Name of an option that has a type of its own. */
export type OptionName = keyof OptionValues;

/** An option with a decoded value. */
export type KnownOption = {
  readonly [N in OptionName]: { readonly kind: N; readonly value: OptionValues[N] };
}[OptionName];

/** An option that has no type of its own here: its octets survive as they are. */
export interface RawOption {
  readonly kind: 'raw';
  readonly code: number;
  readonly data: Uint8Array;
}

/** An option with a type of its own whose octets break its definition: they survive, and {@link error} tells why. */
export interface MalformedOption {
  readonly kind: 'malformed';
  readonly code: number;
  readonly data: Uint8Array;
  readonly error: DecodeErrorCode;
}

/** One option of a message, or of an option that has options inside. */
export type Option = KnownOption | RawOption | MalformedOption;
