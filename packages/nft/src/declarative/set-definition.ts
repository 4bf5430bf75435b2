import { EncodeError, fromHex } from '@router7/wire';
import type { Expression } from '../expression.ts';
import { type NftSet, SetFlag } from '../set.ts';
import type { SetElements } from '../set-elements.ts';
import { type Duration, durationMilliseconds } from './duration.ts';
import { type ElementEntry, type ElementValue, hasSpans, layOut } from './element-list.ts';
import { isHostNumber, type KeyType, parseKeyType, spanOfKey } from './key-type.ts';
import { dataAttributes, encodeMapData, type MapData, parseMapData } from './map-data.ts';
import {
  type Count,
  compileLimit,
  compileQuota,
  count,
  counterShape,
  limitShape,
  type QuotaDefinition,
  quotaShape,
  type RateLimit,
} from './object-definition.ts';
import type { NamedSet, SetIds } from './rule-context.ts';
import { setHints } from './set-hints.ts';
import {
  amount,
  isPlainObject,
  isScalar,
  list,
  mismatch,
  number,
  object,
  record,
  type Shape,
  scalar,
  text,
  truth,
  word,
} from './shape.ts';
import type { Scalar, ValueTypeName } from './value-type.ts';
import type { Where } from './where.ts';

/** nft's name for a type of keys, or several with ` . ` between them: `ipv4_addr . inet_service`. */
export type KeyTypeName = ValueTypeName | `${ValueTypeName} . ${string}`;

/** What each element of a set has of its own: `counter`, `limit rate over 10/second`, `quota`, `ct count over 5`, `last`. */
export type ElementState =
  | { readonly counter: { readonly packets?: Count; readonly bytes?: Count } | true }
  | { readonly limit: RateLimit }
  | { readonly quota: QuotaDefinition }
  | { readonly ctCount: { readonly count: number; readonly over?: boolean } }
  | { readonly last: true };

/** An element that has more to say than its key: `10.0.0.1 timeout 1h comment "x"`. */
export interface ElementDefinition {
  /** The key; `*` for all other keys. */
  readonly key: Scalar;
  /** In a map: what it leads to. */
  readonly data?: Scalar;
  readonly timeout?: Duration;
  readonly expires?: Duration;
  readonly comment?: string;
  readonly states?: readonly ElementState[];
}

interface SetOptions {
  /** Whether prefixes and ranges are allowed; when absent, whether there are any among the elements. */
  readonly interval?: boolean;
  /** Intervals that touch or overlap become one. When `false`, those that touch stay as they are. */
  readonly autoMerge?: boolean;
  /** `flags constant`: elements come only with the set. */
  readonly constant?: boolean;
  /** `flags dynamic`: rules may add elements, which survive when the rule set is applied again. */
  readonly dynamic?: boolean;
  /** `timeout 1h`: how long an element stays that does not say so itself. `0` lets only those leave that say when. */
  readonly timeout?: Duration;
  readonly gcInterval?: Duration;
  /** Elements at most. */
  readonly size?: number;
  /** `policy memory`. */
  readonly policy?: 'performance' | 'memory';
  /** What each element has of its own. */
  readonly states?: readonly ElementState[];
  readonly comment?: string;
  /** What nft keeps with a set, in hexadecimal digits, where the words above do not say it all. */
  readonly userdata?: string;
}

/** A named set in words: `set x { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 }; }`. */
export interface SetDefinition extends SetOptions {
  readonly type: KeyTypeName;
  readonly elements?: readonly (Scalar | ElementDefinition)[];
}

/** A named map in words: `map x { type inet_service : ipv4_addr; elements = { 80 : 10.0.0.1, * : 10.0.0.2 }; }`. */
export interface MapDefinition extends SetOptions {
  readonly type: KeyTypeName;
  /** `verdict`, a type of objects (`counter`, `quota`, `limit`, `ct helper` ...), or a type of values. */
  readonly data: string;
  readonly elements?: { readonly [key: string]: Scalar } | readonly ElementDefinition[];
}

const stateShapes: { readonly [state: string]: Shape } = {
  counter: (value, path) => {
    if (value !== true) counterShape(value, path);
  },
  limit: limitShape,
  quota: quotaShape,
  ctCount: object<{ count: number; over?: boolean }>('a count', { count: number, over: truth }, 'count'),
  last: truth,
};

/** The form of an {@link ElementState}. */
export const stateShape: Shape = object('a state of an element', stateShapes);

const elementShape = object<ElementDefinition>(
  'an element',
  { key: scalar, data: scalar, timeout: amount, expires: amount, comment: text, states: list(stateShape) },
  'key',
);
const optionShapes = {
  ...{ interval: truth, autoMerge: truth, constant: truth, dynamic: truth, timeout: amount, gcInterval: amount },
  ...{ size: number, policy: word('performance', 'memory'), states: list(stateShape), comment: text, userdata: text },
};

/** The form of a {@link SetDefinition}. */
export const setShape: Shape = object<SetDefinition>(
  'a set',
  {
    ...optionShapes,
    type: text,
    elements: list((value, path) => {
      if (isPlainObject(value)) elementShape(value, path);
      else if (!isScalar(value)) mismatch(path, value, 'a value or an element');
    }),
  },
  'type',
);

/** The form of a {@link MapDefinition}. */
export const mapShape: Shape = object<MapDefinition>(
  'a map',
  {
    ...optionShapes,
    ...{ type: text, data: text },
    elements: (value, path) => (Array.isArray(value) ? list(elementShape) : record(scalar))(value, path),
  },
  ...(['type', 'data'] as const),
);

/** A named set or map and its elements, compiled. */
export interface CompiledSet {
  readonly set: NftSet;
  readonly elements: SetElements;
}

/** Compiles a set or map. @throws EncodeError `bad-value` or `out-of-range` */
export function compileSet(
  where: Where,
  name: string,
  definition: SetDefinition | MapDefinition,
  setIds: SetIds,
): CompiledSet {
  const key = parseKeyType(definition.type);
  const data = 'data' in definition ? parseMapData(definition.data) : undefined;
  const list = elementDefinitions(definition);
  const spans = list.map(({ key: text }) => (text === '*' ? undefined : spanOfKey(key, text, false)));
  const hasIntervals = hasSpans(spans);
  const interval = definition.interval ?? hasIntervals;
  if (!interval && hasIntervals) throw new EncodeError('bad-value', `set ${name} is not one of intervals`);
  const ordered = interval && key.parts.some(isHostNumber);
  const merge = data === undefined && definition.autoMerge !== false;
  const entries = list.map((element, index): ElementEntry => {
    const value = compileValue(element, data);
    const span = ordered && spans[index] !== undefined ? spanOfKey(key, element.key, true) : spans[index];
    if (span === undefined) return value === undefined ? {} : { value };
    return value === undefined ? { span } : { span, value };
  });
  const layout = { interval, fields: key.parts.length > 1, merge, name: `set ${name}` };
  const id = setIds.take();
  return {
    set: { kind: 'set', ...where, name, id, ...attributes(definition, key, data, interval) },
    elements: { kind: 'elements', ...where, set: name, setId: id, elements: layOut(entries, layout) },
  };
}

/** What a rule has to know of a named set. @throws EncodeError */
export function namedSet(definition: SetDefinition | MapDefinition): NamedSet {
  const key = parseKeyType(definition.type);
  const hasHostNumbers = key.parts.some(isHostNumber);
  const interval = (): boolean => {
    const keys = elementDefinitions(definition).filter((element) => element.key !== '*');
    return definition.interval ?? hasSpans(keys.map((element) => spanOfKey(key, element.key, false)));
  };
  return { ordered: hasHostNumbers && interval(), ...('data' in definition && { data: definition.data }) };
}

function elementDefinitions({ elements = [] }: SetDefinition | MapDefinition): ElementDefinition[] {
  if (!isList(elements)) return Object.entries(elements).map(([key, data]) => ({ key, data }));
  return elements.map((element: Scalar | ElementDefinition): ElementDefinition => {
    return typeof element === 'object' && 'key' in element ? element : { key: element };
  });
}

function isList<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}

function compileValue(element: ElementDefinition, data: MapData | undefined): ElementValue | undefined {
  const { timeout, expires, comment, states } = element;
  if (data === undefined && element.data !== undefined) throw new EncodeError('bad-value', 'a set leads to nothing');
  if (data !== undefined && element.data === undefined) throw new EncodeError('bad-value', 'a key that leads nowhere');
  const isPlain = timeout === undefined && expires === undefined && comment === undefined && states === undefined;
  if (isPlain && data === undefined) return undefined;
  const value: ElementValue = {
    ...(data !== undefined && element.data !== undefined && encodeMapData(data, element.data)),
    ...(timeout !== undefined && { timeoutMilliseconds: durationMilliseconds(timeout) }),
    ...(expires !== undefined && { expirationMilliseconds: durationMilliseconds(expires) }),
    ...(comment !== undefined && { comment }),
    ...(states !== undefined && { expressions: states.map(compileState) }),
  };
  return Object.keys(value).length === 0 ? undefined : value;
}

function attributes(
  definition: SetDefinition | MapDefinition,
  key: KeyType,
  data: MapData | undefined,
  interval: boolean,
): Omit<NftSet, 'kind' | 'family' | 'table' | 'name'> {
  const {
    constant,
    dynamic,
    timeout,
    gcInterval,
    size,
    policy,
    states = [],
    comment,
    autoMerge,
    userdata,
  } = definition;
  const fields = key.parts.length > 1;
  const hasTimeouts = timeout !== undefined || elementDefinitions(definition).some((element) => 'timeout' in element);
  const flags =
    (constant === true ? SetFlag.constant : 0) |
    (interval ? SetFlag.interval : 0) |
    (interval && fields ? SetFlag.concat : 0) |
    (dynamic === true ? SetFlag.eval : 0) |
    (hasTimeouts ? SetFlag.timeout : 0) |
    (states.length > 1 ? SetFlag.expr : 0) |
    (data === undefined ? 0 : data.kind === 'objects' ? SetFlag.object : SetFlag.map);
  const milliseconds = timeout === undefined ? 0n : durationMilliseconds(timeout);
  const kind = data === undefined ? 'set' : data.kind === 'objects' ? 'objects' : 'map';
  const values = data?.kind === 'values' ? data.type : undefined;
  const merges = autoMerge === true && { autoMerge };
  return {
    ...{ flags, keyType: key.code, keyLength: key.length },
    ...(data !== undefined && dataAttributes(data)),
    ...(milliseconds > 0n && { timeoutMilliseconds: milliseconds }),
    ...(gcInterval !== undefined && { gcIntervalMilliseconds: Number(durationMilliseconds(gcInterval)) }),
    ...(policy === 'memory' && { policy: 1 }),
    ...(size !== undefined && { size }),
    ...(interval && fields && { fieldLengths: key.parts.map(({ length }) => length) }),
    ...(states.length > 0 && { expressions: states.map(compileState) }),
    userdata: userdata === undefined ? setHints({ key, data: values, kind, comment, ...merges }) : fromHex(userdata),
  };
}

/** Compiles what an element has of its own. @throws EncodeError */
export function compileState(state: ElementState): Expression {
  if ('counter' in state) {
    const { packets = 0n, bytes = 0n } = state.counter === true ? {} : state.counter;
    return { kind: 'counter', packets: count(packets), bytes: count(bytes) };
  }
  if ('limit' in state) return compileLimit(state.limit);
  if ('quota' in state) return compileQuota(state.quota);
  if ('ctCount' in state) {
    return { kind: 'connlimit', count: state.ctCount.count, inverted: state.ctCount.over === true };
  }
  if ('last' in state) return { kind: 'last' };
  throw new EncodeError('bad-value', `${JSON.stringify(Object.keys(state))} is no state of an element`);
}
