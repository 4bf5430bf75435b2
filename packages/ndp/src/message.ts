import type { Ipv6Address } from '@router7/wire';
import type { Option, OptionName, OptionValues } from './option.ts';
import type { Preference } from './preference.ts';

/** ICMPv6 types of Neighbor Discovery (RFC 4861 section 4). */
export const MessageType = {
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
  redirect: 137,
} as const;

/**
 * A host asks for advertisements (RFC 4861 section 4.1).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |   Type 133    |    Code 0     |           Checksum            |
 * +---------------+---------------+-------------------------------+
 * |                           Reserved                            |
 * +---------------------------------------------------------------+
 * |   Options ...
 * ```
 */
export interface RouterSolicitation {
  readonly kind: 'routerSolicitation';
  readonly options: readonly Option[];
}

/**
 * A router tells that it is there, and what holds on the link (RFC 4861 section 4.2).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |   Type 134    |    Code 0     |           Checksum            |
 * +---------------+-+-+-+---+-+---+-------------------------------+
 * | Cur Hop Limit |M|O|H|Prf|P|Rsv|        Router Lifetime        |
 * +---------------+-+-+-+---+-+---+-------------------------------+
 * |                        Reachable Time                         |
 * +---------------------------------------------------------------+
 * |                         Retrans Timer                         |
 * +---------------------------------------------------------------+
 * |   Options ...
 * ```
 */
export interface RouterAdvertisement {
  readonly kind: 'routerAdvertisement';
  /** Hop limit for what hosts send; 0 leaves it to them. */
  readonly curHopLimit: number;
  /** M: addresses are to be had by DHCPv6. */
  readonly managedAddressConfiguration: boolean;
  /** O: other configuration is to be had by DHCPv6. */
  readonly otherConfiguration: boolean;
  /** H (RFC 6275 section 7.1). */
  readonly homeAgent: boolean;
  /** Prf (RFC 4191 section 2.2). The reserved value is decoded as medium: "the receiver MUST treat the value as if it were (00)". */
  readonly preference: Preference;
  /** P: what is advertised here was proxied (RFC 4389 section 4.1.3.3). */
  readonly proxy: boolean;
  /** Seconds as a default router, 0 to 65535; 0 is none. RFC 4861 has routers send 9000 at most, RFC 8319 65535. */
  readonly routerLifetimeSeconds: number;
  /** 0 leaves it to the hosts. */
  readonly reachableTimeMilliseconds: number;
  /** 0 leaves it to the hosts. */
  readonly retransTimerMilliseconds: number;
  readonly options: readonly Option[];
}

/**
 * Asks for a neighbor's link-layer address, or whether it is still there (RFC 4861 section 4.3).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |   Type 135    |    Code 0     |           Checksum            |
 * +---------------+---------------+-------------------------------+
 * |                           Reserved                            |
 * +---------------------------------------------------------------+
 * |                  Target Address (16 octets)                   |
 * +---------------------------------------------------------------+
 * |   Options ...
 * ```
 */
export interface NeighborSolicitation {
  readonly kind: 'neighborSolicitation';
  /** "It MUST NOT be a multicast address." */
  readonly targetAddress: Ipv6Address;
  readonly options: readonly Option[];
}

/**
 * Answers a Neighbor Solicitation, or spreads news unasked (RFC 4861 section 4.4).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |   Type 136    |    Code 0     |           Checksum            |
 * +-+-+-+---------+---------------+-------------------------------+
 * |R|S|O|                     Reserved                            |
 * +-+-+-+---------------------------------------------------------+
 * |                  Target Address (16 octets)                   |
 * +---------------------------------------------------------------+
 * |   Options ...
 * ```
 */
export interface NeighborAdvertisement {
  readonly kind: 'neighborAdvertisement';
  /** R: the sender is a router. */
  readonly router: boolean;
  /** S: in answer to a solicitation. */
  readonly solicited: boolean;
  /** O: replaces a link-layer address known before. */
  readonly override: boolean;
  readonly targetAddress: Ipv6Address;
  readonly options: readonly Option[];
}

/**
 * A router tells of a better first hop (RFC 4861 section 4.5).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |   Type 137    |    Code 0     |           Checksum            |
 * +---------------+---------------+-------------------------------+
 * |                           Reserved                            |
 * +---------------------------------------------------------------+
 * |                  Target Address (16 octets)                   |
 * +---------------------------------------------------------------+
 * |                Destination Address (16 octets)                |
 * +---------------------------------------------------------------+
 * |   Options ...
 * ```
 */
export interface Redirect {
  readonly kind: 'redirect';
  /** The better first hop; the destination itself when that is a neighbor. */
  readonly targetAddress: Ipv6Address;
  readonly destinationAddress: Ipv6Address;
  readonly options: readonly Option[];
}

/** A Neighbor Discovery message. */
export type Message =
  | RouterSolicitation
  | RouterAdvertisement
  | NeighborSolicitation
  | NeighborAdvertisement
  | Redirect;

/** The value of the first option of this name, or undefined when there is none or it is malformed. */
export function optionValue<N extends OptionName>(message: Message, name: N): OptionValues[N] | undefined {
  for (const option of message.options) {
    if (option.kind === name) return option.value as OptionValues[N];
  }
  return undefined;
}

/** The values of all options of this name, in the order of the message. */
export function optionValues<N extends OptionName>(message: Message, name: N): OptionValues[N][] {
  const values: OptionValues[N][] = [];
  for (const option of message.options) {
    if (option.kind === name) values.push(option.value as OptionValues[N]);
  }
  return values;
}
