import { EncodeError, Ipv4Prefix, Ipv6Prefix } from '@router7/wire';
import { type SetElement, SetElementFlag } from '../set-elements.ts';
import { encodeUserdata } from '../userdata.ts';
import { type Scalar, type ValueType, valueTypes } from './value-type.ts';

/** First and last of the values that a scalar stands for; the same for one that is neither prefix nor range. */
export interface Span {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** For a prefix of addresses, its length in bits. */
  readonly prefixLength?: number;
}

const USERDATA_KEY_BYTE_ORDER = 0;
const HOST_ORDER = 1;
const NETWORK_ORDER = 2;

/**
 * Reads `192.168.1.0/24`, `8040-8060` or a single value.
 *
 * @throws EncodeError `bad-value` for text that is no such value, or a range that ends before it starts
 */
export function spanOf(type: ValueType, scalar: Scalar): Span {
  const text = String(scalar);
  if (type === valueTypes.ipv4_addr && text.includes('/')) return prefixSpan(Ipv4Prefix.parse(text), 32);
  if (type === valueTypes.ipv6_addr && text.includes('/')) return prefixSpan(Ipv6Prefix.parse(text), 128);
  const dash = text.indexOf('-');
  const isRange = dash > 0 && /^[\da-fx.:]+-[\da-fx.:]+$/i.test(text) && type !== valueTypes.ifname;
  if (!isRange) {
    const value = type.encode(scalar);
    return { from: value, to: value };
  }
  const from = type.encode(text.slice(0, dash));
  const to = type.encode(text.slice(dash + 1));
  const [a, b] = type.hostOrder ? [from.toReversed(), to.toReversed()] : [from, to];
  if (compare(a, b) > 0) throw new EncodeError('bad-value', `${text} ends before it starts`);
  return { from, to };
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

/** Whether a list holds anything but single values. */
export function hasSpans(spans: readonly Span[]): boolean {
  return spans.some(({ from, to }) => compare(from, to) !== 0);
}

/**
 * The elements of a set: each value once, or for a set of intervals their starts and the keys behind their ends.
 * Intervals that touch or overlap become one, for the kernel refuses those that overlap.
 *
 * @throws EncodeError `bad-value` for intervals of numbers in host order
 */
export function elementsOf(type: ValueType, spans: readonly Span[], interval: boolean): SetElement[] {
  if (!interval) {
    const unique = new Map(spans.map(({ from }) => [from.join(), from]));
    return [...unique.values()].map((key) => ({ key }));
  }
  if (type.hostOrder) throw new EncodeError('bad-value', `no intervals of ${type.name} in a set`);
  const merged: { from: Uint8Array; to: Uint8Array }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => compare(a.from, b.from))) {
    const last = merged.at(-1);
    const behind = last && successor(last.to);
    if (last !== undefined && (behind === undefined || compare(from, behind) <= 0)) {
      if (compare(to, last.to) > 0) last.to = to;
    } else {
      merged.push({ from, to });
    }
  }
  const elements: SetElement[] = [];
  const [first] = merged;
  // As the nft program does it: what lies before the first interval is closed by an end of its own.
  if (first?.from.some((octet) => octet !== 0)) {
    elements.push({ key: new Uint8Array(type.length), flags: SetElementFlag.intervalEnd });
  }
  for (const { from, to } of merged) {
    elements.push({ key: from });
    const behind = successor(to);
    if (behind !== undefined) elements.push({ key: behind, flags: SetElementFlag.intervalEnd });
  }
  return elements;
}

/** What tells the nft program how to print a set's keys. */
export function keyByteOrder(type: ValueType): { type: number; value: Uint8Array } {
  return { type: USERDATA_KEY_BYTE_ORDER, value: Uint8Array.of(type.hostOrder ? HOST_ORDER : NETWORK_ORDER, 0, 0, 0) };
}

/** The userdata of an anonymous set. */
export function anonymousUserdata(type: ValueType): Uint8Array {
  return encodeUserdata([keyByteOrder(type)]);
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The next key, or undefined behind the last. */
function successor(key: Uint8Array): Uint8Array | undefined {
  const next = key.slice();
  for (let i = next.length - 1; i >= 0; i--) {
    const octet = next[i] as number;
    next[i] = (octet + 1) & 0xff;
    if (octet !== 0xff) return next;
  }
  return undefined;
}
