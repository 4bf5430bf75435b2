import { EncodeError } from './errors.ts';

const DIGIT_0 = 0x30;

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
    // By hand, for lists of addresses have many thousands of them: a library took most of the time to read one.
    let [value, octet, digits, octets] = [0, 0, 0, 0];
    for (let at = 0; at <= text.length; at++) {
      const digit = text.charCodeAt(at) - DIGIT_0;
      if (digit >= 0 && digit <= 9 && !(digits > 0 && octet === 0)) {
        octet = octet * 10 + digit;
        digits++;
      } else if (digits > 0 && octet <= 255 && (at === text.length ? octets === 3 : text[at] === '.' && octets < 3)) {
        value = value * 256 + octet;
        octets++;
        [octet, digits] = [0, 0];
      } else {
        throw new EncodeError('bad-value', `${JSON.stringify(text)} is not an IPv4 address`);
      }
    }
    return new Ipv4Address(value);
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
    const bytes = new Uint8Array(4);
    bytes[0] = this.value >>> 24;
    bytes[1] = this.value >>> 16;
    bytes[2] = this.value >>> 8;
    bytes[3] = this.value;
    return bytes;
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
