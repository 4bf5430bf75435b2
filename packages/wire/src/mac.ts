import { EncodeError } from './errors.ts';

const TEXT = /^([0-9a-f]{1,2})([:-])(?:[0-9a-f]{1,2}\2){4}[0-9a-f]{1,2}$/i;

/** An IEEE 802 48-bit MAC address, a value: two of the same octets are equal by {@link MacAddress.value}. */
export class MacAddress {
  /** All ones, the address of every station on the link. */
  static readonly broadcast: MacAddress = new MacAddress(0xffff_ffff_ffff);
  static readonly zero: MacAddress = new MacAddress(0);

  /** The 48 bits as an integer, first octet highest; fit for a Map key. */
  readonly value: number;

  /** @throws EncodeError `out-of-range` unless `value` is an integer below 2^48 */
  constructor(value: number) {
    if (!(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff_ffff)) {
      throw new EncodeError('out-of-range', `${value} is not a 48-bit number`);
    }
    this.value = value;
  }

  /**
   * Reads `02:73:53:00:ca:fe`, also with hyphens or in upper case.
   *
   * @throws EncodeError `bad-value`
   */
  static parse(text: string): MacAddress {
    if (!TEXT.test(text)) throw new EncodeError('bad-value', `${JSON.stringify(text)} is not a MAC address`);
    let value = 0;
    for (const octet of text.split(/[:-]/)) value = value * 256 + Number.parseInt(octet, 16);
    return new MacAddress(value);
  }

  /** @throws EncodeError `bad-value` unless there are six octets */
  static fromBytes(bytes: Uint8Array): MacAddress {
    if (bytes.length !== 6) throw new EncodeError('bad-value', `a MAC address has 6 octets, not ${bytes.length}`);
    let value = 0;
    for (const octet of bytes) value = value * 256 + octet;
    return new MacAddress(value);
  }

  /** Group bit set: multicast or broadcast (IEEE 802-2014 8.2). */
  get isMulticast(): boolean {
    return (Math.floor(this.value / 2 ** 40) & 0x01) !== 0;
  }

  /** Locally administered bit set, as in addresses that devices make up for privacy (IEEE 802-2014 8.2). */
  get isLocal(): boolean {
    return (Math.floor(this.value / 2 ** 40) & 0x02) !== 0;
  }

  /** The six octets, in a new array. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(6);
    let rest = this.value;
    for (let i = 5; i >= 0; i--) {
      bytes[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return bytes;
  }

  equals(other: MacAddress): boolean {
    return this.value === other.value;
  }

  /** Lower case with colons. */
  toString(): string {
    return this.value
      .toString(16)
      .padStart(12, '0')
      .replace(/..(?=.)/g, '$&:');
  }

  toJSON(): string {
    return this.toString();
  }
}
