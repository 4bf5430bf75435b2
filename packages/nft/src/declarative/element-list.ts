import { EncodeError, toHex } from '@router7/wire';
import { type SetElement, SetElementFlag } from '../set-elements.ts';
import { compareBytes, type Span } from './key-type.ts';

/** What belongs to an element beside its key. */
export type ElementValue = Pick<
  SetElement,
  'data' | 'object' | 'timeoutMilliseconds' | 'expirationMilliseconds' | 'expressions' | 'comment'
>;

/** An element before it is laid out as the kind of set wants it; without a span the one for all other keys. */
export interface ElementEntry {
  readonly span?: Span;
  readonly value?: ElementValue;
}

/** How a set keeps its elements. */
export interface ElementLayout {
  /** Intervals: starts and ends, or with `fields` two keys each. */
  readonly interval: boolean;
  /** Whether keys are concatenations. */
  readonly fields: boolean;
  /** Whether intervals that touch or overlap become one. The kernel refuses those that overlap. */
  readonly merge: boolean;
  /** For messages to people. */
  readonly name: string;
}

/** Whether a list holds anything but single values; what stands for all other keys is none. */
export function hasSpans(spans: readonly (Span | undefined)[]): boolean {
  return spans.some((span) => span !== undefined && span.from !== span.to && compareBytes(span.from, span.to) !== 0);
}

/**
 * The elements of a set: each key once, or for a set of intervals their starts and the keys behind their ends.
 *
 * @throws EncodeError `bad-value` for one key with two meanings
 */
export function layOut(entries: readonly ElementEntry[], layout: ElementLayout): SetElement[] {
  const others = entries.filter(({ span }) => span === undefined);
  if (others.length > 1) throw new EncodeError('bad-value', `${layout.name} has two elements for all other keys`);
  const rest = others.map(({ value }) => ({ flags: SetElementFlag.catchAll, ...value }));
  const keyed = entries.filter((entry): entry is Keyed => entry.span !== undefined);
  return [...layOutKeyed(keyed, layout), ...rest];
}

type Keyed = ElementEntry & { readonly span: Span };

function layOutKeyed(entries: readonly Keyed[], layout: ElementLayout): SetElement[] {
  if (layout.interval && !layout.fields) return layOutIntervals(entries, layout);
  const unique = new Map<string | number, SetElement>();
  for (const { span, value } of entries) {
    const id = layout.interval ? `${idOf(span.from)} ${idOf(span.to)}` : idOf(span.from);
    if (unique.has(id) && value !== undefined) {
      throw new EncodeError('bad-value', `${layout.name} has the key ${toHex(span.from)} twice`);
    }
    const element = layout.interval ? { key: span.from, keyEnd: span.to } : { key: span.from };
    unique.set(id, value === undefined ? element : { ...element, ...value });
  }
  return [...unique.values()];
}

/** A number or a text that of keys of this length only these octets have. Lists have many thousands of them. */
function idOf(octets: Uint8Array): string | number {
  if (octets.length > 4) return String.fromCharCode(...octets);
  let number = 0;
  for (const octet of octets) number = number * 256 + octet;
  return number;
}

function layOutIntervals(entries: readonly Keyed[], { merge, name }: ElementLayout): SetElement[] {
  const merged: { from: Uint8Array; to: Uint8Array; value: ElementValue | undefined }[] = [];
  for (const { span, value } of entries.toSorted((a, b) => compareBytes(a.span.from, b.span.from))) {
    const { from, to } = span;
    const last = merged.at(-1);
    const behind = last && successor(last.to);
    const touches = last !== undefined && (behind === undefined || compareBytes(from, behind) <= 0);
    const overlaps = last !== undefined && compareBytes(from, last.to) <= 0;
    if (last !== undefined && touches && merge && value === undefined && last.value === undefined) {
      if (compareBytes(to, last.to) > 0) last.to = to;
    } else if (overlaps) {
      throw new EncodeError('bad-value', `${name} has intervals that overlap at ${toHex(from)}`);
    } else {
      merged.push({ from, to, value });
    }
  }
  const elements: SetElement[] = [];
  const [first] = merged;
  // As the nft program does it: what lies before the first interval is closed by an end of its own.
  if (first?.from.some((octet) => octet !== 0)) {
    elements.push({ key: new Uint8Array(first.from.length), flags: SetElementFlag.intervalEnd });
  }
  for (const { from, to, value } of merged) {
    elements.push({ key: from, ...value });
    const behind = successor(to);
    if (behind !== undefined) elements.push({ key: behind, flags: SetElementFlag.intervalEnd });
  }
  return elements;
}

/** The next key, or undefined behind the last. */
export function successor(key: Uint8Array): Uint8Array | undefined {
  return step(key, 1);
}

/** The key before, or undefined before the first. */
export function predecessor(key: Uint8Array): Uint8Array | undefined {
  return step(key, -1);
}

function step(key: Uint8Array, by: 1 | -1): Uint8Array | undefined {
  const next = key.slice();
  const wraps = by === 1 ? 0xff : 0;
  for (let i = next.length - 1; i >= 0; i--) {
    const octet = next[i] as number;
    next[i] = (octet + by) & 0xff;
    if (octet !== wraps) return next;
  }
  return undefined;
}
