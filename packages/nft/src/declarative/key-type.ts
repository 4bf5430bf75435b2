import { bytesEqual, EncodeError, fromHex, Ipv4Prefix, Ipv6Prefix, toHex } from '@router7/wire';
import { concatenate, concatenatedType, paddedLength, splitConcatenation } from '../concatenation.ts';
import { parseRawType } from './raw-type.ts';
import { encodeInterfaceName, type Scalar, type ValueType, type ValueTypeName, valueTypes } from './value-type.ts';

/** First and last of the values that a scalar stands for; the same for one that is neither prefix nor range. */
export interface Span {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** For a prefix of addresses, its length in bits; for the beginning of a name the bits of that. */
  readonly prefixLength?: number;
}

/** The type of a set's keys or of a map's data: one type, or several for a concatenation. */
export interface KeyType {
  readonly parts: readonly ValueType[];
  /** nft's number for it. */
  readonly code: number;
  /** Octets, with the padding of a concatenation. */
  readonly length: number;
  /** What nft notes of the byte order beside a set. */
  readonly byteOrder: number;
}

/** The type of keys with these fields. @throws EncodeError `bad-value` without any, or with more than five */
export function keyTypeOf(parts: readonly ValueType[]): KeyType {
  const [only] = parts;
  if (only === undefined) throw new EncodeError('bad-value', 'a type of no fields');
  if (parts.length === 1) return { parts, code: only.code, length: only.length, byteOrder: only.byteOrder };
  // nft's number has six bits for each, in 32.
  if (parts.length > 5) throw new EncodeError('bad-value', `a concatenation of ${parts.length} fields`);
  const length = parts.reduce((sum, part) => sum + paddedLength(part.length), 0);
  return { parts, code: concatenatedType(...parts.map(({ code }) => code)), length, byteOrder: 0 };
}

/** Reads `ipv4_addr` or `ipv4_addr . inet_service`. @throws EncodeError `bad-value` */
export function parseKeyType(text: string): KeyType {
  const parts = text.split(/\s+\.\s+/).map((name) => {
    const raw = parseRawType(name);
    if (raw !== undefined) return raw;
    if (!Object.hasOwn(valueTypes, name)) throw new EncodeError('bad-value', `${JSON.stringify(name)} is no type`);
    return valueTypes[name as ValueTypeName];
  });
  return keyTypeOf(parts);
}

/** Whether a value is a number that lies in the register as the processor has it. */
export function isHostNumber({ hostOrder, name }: ValueType): boolean {
  return hostOrder && name !== 'ifname' && name !== 'string' && name !== 'ct_label';
}

const RAW = 'bytes:';

/**
 * Reads `192.168.1.0/24`, `8040-8060`, `lan*` or a single value.
 *
 * @throws EncodeError `bad-value` for text that is no such value, or a range that ends before it starts
 */
export function spanOf(type: ValueType, scalar: Scalar): Span {
  const text = String(scalar);
  if (type === valueTypes.ipv4_addr && text.includes('/')) return prefixSpan(Ipv4Prefix.parse(text), 32);
  if (type === valueTypes.ipv6_addr && text.includes('/')) return prefixSpan(Ipv6Prefix.parse(text), 128);
  if (type.name === 'ifname' && text.endsWith('*')) return beginningSpan(text.slice(0, -1), type.length);
  const dash = text.indexOf('-', 1);
  const isRange = dash > 0 && type.name !== 'ifname' && type.name !== 'string' && isRangeOf(type, text);
  if (!isRange) {
    const value = encodeValue(type, scalar);
    return { from: value, to: value };
  }
  const from = encodeValue(type, text.slice(0, dash));
  const to = encodeValue(type, text.slice(dash + 1));
  const [a, b] = isHostNumber(type) ? [from.toReversed(), to.toReversed()] : [from, to];
  if (compareBytes(a, b) > 0) throw new EncodeError('bad-value', `${text} ends before it starts`);
  return { from, to };
}

/** Not every dash makes a range: there are `echo-request` and `mld-listener-query`. */
function isRangeOf(type: ValueType, text: string): boolean {
  if (/^[\da-fx.:]+-[\da-fx.:]+$/i.test(text)) return true;
  try {
    type.encode(text);
    return false;
  } catch {
    return true;
  }
}

function encodeValue(type: ValueType, scalar: Scalar): Uint8Array {
  if (typeof scalar !== 'string' || !scalar.startsWith(RAW)) return type.encode(scalar);
  const bytes = fromHex(scalar.slice(RAW.length));
  if (bytes.length !== type.length) throw new EncodeError('bad-value', `${scalar} is not ${type.length} octets`);
  return bytes;
}

function beginningSpan(beginning: string, length: number): Span {
  const name = encodeInterfaceName(beginning);
  const from = new Uint8Array(length);
  const to = new Uint8Array(length).fill(0xff);
  from.set(name);
  to.set(name);
  return { from, to, prefixLength: 8 * name.length };
}

function prefixSpan(prefix: Ipv4Prefix | Ipv6Prefix, bits: number): Span {
  // Host bits are cut off, as the nft program does: an interface's own address with its length means its subnet.
  const from = prefix.network.toBytes();
  const to = from.map((octet, i) => octet | hostBits(prefix.length, i));
  return prefix.length === bits ? { from, to } : { from, to, prefixLength: prefix.length };
}

function hostBits(prefixLength: number, octet: number): number {
  return 0xff >>> Math.min(8, Math.max(0, prefixLength - 8 * octet));
}

/** The octets of a network mask. */
export function maskBytes(prefixLength: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => ~hostBits(prefixLength, i) & 0xff);
}

/**
 * Reads a key of any type, `10.0.0.1 . 80-90` for one of several fields.
 *
 * @param ordered for a set of intervals, whose numbers all lie in network order
 * @throws EncodeError `bad-value` or `out-of-range`
 */
export function spanOfKey({ parts }: KeyType, scalar: Scalar, ordered: boolean): Span {
  const turn = (type: ValueType, bytes: Uint8Array): Uint8Array =>
    ordered && isHostNumber(type) ? bytes.toReversed() : bytes;
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) {
    const span = spanOf(only, scalar);
    return ordered && isHostNumber(only) ? { from: span.from.toReversed(), to: span.to.toReversed() } : span;
  }
  const texts = String(scalar).split(/\s+\.\s+/);
  if (texts.length !== parts.length) {
    throw new EncodeError('bad-value', `${JSON.stringify(String(scalar))} has not ${parts.length} fields`);
  }
  const spans = parts.map((type, index) => spanOf(type, texts[index] ?? ''));
  const join = (side: 'from' | 'to'): Uint8Array =>
    concatenate(parts.map((type, index) => turn(type, (spans[index] as Span)[side])));
  return { from: join('from'), to: join('to') };
}

/** The text of a span of one type, as nft writes it; `bytes:` and hexadecimal digits for what the type cannot say. */
export function textOfSpan(type: ValueType, from: Uint8Array, to: Uint8Array): string | number {
  const low = type.decode(from) ?? RAW + toHex(from);
  if (bytesEqual(from, to)) return low;
  const bits = prefixBits(from, to);
  if (bits !== undefined && (type === valueTypes.ipv4_addr || type === valueTypes.ipv6_addr)) return `${low}/${bits}`;
  if (bits !== undefined && type.name === 'ifname' && bits % 8 === 0) {
    const name = type.decode(from);
    if (name !== undefined && String(name).length === bits / 8) return `${name}*`;
  }
  const high = type.decode(to) ?? RAW + toHex(to);
  // Words with dashes of their own do not make a range.
  if (/-./.test(`${low}${high}`) && type.length <= 4) return `${numberOf(type, from)}-${numberOf(type, to)}`;
  return `${low}-${high}`;
}

function numberOf(type: ValueType, bytes: Uint8Array): number {
  return (isHostNumber(type) ? bytes.toReversed() : bytes).reduce((sum, octet) => sum * 256 + octet, 0);
}

/** The opposite of {@link spanOfKey}. */
export function textOfKey({ parts }: KeyType, from: Uint8Array, to: Uint8Array, ordered: boolean): string | number {
  const turn = (type: ValueType, bytes: Uint8Array): Uint8Array =>
    ordered && isHostNumber(type) ? bytes.toReversed() : bytes;
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return textOfSpan(only, turn(only, from), turn(only, to));
  const lengths = parts.map(({ length }) => length);
  const [lows, highs] = [splitConcatenation(from, lengths), splitConcatenation(to, lengths)];
  return parts
    .map((type, index) => textOfSpan(type, turn(type, lows[index] ?? from), turn(type, highs[index] ?? to)))
    .join(' . ');
}

/** How many bits two octet rows have in common, when behind them one is all zeros and the other all ones. */
function prefixBits(from: Uint8Array, to: Uint8Array): number | undefined {
  const octet = from.findIndex((each, index) => each !== to[index]);
  const difference = ((from[octet] ?? 0) ^ (to[octet] ?? 0)) & 0xff;
  // The differing bits are the last ones of their octet.
  if ((difference & (difference + 1)) !== 0) return undefined;
  const bits = 8 * octet + Math.clz32(difference) - 24;
  const isPrefix = from.every((each, index) => {
    const host = hostBits(bits, index);
    return (each & host) === 0 && ((to[index] ?? 0) & host) === host;
  });
  return isPrefix ? bits : undefined;
}

/** Less than, equal to or more than zero, as the first octets that differ. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
