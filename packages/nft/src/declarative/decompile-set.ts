import { bytesEqual, toHex } from '@router7/wire';
import type { Expression } from '../expression.ts';
import { LimitType } from '../expressions/limit.ts';
import { type NftSet, SetFlag, VERDICT_DATA } from '../set.ts';
import { type SetElement, SetElementFlag } from '../set-elements.ts';
import { decodeSetUserdata } from '../set-userdata.ts';
import { formatDuration } from './duration.ts';
import { predecessor } from './element-list.ts';
import { compareBytes, isHostNumber, type KeyType, keyTypeOf, textOfKey } from './key-type.ts';
import { decodeMapData, type MapData, objectTypes } from './map-data.ts';
import type { RateLimit } from './object-definition.ts';
import { rawType } from './raw-type.ts';
import type { ElementDefinition, ElementState, KeyTypeName, MapDefinition, SetDefinition } from './set-definition.ts';
import { setHints } from './set-hints.ts';
import type { Scalar, ValueType } from './value.ts';
import { valueTypes } from './value-type.ts';

/** A set or a map in words. */
export type SetWords = { readonly set: SetDefinition } | { readonly map: MapDefinition };

const TYPE_BITS = 6;

/** The type of a set's keys, of a map's data. */
export function typeOfCode(code: number, length: number, byteOrder: number, lengths?: readonly number[]): KeyType {
  const codes: number[] = [];
  for (let rest = code; rest > 0; rest = Math.floor(rest / 2 ** TYPE_BITS)) codes.unshift(rest % 2 ** TYPE_BITS);
  if (codes.length <= 1) return keyTypeOf([valueTypeOf(code, length, byteOrder)]);
  const parts = codes.map((each, index) => valueTypeOf(each, lengths?.[index], 0));
  const type = keyTypeOf(parts);
  // Where nft's numbers do not add up to the key's length they are not nft's numbers.
  return type.length === length ? type : keyTypeOf([rawType(code, length, byteOrder)]);
}

function valueTypeOf(code: number, length: number | undefined, byteOrder: number): ValueType {
  const found = Object.values(valueTypes).filter((type) => {
    return type.code === code && (length === undefined || type.length === length);
  });
  const ordered = found.find((type) => byteOrder === 0 || type.byteOrder === byteOrder) ?? found[0];
  return ordered ?? rawType(code, length ?? 4, byteOrder);
}

/** nft's words for a type. */
function nameOfType({ parts }: KeyType): KeyTypeName {
  const names = parts.map((part) => {
    const known = Object.entries(valueTypes).find(([, type]) => type === part);
    return known?.[0] ?? part.name;
  });
  return names.join(' . ') as KeyTypeName;
}

/** A set or map of the kernel in words; `compileSet` makes the same of them. */
export function decompileSet(set: NftSet, elements: readonly SetElement[]): SetWords {
  const hints = decodeSetUserdata(set.userdata ?? new Uint8Array());
  const key = typeOfCode(set.keyType, set.keyLength, hints.keyByteOrder ?? 0, set.fieldLengths);
  const data = dataOf(set, hints.dataByteOrder ?? 0);
  const interval = has(set, SetFlag.interval);
  const list = readElements(set, key, data, elements);
  const touching = interval && data === undefined && hints.autoMerge !== true && hasTouching(set, elements);
  const kind = data === undefined ? 'set' : data.kind === 'objects' ? 'objects' : 'map';
  const values = data?.kind === 'values' ? data.type : undefined;
  const { comment, autoMerge } = hints;
  const own = setHints({ key, data: values, kind, comment, autoMerge: autoMerge === true });
  const { timeoutMilliseconds, gcIntervalMilliseconds, size, policy, expressions = [] } = set;
  const options = {
    type: nameOfType(key),
    // Said when the elements do not.
    ...(interval && { interval: true }),
    ...(autoMerge === true && { autoMerge }),
    ...(touching && { autoMerge: false }),
    ...(has(set, SetFlag.constant) && { constant: true }),
    ...(has(set, SetFlag.eval) && { dynamic: true }),
    ...(has(set, SetFlag.timeout) && { timeout: formatDuration(Number(timeoutMilliseconds ?? 0n)) }),
    ...(gcIntervalMilliseconds !== undefined && { gcInterval: formatDuration(gcIntervalMilliseconds) }),
    ...(size !== undefined && { size }),
    ...(policy === 1 && { policy: 'memory' as const }),
    ...(expressions.length > 0 && { states: expressions.flatMap(stateOf) }),
    ...(comment !== undefined && { comment }),
    ...(!bytesEqual(own, set.userdata ?? new Uint8Array()) && { userdata: toHex(set.userdata ?? new Uint8Array()) }),
  };
  if (data === undefined) {
    const short = list.map((element) => (Object.keys(element).length === 1 ? element.key : element));
    return { set: { ...options, ...(short.length > 0 && { elements: short }) } };
  }
  const plain = list.every((element) => Object.keys(element).every((name) => name === 'key' || name === 'data'));
  const entries = plain ? Object.fromEntries(list.map((each) => [String(each.key), each.data as Scalar])) : list;
  return { map: { ...options, data: dataName(data), ...(list.length > 0 && { elements: entries }) } };
}

function has({ flags }: NftSet, flag: number): boolean {
  return (flags & flag) !== 0;
}

/** What a map leads to; undefined for a set. */
export function dataOf(set: NftSet, byteOrder: number): MapData | undefined {
  if (set.objectType !== undefined) return { kind: 'objects', objectType: set.objectType };
  if (set.dataType === undefined) return undefined;
  if (set.dataType === VERDICT_DATA) return { kind: 'verdict' };
  return { kind: 'values', type: typeOfCode(set.dataType, set.dataLength ?? 0, byteOrder) };
}

function dataName(data: MapData): string {
  if (data.kind === 'verdict') return 'verdict';
  if (data.kind === 'values') return nameOfType(data.type);
  return Object.entries(objectTypes).find(([, type]) => type === data.objectType)?.[0] ?? `object ${data.objectType}`;
}

/** The elements of a set, with intervals as spans. */
export function readElements(
  set: NftSet,
  key: KeyType,
  data: MapData | undefined,
  elements: readonly SetElement[],
): ElementDefinition[] {
  const interval = has(set, SetFlag.interval);
  const ordered = interval && key.parts.some(isHostNumber);
  return spansOf(set, elements).map(({ from, to, element }) => {
    const { timeoutMilliseconds, expirationMilliseconds, comment, expressions } = element;
    const states = expressions?.flatMap(stateOf) ?? [];
    const leads = data === undefined ? undefined : decodeMapData(data, element);
    return {
      key: from === undefined || to === undefined ? '*' : textOfKey(key, from, to, ordered),
      ...(leads !== undefined && { data: leads }),
      ...(timeoutMilliseconds !== undefined && { timeout: formatDuration(Number(timeoutMilliseconds)) }),
      ...(expirationMilliseconds !== undefined && { expires: formatDuration(Number(expirationMilliseconds)) }),
      ...(comment !== undefined && { comment }),
      ...(states.length > 0 && { states }),
    };
  });
}

interface ElementSpan {
  /** Absent for the element for all other keys. */
  readonly from?: Uint8Array;
  readonly to?: Uint8Array;
  readonly element: SetElement;
}

function spansOf(set: NftSet, elements: readonly SetElement[]): ElementSpan[] {
  const keyed = elements.flatMap((element) => (element.key === undefined ? [] : [{ key: element.key, element }]));
  const others = elements.filter(({ key }) => key === undefined).map((element) => ({ element }));
  if (!has(set, SetFlag.interval) || has(set, SetFlag.concat)) {
    return [...keyed.map(({ key, element }) => ({ from: key, to: element.keyEnd ?? key, element })), ...others];
  }
  const isEnd = ({ flags = 0 }: SetElement): boolean => (flags & SetElementFlag.intervalEnd) !== 0;
  const sorted = keyed.toSorted((a, b) => {
    return compareBytes(a.key, b.key) || Number(isEnd(b.element)) - Number(isEnd(a.element));
  });
  const spans: ElementSpan[] = [];
  sorted.forEach(({ key, element }, index) => {
    if (isEnd(element)) return;
    const next = sorted[index + 1];
    const last = next === undefined ? undefined : predecessor(next.key);
    spans.push({ from: key, to: last ?? new Uint8Array(key.length).fill(0xff), element });
  });
  return [...spans, ...others];
}

function hasTouching(set: NftSet, elements: readonly SetElement[]): boolean {
  if (has(set, SetFlag.concat)) return false;
  const spans = spansOf(set, elements);
  return spans.some(({ to }, index) => {
    const next = spans[index + 1]?.from;
    const before = next && predecessor(next);
    return to !== undefined && before !== undefined && compareBytes(to, before) === 0;
  });
}

/** A rate in words; undefined for a unit of time that has none. */
export function rateOf(limit: Extract<Expression, { kind: 'limit' }>): RateLimit | undefined {
  const units = { second: 1n, minute: 60n, hour: 3600n, day: 86_400n, week: 604_800n } as const;
  const per = (Object.keys(units) as (keyof typeof units)[]).find((unit) => units[unit] === limit.unitSeconds);
  if (per === undefined || limit.rate > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const bytes = limit.type === LimitType.bytes;
  const usual = limit.burst === (bytes ? 0 : 5);
  return {
    ...{ rate: Number(limit.rate), per },
    ...(!usual && { burst: limit.burst }),
    ...(bytes && { unit: 'bytes' as const }),
    ...(limit.inverted && { over: true }),
  };
}

/** What an element has of its own, in words; nothing for what has none. */
export function stateOf(expression: Expression): ElementState[] {
  switch (expression.kind) {
    case 'counter': {
      const { packets, bytes } = expression;
      return [{ counter: packets === 0n && bytes === 0n ? true : { packets: String(packets), bytes: String(bytes) } }];
    }
    case 'limit': {
      const limit = rateOf(expression);
      return limit === undefined ? [] : [{ limit }];
    }
    case 'quota': {
      const { bytes, consumed, inverted } = expression;
      const used = consumed > 0n && { used: String(consumed) };
      return [{ quota: { bytes: String(bytes), ...(inverted && { over: true }), ...used } }];
    }
    case 'connlimit':
      return [{ ctCount: { count: expression.count, ...(expression.inverted && { over: true }) } }];
    case 'last':
      return [{ last: true }];
    default:
      return [];
  }
}
