import { EncodeError } from './errors.ts';
import { Ipv4Address } from './ipv4.ts';

const MAX = (1n << 128n) - 1n;

/**
 * An IPv6 address without zone, a value: two of the same octets are equal by {@link Ipv6Address.value}.
 *
 * It is kept as four numbers: every step of a calculation with a bigint costs an allocation, and a server reads, compares
 * and writes ten addresses for each exchange.
 */
export class Ipv6Address {
  /** `::` */
  static readonly unspecified: Ipv6Address = new Ipv6Address(0n);
  /** `::1` */
  static readonly loopback: Ipv6Address = new Ipv6Address(1n);

  /** Bits 0 to 31 as a signed integer, which is what bitwise operators make. */
  readonly word0: number;
  /** Bits 32 to 63, signed. */
  readonly word1: number;
  /** Bits 64 to 95, signed. */
  readonly word2: number;
  /** Bits 96 to 127, signed. */
  readonly word3: number;

  /** @throws EncodeError `out-of-range` unless 0 <= value < 2^128 */
  constructor(value: bigint);
  /** Of four words: of each the low 32 bits count. */
  constructor(word0: number, word1: number, word2: number, word3: number);
  constructor(first: bigint | number, word1: number = 0, word2: number = 0, word3: number = 0) {
    if (typeof first === 'number') {
      this.word0 = first | 0;
      this.word1 = word1 | 0;
      this.word2 = word2 | 0;
      this.word3 = word3 | 0;
      return;
    }
    if (first < 0n || first > MAX) throw new EncodeError('out-of-range', `${first} is not a 128-bit number`);
    this.word0 = wordOf(first >> 96n);
    this.word1 = wordOf(first >> 64n);
    this.word2 = wordOf(first >> 32n);
    this.word3 = wordOf(first);
  }

  /**
   * Reads any text form of RFC 4291 section 2.2, without zone or prefix length.
   *
   * @throws EncodeError `bad-value`
   */
  static parse(text: string): Ipv6Address {
    const fields = parseFields(text);
    if (fields === undefined) throw new EncodeError('bad-value', `${JSON.stringify(text)} is not an IPv6 address`);
    const word = (at: number): number => ((fields[at] as number) << 16) | (fields[at + 1] as number);
    return new Ipv6Address(word(0), word(2), word(4), word(6));
  }

  /** @throws EncodeError `bad-value` unless there are sixteen octets */
  static fromBytes(bytes: Uint8Array): Ipv6Address {
    if (bytes.length !== 16) throw new EncodeError('bad-value', `an IPv6 address has 16 octets, not ${bytes.length}`);
    return new Ipv6Address(wordAt(bytes, 0), wordAt(bytes, 4), wordAt(bytes, 8), wordAt(bytes, 12));
  }

  /** The 128 bits as an unsigned integer, made anew each time; fit for a Map key. */
  get value(): bigint {
    const upper = (BigInt(this.word0 >>> 0) << 32n) | BigInt(this.word1 >>> 0);
    return (upper << 64n) | (BigInt(this.word2 >>> 0) << 32n) | BigInt(this.word3 >>> 0);
  }

  get isUnspecified(): boolean {
    return (this.word0 | this.word1 | this.word2 | this.word3) === 0;
  }

  get isLoopback(): boolean {
    return (this.word0 | this.word1 | this.word2) === 0 && this.word3 === 1;
  }

  /** fe80::/10 (RFC 4291 section 2.5.6). */
  get isLinkLocal(): boolean {
    return this.word0 >>> 22 === 0x3fa;
  }

  /** fc00::/7 (RFC 4193). */
  get isUniqueLocal(): boolean {
    return this.word0 >>> 25 === 0x7e;
  }

  /** ff00::/8 (RFC 4291 section 2.7). */
  get isMulticast(): boolean {
    return this.word0 >>> 24 === 0xff;
  }

  /** The sixteen octets, in a new array. */
  toBytes(): Uint8Array {
    const words = [this.word0, this.word1, this.word2, this.word3];
    return Uint8Array.from({ length: 16 }, (_, i) => (words[i >> 2] as number) >>> (24 - 8 * (i & 3)));
  }

  equals(other: Ipv6Address): boolean {
    return (
      this.word3 === other.word3 &&
      this.word2 === other.word2 &&
      this.word1 === other.word1 &&
      this.word0 === other.word0
    );
  }

  /**
   * The canonical form of RFC 5952 section 4. IPv4-mapped addresses (::ffff:0:0/96, RFC 4291 section 2.5.5.2) end in an
   * IPv4 address: "mixed notation is RECOMMENDED" where the prefix alone tells that one is embedded (section 5). The
   * two other such prefixes of that time, ::/96 and ::ffff:0:0:0/96, are not in use any more, and written in hexadecimal.
   */
  toString(): string {
    const isMapped = (this.word0 | this.word1) === 0 && this.word2 === 0xffff;
    if (isMapped) return `::ffff:${new Ipv4Address(this.word3 >>> 0)}`;
    return compress([this.word0, this.word1, this.word2, this.word3]);
  }

  toJSON(): string {
    return this.toString();
  }
}

/**
 * The hexadecimal form of RFC 5952 section 4: no leading zeros, and `::` for the longest run of two fields or more that are
 * 0, "the first sequence of zero bits" among equal ones (4.2.3).
 *
 * By hand, for a file of leases has many thousands: a library took ten times as long.
 */
function compress(words: readonly number[]): string {
  const fieldAt = (at: number): number => ((words[at >> 1] as number) >>> (at & 1 ? 0 : 16)) & 0xffff;
  let start = 8;
  let longest = 1;
  for (let from = 0; from < 8; from++) {
    let end = from;
    while (end < 8 && fieldAt(end) === 0) end++;
    if (end - from > longest) {
      start = from;
      longest = end - from;
    }
    if (end > from) from = end;
  }
  let text = '';
  for (let at = 0; at < 8; at++) {
    if (at === start) {
      text += '::';
      at += longest - 1;
      continue;
    }
    if (at > 0 && at !== start + longest) text += ':';
    text += fieldAt(at).toString(16);
  }
  return text;
}

/**
 * The eight fields of an address. By hand: a library took a third of what a firewall's rules cost to make, and the start of
 * every program something to load it.
 */
function parseFields(text: string): readonly number[] | undefined {
  const [before = '', after, more] = text.split('::');
  if (more !== undefined) return undefined;
  if (after === undefined) {
    const fields = parsePart(before, true);
    return fields?.length === 8 ? fields : undefined;
  }
  const [head, tail] = [parsePart(before, false), parsePart(after, true)];
  if (head === undefined || tail === undefined) return undefined;
  // "The use of "::" indicates one or more groups of 16 bits of zeros."
  const zeros = 8 - head.length - tail.length;
  return zeros < 1 ? undefined : [...head, ...new Array<number>(zeros).fill(0), ...tail];
}

/** @param isEnd whether the part ends the address: four decimal numbers may stand for its last 32 bits */
function parsePart(part: string, isEnd: boolean): readonly number[] | undefined {
  const fields: number[] = [];
  if (part === '') return fields;
  let field = 0;
  let digits = 0;
  for (let at = 0; at <= part.length; at++) {
    const digit = digitOf(part.charCodeAt(at));
    if (digit >= 0) {
      field = field * 16 + digit;
      if (++digits > 4) return undefined;
    } else if (digits > 0 && (at === part.length || (part[at] === ':' && at + 1 < part.length))) {
      fields.push(field);
      [field, digits] = [0, 0];
    } else if (digits > 0 && isEnd && part[at] === '.') {
      const ipv4 = parseIpv4(part.slice(at - digits));
      return ipv4 === undefined ? undefined : [...fields, ipv4 >>> 16, ipv4 & 0xffff];
    } else {
      return undefined;
    }
  }
  return fields;
}

function parseIpv4(text: string): number | undefined {
  try {
    return Ipv4Address.parse(text).value;
  } catch {
    return undefined;
  }
}

/** The value of a hexadecimal digit; negative for whatever is none. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function wordOf(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

function wordAt(b: Uint8Array, at: number): number {
  const high = ((b[at] as number) << 24) | ((b[at + 1] as number) << 16);
  return high | ((b[at + 2] as number) << 8) | (b[at + 3] as number);
}
