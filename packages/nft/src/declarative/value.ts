import type { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix, MacAddress } from '@router7/wire';

/** A value in a rule: a number, or nft's text for it (`192.168.1.0/24`, `22`, `8040-8060`, `established`, `uplink0`). */
export type Scalar = number | string | Ipv4Address | Ipv6Address | Ipv4Prefix | Ipv6Prefix | MacAddress;

/** How the values of a field are written in text and in a register. */
export interface ValueType {
  /** nft's name for the type. */
  readonly name: string;
  /** nft's number for it, which a set keeps. */
  readonly code: number;
  /** Octets in a register. */
  readonly length: number;
  /** Whether numbers lie in the register as the processor has them (little-endian) and not in network order. */
  readonly hostOrder: boolean;
  /** Whether the value is a row of bits, so that several are tested at once. */
  readonly bits: boolean;
  /** What the nft program notes of it beside a set: 1 host order, 2 network order, 0 for what has none. */
  readonly byteOrder: number;
  /** Octets for a value. @throws EncodeError `bad-value` or `out-of-range` */
  encode(value: Scalar): Uint8Array;
  /** The value that {@link ValueType.encode} makes these octets of; undefined when there is none. */
  decode(bytes: Uint8Array): number | string | undefined;
}

/** A value, or several. */
export type Values = Scalar | readonly Scalar[];
