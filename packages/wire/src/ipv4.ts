import { Address4 } from 'ip-address';
import { EncodeError } from './errors.ts';

/** An IPv4 address, a value: two of the same octets are equal by {@link Ipv4Address.value}. */
export class Ipv4Address {
  /** 0.0.0.0: "this host", or no address. */
  static readonly unspecified: Ipv4Address = new Ipv4Address(0);
  /** 255.255.255.255: every host on the link (RFC 919 section 7). */
  static readonly broadcast: Ipv4Address = new Ipv4Address(0xffff_ffff);

  /** The 32 bits as an unsigned integer; fit for a Map key. */
  readonly value: number;

  /** @throws EncodeError `out-of-range` unless `value` is an unsigned 32-bit integer */
  constructor(value: number) {
    if (value >>> 0 !== value) throw new EncodeError('out-of-range', `${value} is not an unsigned 32-bit number`);
    this.value = value;
  }

  /**
   * Reads four decimal numbers with dots, nothing else: no leading zeros, no shorter forms.
   *
   * @throws EncodeError `bad-value`
   */
  static parse(text: string): Ipv4Address {
    if (!/^(?:(?:0|[1-9]\d{0,2})(?:\.|$)){4}$/.test(text) || text.endsWith('.') || !Address4.isValid(text)) {
      throw new EncodeError('bad-value', `${JSON.stringify(text)} is not an IPv4 address`);
    }
    return Ipv4Address.fromBytes(Uint8Array.from(new Address4(text).toArray()));
  }

  /** @throws EncodeError `bad-value` unless there are four octets */
  static fromBytes(bytes: Uint8Array): Ipv4Address {
    if (bytes.length !== 4) throw new EncodeError('bad-value', `an IPv4 address has 4 octets, not ${bytes.length}`);
    const [a, b, c, d] = bytes as unknown as [number, number, number, number];
    return new Ipv4Address(((a << 24) | (b << 16) | (c << 8) | d) >>> 0);
  }

  get isUnspecified(): boolean {
    return this.value === 0;
  }

  /** 255.255.255.255. */
  get isBroadcast(): boolean {
    return this.value === 0xffff_ffff;
  }

  /** 127.0.0.0/8 (RFC 1122 section 3.2.1.3). */
  get isLoopback(): boolean {
    return this.value >>> 24 === 127;
  }

  /** 169.254.0.0/16 (RFC 3927). */
  get isLinkLocal(): boolean {
    return this.value >>> 16 === 0xa9fe;
  }

  /** 224.0.0.0/4 (RFC 5771). */
  get isMulticast(): boolean {
    return this.value >>> 28 === 0xe;
  }

  /** 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 (RFC 1918). */
  get isPrivate(): boolean {
    return this.value >>> 24 === 10 || this.value >>> 20 === 0xac1 || this.value >>> 16 === 0xc0a8;
  }

  /** 100.64.0.0/10, between a customer and a carrier's translator (RFC 6598). */
  get isShared(): boolean {
    return this.value >>> 22 === 0x191;
  }

  /** The four octets, in a new array. */
  toBytes(): Uint8Array {
    return Uint8Array.of(this.value >>> 24, this.value >>> 16, this.value >>> 8, this.value);
  }

  equals(other: Ipv4Address): boolean {
    return this.value === other.value;
  }

  /** The address `count` above this one (below when negative). @throws EncodeError `out-of-range` past either end */
  plus(count: number): Ipv4Address {
    return new Ipv4Address(this.value + count);
  }

  toString(): string {
    const v = this.value;
    return `${v >>> 24}.${(v >>> 16) & 255}.${(v >>> 8) & 255}.${v & 255}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
