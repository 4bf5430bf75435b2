import { EncodeError } from './errors.ts';
import { Ipv4Address } from './ipv4.ts';
import { Ipv6Address } from './ipv6.ts';

const PREFIX = /^([^/]+)\/(0|[1-9]\d{0,2})$/;

/** An IPv4 address with a prefix length, `192.168.42.1/24`: an interface's address, a subnet or a route's destination. */
export class Ipv4Prefix {
  readonly address: Ipv4Address;
  /** Leading bits that name the network, 0 to 32. */
  readonly length: number;

  /** @throws EncodeError `out-of-range` unless 0 <= length <= 32 */
  constructor(address: Ipv4Address, length: number) {
    this.address = address;
    this.length = checkLength(length, 32);
  }

  /** Reads `address/length`. The address keeps its host bits. @throws EncodeError `bad-value` or `out-of-range` */
  static parse(text: string): Ipv4Prefix {
    const [address, length] = split(text, 'IPv4');
    return new Ipv4Prefix(Ipv4Address.parse(address), length);
  }

  /** From an address and a mask such as 255.255.255.128. @throws EncodeError `bad-value` when the mask has holes */
  static fromMask(address: Ipv4Address, mask: Ipv4Address): Ipv4Prefix {
    const length = Math.clz32(~mask.value);
    if (maskOf(length) !== mask.value) throw new EncodeError('bad-value', `${mask} is not a subnet mask`);
    return new Ipv4Prefix(address, length);
  }

  /** The subnet mask, 255.255.255.0 for a length of 24. */
  get mask(): Ipv4Address {
    return new Ipv4Address(maskOf(this.length));
  }

  /** The address with all host bits 0. */
  get network(): Ipv4Address {
    return new Ipv4Address((this.address.value & maskOf(this.length)) >>> 0);
  }

  /** The address with all host bits 1. */
  get broadcast(): Ipv4Address {
    return new Ipv4Address((this.address.value | ~maskOf(this.length)) >>> 0);
  }

  contains(address: Ipv4Address): boolean {
    return ((address.value ^ this.address.value) & maskOf(this.length)) === 0;
  }

  equals(other: Ipv4Prefix): boolean {
    return this.length === other.length && this.address.equals(other.address);
  }

  toString(): string {
    return `${this.address}/${this.length}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** An IPv6 address with a prefix length, `2001:db8::1/64`: an interface's address, a subnet or a route's destination. */
export class Ipv6Prefix {
  readonly address: Ipv6Address;
  /** Leading bits that name the network, 0 to 128. */
  readonly length: number;

  /** @throws EncodeError `out-of-range` unless 0 <= length <= 128 */
  constructor(address: Ipv6Address, length: number) {
    this.address = address;
    this.length = checkLength(length, 128);
  }

  /** Reads `address/length`. The address keeps its host bits. @throws EncodeError `bad-value` or `out-of-range` */
  static parse(text: string): Ipv6Prefix {
    const [address, length] = split(text, 'IPv6');
    return new Ipv6Prefix(Ipv6Address.parse(address), length);
  }

  /** The address with all host bits 0. */
  get network(): Ipv6Address {
    const { address, length } = this;
    return new Ipv6Address(
      address.word0 & wordMask(length),
      address.word1 & wordMask(length - 32),
      address.word2 & wordMask(length - 64),
      address.word3 & wordMask(length - 96),
    );
  }

  contains(address: Ipv6Address): boolean {
    const { address: own, length } = this;
    return (
      ((address.word0 ^ own.word0) & wordMask(length)) === 0 &&
      ((address.word1 ^ own.word1) & wordMask(length - 32)) === 0 &&
      ((address.word2 ^ own.word2) & wordMask(length - 64)) === 0 &&
      ((address.word3 ^ own.word3) & wordMask(length - 96)) === 0
    );
  }

  equals(other: Ipv6Prefix): boolean {
    return this.length === other.length && this.address.equals(other.address);
  }

  toString(): string {
    return `${this.address}/${this.length}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function maskOf(length: number): number {
  return length === 0 ? 0 : (0xffff_ffff << (32 - length)) >>> 0;
}

/** The mask of a word of which so many leading bits name the network; below 0 none do, above 32 all. */
function wordMask(length: number): number {
  if (length <= 0) return 0;
  return length >= 32 ? -1 : -1 << (32 - length);
}

function checkLength(length: number, max: number): number {
  if (!(Number.isInteger(length) && length >= 0 && length <= max)) {
    throw new EncodeError('out-of-range', `${length} is not a prefix length from 0 to ${max}`);
  }
  return length;
}

function split(text: string, family: string): [string, number] {
  const match = PREFIX.exec(text);
  if (match === null) throw new EncodeError('bad-value', `${JSON.stringify(text)} is not an ${family} prefix`);
  return [match[1] as string, Number(match[2])];
}
