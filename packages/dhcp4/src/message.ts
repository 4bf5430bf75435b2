import type { Ipv4Address } from '@router7/wire';
import type { Option, OptionName, OptionValues } from './option.ts';

/** Values of `op` (RFC 2131 section 2). */
export const Op = { bootRequest: 1, bootReply: 2 } as const;

/** Values of option 53 (RFC 2132 section 9.6 and IANA's registry). */
export const MessageType = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
  forceRenew: 9,
} as const;

/**
 * A DHCPv4 message (RFC 2131 section 2, figure 1).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+---------------+---------------+
 * |     op        |     htype     |     hlen      |     hops      |
 * +---------------+---------------+---------------+---------------+
 * |                              xid                              |
 * +-------------------------------+-------------------------------+
 * |             secs              |             flags             |
 * +-------------------------------+-------------------------------+
 * |     ciaddr, yiaddr, siaddr, giaddr (4 octets each)            |
 * +---------------------------------------------------------------+
 * |     chaddr (16), sname (64), file (128), options (variable)   |
 * +---------------------------------------------------------------+
 * ```
 */
export interface Message {
  /** 1 from a client or relay, 2 from a server: {@link Op} */
  readonly op: number;
  /** Hardware type of IANA's "Hardware Types"; 1 is Ethernet. */
  readonly htype: number;
  /** Relays passed so far. */
  readonly hops: number;
  /** Transaction id, 32 bits. */
  readonly xid: number;
  /** Seconds since the client began, 16 bits. */
  readonly secs: number;
  /** The BROADCAST bit is 0x8000; the others must be zero (RFC 2131 figure 2). */
  readonly flags: number;
  readonly ciaddr: Ipv4Address;
  readonly yiaddr: Ipv4Address;
  readonly siaddr: Ipv4Address;
  readonly giaddr: Ipv4Address;
  /** The client's hardware address, `hlen` octets (0 to 16). */
  readonly chaddr: Uint8Array;
  /** Server host name, without the zero octets behind it; empty when option overload uses the field. */
  readonly sname: Uint8Array;
  /** Boot file name, without the zero octets behind it; empty when option overload uses the field. */
  readonly file: Uint8Array;
  /** Options in the order of their first occurrence, split ones put together (RFC 3396); pad, end and overload are not here. */
  readonly options: readonly Option[];
}

/** The BROADCAST bit of `flags` (RFC 2131 figure 2). */
export const BROADCAST_FLAG = 0x8000;

/** The value of the first option of this name, or undefined when there is none or it is malformed. */
export function optionValue<N extends OptionName>(message: Message, name: N): OptionValues[N] | undefined {
  for (const option of message.options) {
    if (option.kind === name) return option.value as OptionValues[N];
  }
  return undefined;
}
