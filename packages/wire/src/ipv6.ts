import { Address6 } from 'ip-address';
import { EncodeError } from './errors.ts';
import { Ipv4Address } from './ipv4.ts';

const MAX = (1n << 128n) - 1n;

/** An IPv6 address without zone, a value: two of the same octets are equal by {@link Ipv6Address.value}. */
export class Ipv6Address {
  /** `::` */
  static readonly unspecified: Ipv6Address = new Ipv6Address(0n);
  /** `::1` */
  static readonly loopback: Ipv6Address = new Ipv6Address(1n);

  /** The 128 bits as an unsigned integer; fit for a Map key. */
  readonly value: bigint;

  /** @throws EncodeError `out-of-range` unless 0 <= value < 2^128 */
  constructor(value: bigint) {
    if (value < 0n || value > MAX) throw new EncodeError('out-of-range', `${value} is not a 128-bit number`);
    this.value = value;
  }

  /**
   * Reads any text form of RFC 4291 section 2.2, without zone or prefix length.
   *
   * @throws EncodeError `bad-value`
   */
  static parse(text: string): Ipv6Address {
    if (!/^[0-9a-f:.]+$/i.test(text) || !Address6.isValid(text)) {
      throw new EncodeError('bad-value', `${JSON.stringify(text)} is not an IPv6 address`);
    }
    return new Ipv6Address(new Address6(text).bigInt());
  }

  /** @throws EncodeError `bad-value` unless there are sixteen octets */
  static fromBytes(bytes: Uint8Array): Ipv6Address {
    if (bytes.length !== 16) throw new EncodeError('bad-value', `an IPv6 address has 16 octets, not ${bytes.length}`);
    let value = 0n;
    for (const octet of bytes) value = (value << 8n) | BigInt(octet);
    return new Ipv6Address(value);
  }

  get isUnspecified(): boolean {
    return this.value === 0n;
  }

  get isLoopback(): boolean {
    return this.value === 1n;
  }

  /** fe80::/10 (RFC 4291 section 2.5.6). */
  get isLinkLocal(): boolean {
    return this.value >> 118n === 0x3fan;
  }

  /** fc00::/7 (RFC 4193). */
  get isUniqueLocal(): boolean {
    return this.value >> 121n === 0x7en;
  }

  /** ff00::/8 (RFC 4291 section 2.7). */
  get isMulticast(): boolean {
    return this.value >> 120n === 0xffn;
  }

  /** The sixteen octets, in a new array. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(16);
    let rest = this.value;
    for (let i = 15; i >= 0; i--) {
      bytes[i] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return bytes;
  }

  equals(other: Ipv6Address): boolean {
    return this.value === other.value;
  }

  /**
   * The canonical form of RFC 5952 section 4. IPv4-mapped addresses (::ffff:0:0/96, RFC 4291 section 2.5.5.2) end in an
   * IPv4 address: "mixed notation is RECOMMENDED" where the prefix alone tells that one is embedded (section 5). The
   * two other such prefixes of that time, ::/96 and ::ffff:0:0:0/96, are not in use any more, and written in hexadecimal.
   */
  toString(): string {
    if (this.value >> 32n === 0xffffn) return `::ffff:${new Ipv4Address(Number(this.value & 0xffff_ffffn))}`;
    return Address6.fromBigInt(this.value).correctForm();
  }

  toJSON(): string {
    return this.toString();
  }
}
