import { EncodeError } from '@router7/wire';
import { CmpOperator } from '../expressions/cmp.ts';
import { Register } from '../expressions/codec.ts';
import { RangeOperator } from '../expressions/range.ts';
import { SetFlag } from '../set.ts';
import { addAnonymousSet, lookupOf } from './anonymous-set.ts';
import { hasSpans } from './element-list.ts';
import type { Field } from './field.ts';
import type { FieldName } from './field-name.ts';
import { fieldsOf } from './field-table.ts';
import { loadKey, registerType } from './key-load.ts';
import { isHostNumber, maskBytes, type Span, spanOf } from './key-type.ts';
import { emitMask, emitMaskOf, isList, orBytes, valuesOf } from './mask.ts';
import type { RuleContext } from './rule-context.ts';
import { isPlainObject, isScalar, list, mismatch, object, type Shape, scalar, text } from './shape.ts';
import type { Values } from './value.ts';
import { encodeInterfaceName, type Scalar } from './value-type.ts';

export type { Values } from './value.ts';

/** What a condition can be the opposite of. */
export type Positive =
  | Values
  | { readonly set: string; readonly of?: Values }
  | { readonly of?: Values; readonly in: readonly Scalar[] }
  | { readonly exactly: Values }
  | { readonly bits: Values; readonly of: Values };

/**
 * What a field is to be.
 *
 * - a value: equal to it, inside the prefix or the range; a name that ends in `*` means its beginning;
 *   for bits (`ct.state`, `ct.status`, `tcp.flags`): this bit is set
 * - a list: one of them (an anonymous set); for bits: any of them is set
 * - `{ not }`: the opposite. For bits a single value is what nft's `!=` is, **not exactly this** (`tcp flags != syn`),
 *   and a list what nft's `!` is: **none of these** is set (`ct state ! new,related`)
 * - `{ set }`: in the table's set of this name; with `of` what is left of it by the mask `of` (`tcp flags & syn @s`)
 * - `{ exactly }`: these bits are set and no other (`tcp flags == syn`); for a list of values the same as the list
 * - `{ bits, of }`: of the bits `of`, exactly `bits` are set (`tcp flags & (syn | ack) == syn`, `meta mark & 0xff == 5`)
 * - `{ in }`: one of these values, for bits too, where `syn | ack` is one value (`tcp flags { syn, syn | ack }`)
 * - `{ of, in }`: what is left of it by the mask `of` is one of `in` (`meta mark & 0xff { 1, 2 }`)
 * - `{ lt }`, `{ gt }`, `{ lte }`, `{ gte }`: less than, greater than, and so on (`tcp dport >= 1024`)
 */
export type Condition = Positive | { readonly not: Positive } | { readonly [C in Comparison]?: Scalar };

/** `<`, `>`, `<=`, `>=`. */
export type Comparison = 'lt' | 'gt' | 'lte' | 'gte';

/**
 * Conditions that must all hold, tested in the order in which they are written. A name with ` . ` in it is a
 * concatenation, whose values are written so as well: `{ 'ip.saddr . tcp.dport': ['10.0.0.1 . 80', '10.0.0.2 . 443'] }`.
 */
export type Match = { readonly [F in FieldName]?: Condition } & {
  readonly [name in `${string} ${string}` | `@${string}`]?: Condition;
};

const values: Shape = (value, path) => (Array.isArray(value) ? list(scalar) : scalar)(value, path);
const positiveShapes: { readonly [key: string]: Shape } = {
  ...{ set: text, exactly: values, bits: values, of: values, in: list(scalar) },
};
const positiveShape: Shape = (value, path) => {
  if (isPlainObject(value) && Object.hasOwn(value, 'not'))
    mismatch(path, value, 'what a condition can be the opposite of');
  if (isPlainObject(value)) object('a condition', positiveShapes)(value, path);
  else if (!isScalar(value) && !Array.isArray(value)) mismatch(path, value, 'a condition');
  else values(value, path);
};
const objectCondition = object('a condition', {
  ...{ ...positiveShapes, not: positiveShape, lt: scalar, gt: scalar, lte: scalar, gte: scalar },
});
const conditionShape: Shape = (value, path) => (isPlainObject(value) ? objectCondition : positiveShape)(value, path);

const register = Register.r1;

/** Compiles conditions. @throws EncodeError `bad-value` for unknown fields and values that do not parse */
export function compileMatch(context: RuleContext, match: Match): void {
  for (const [name, condition] of Object.entries<Condition | undefined>(match)) {
    const fields = fieldsOf(name);
    if (condition === undefined) continue;
    conditionShape(condition, name);
    compileCondition(context, fields, condition);
  }
}

function compileCondition(context: RuleContext, fields: readonly Field[], condition: Condition): void {
  const inverted = isObject(condition, 'not');
  const wanted = inverted ? condition.not : condition;
  const [field] = fields;
  if (field === undefined) return;
  if (isObject(wanted, 'set')) {
    loadKey(context, fields, { shifted: true, ordered: context.namedSet(wanted.set)?.ordered ?? false });
    if (wanted.of !== undefined) emitMaskOf(context, fields, wanted.of);
    context.emit({ kind: 'lookup', set: wanted.set, source: register, inverted });
    return;
  }
  if (fields.length > 1) {
    if (!isScalars(wanted)) throw new EncodeError('bad-value', 'a concatenation has a list or a set');
    compileList(context, fields, valuesOf(wanted), inverted);
    return;
  }
  if (isObject(wanted, 'in') && !isObject(wanted, 'of')) compileList(context, fields, wanted.in, inverted);
  else if (isObject(wanted, 'of')) compileMasked(context, field, wanted, inverted);
  else if (isObject(wanted, 'exactly')) compileExactly(context, field, valuesOf(wanted.exactly), inverted);
  else if (isScalars(wanted)) compileValues(context, field, wanted, inverted);
  else compileComparison(context, field, wanted);
}

function compileValues(context: RuleContext, field: Field, wanted: Values, inverted: boolean): void {
  const values = valuesOf(wanted);
  const [first] = values;
  if (first === undefined) throw new EncodeError('bad-value', 'a list without values');
  if (field.type.bits && inverted && !isList(wanted)) compileExactly(context, field, values, true);
  else if (field.type.bits) compileAnyBit(context, field, values, inverted);
  else if (values.length > 1) compileList(context, [field], values, inverted);
  else compileScalar(context, field, first, inverted);
}

function compileScalar(context: RuleContext, field: Field, value: Scalar, inverted: boolean): void {
  const operator = inverted ? CmpOperator.neq : CmpOperator.eq;
  const type = registerType(field);
  if (type.name === 'ifname' && String(value).endsWith('*')) {
    // Only so many octets are compared as the beginning has.
    loadKey(context, [field]);
    context.emit({ kind: 'cmp', register, operator, value: encodeInterfaceName(String(value).slice(0, -1)) });
    return;
  }
  const span = spanOf(type, value);
  const isRange = hasSpans([span]);
  if (inverted && isRange && isEverything(span)) throw new EncodeError('bad-value', `nothing is not ${value}`);
  if (span.prefixLength !== undefined) compilePrefix(context, field, span, span.prefixLength, operator);
  else if (isRange) compileRange(context, field, span, inverted);
  else {
    loadKey(context, [field]);
    context.emit({ kind: 'cmp', register, operator, value: span.from });
    if (field.tells !== undefined && !inverted) context.learn(field.tells, span.from);
  }
}

function isEverything({ from, to }: Span): boolean {
  return from.every((octet) => octet === 0) && to.every((octet) => octet === 0xff);
}

function compilePrefix(context: RuleContext, field: Field, span: Span, bits: number, operator: number): void {
  const { load, type } = field;
  if (load.kind === 'payload' && bits > 0 && bits % 8 === 0) {
    // Whole octets: less is loaded, and no mask is needed. This is how the nft program writes it, too.
    const length = bits / 8;
    loadKey(context, [{ ...field, load: { ...load, length } }]);
    context.emit({ kind: 'cmp', register, operator, value: span.from.subarray(0, length) });
    return;
  }
  loadKey(context, [field]);
  emitMask(context, maskBytes(bits, type.length));
  context.emit({ kind: 'cmp', register, operator, value: span.from });
}

function compileRange(context: RuleContext, field: Field, { from, to }: Span, inverted: boolean): void {
  const order = loadOrdered(context, field);
  const [low, high] = [order(from), order(to)];
  if (inverted) context.emit({ kind: 'range', register, operator: RangeOperator.neq, from: low, to: high });
  else {
    context.emit({ kind: 'cmp', register, operator: CmpOperator.gte, value: low });
    context.emit({ kind: 'cmp', register, operator: CmpOperator.lte, value: high });
  }
}

/** Loads a field for comparisons, which go octet by octet from the first: numbers have to be in network order. */
function loadOrdered(context: RuleContext, field: Field): (bytes: Uint8Array) => Uint8Array {
  loadKey(context, [field], { ordered: true });
  return isHostNumber(field.type) ? (bytes) => bytes.toReversed() : (bytes) => bytes;
}

const operators = { lt: CmpOperator.lt, gt: CmpOperator.gt, lte: CmpOperator.lte, gte: CmpOperator.gte } as const;

function compileComparison(
  context: RuleContext,
  field: Field,
  comparison: { readonly [C in Comparison]?: Scalar },
): void {
  const entries = Object.entries(comparison);
  if (entries.length === 0) throw new EncodeError('bad-value', 'a condition that says nothing');
  for (const [name, value] of entries) {
    if (!Object.hasOwn(operators, name)) throw new EncodeError('bad-value', `${JSON.stringify(name)} compares nothing`);
    if (value === undefined) continue;
    const bytes = registerType(field).encode(value);
    const order = loadOrdered(context, field);
    const edge = name === 'lt' ? 0 : 0xff;
    if ((name === 'lt' || name === 'gt') && bytes.every((octet) => octet === edge)) {
      throw new EncodeError('bad-value', `nothing is ${name} ${value}`);
    }
    context.emit({ kind: 'cmp', register, operator: operators[name as Comparison], value: order(bytes) });
  }
}

function compileList(
  context: RuleContext,
  fields: readonly Field[],
  values: readonly Scalar[],
  inverted: boolean,
): void {
  for (const { needs } of fields) for (const dependency of needs) context.need(dependency);
  const { set, type } = addAnonymousSet(context, fields, values, inverted);
  loadKey(context, fields, { ordered: type.ordered });
  context.emit(lookupOf(set, inverted));
  const [field] = fields;
  if (fields.length === 1 && field?.tells !== undefined && !inverted) {
    context.learnList(field.tells, values.map((value) => spanOf(registerType(field), value).from[0]).join());
  }
}

function compileAnyBit(context: RuleContext, field: Field, values: readonly Scalar[], inverted: boolean): void {
  const mask = orBytes(registerType(field), values);
  const zero = new Uint8Array(mask.length);
  if (mask.every((octet) => octet === 0)) throw new EncodeError('bad-value', 'none of no bits');
  loadKey(context, [field]);
  emitMask(context, mask);
  context.emit({ kind: 'cmp', register, operator: inverted ? CmpOperator.eq : CmpOperator.neq, value: zero });
}

function compileExactly(context: RuleContext, field: Field, values: readonly Scalar[], inverted: boolean): void {
  if (!field.type.bits) {
    if (values.length === 0) throw new EncodeError('bad-value', 'a list without values');
    compileValues(context, field, values, inverted);
    return;
  }
  const value = orBytes(registerType(field), values);
  loadKey(context, [field]);
  context.emit({ kind: 'cmp', register, operator: inverted ? CmpOperator.neq : CmpOperator.eq, value });
}

function compileMasked(
  context: RuleContext,
  field: Field,
  wanted: { readonly of: Values } & ({ readonly bits: Values } | { readonly in: readonly Scalar[] }),
  inverted: boolean,
): void {
  const type = registerType(field);
  const mask = orBytes(type, valuesOf(wanted.of));
  const check = (value: Uint8Array): Uint8Array => {
    if (value.some((octet, i) => (octet & ~(mask[i] as number)) !== 0)) {
      throw new EncodeError('bad-value', `${type.name}: a bit is wanted that is not among those looked at`);
    }
    return value;
  };
  if (isObject(wanted, 'bits')) {
    const value = check(orBytes(type, valuesOf(wanted.bits)));
    if (inverted && mask.every((octet) => octet === 0)) throw new EncodeError('bad-value', 'none of no bits');
    loadKey(context, [field]);
    emitMask(context, mask);
    context.emit({ kind: 'cmp', register, operator: inverted ? CmpOperator.neq : CmpOperator.eq, value });
    return;
  }
  if (!isObject(wanted, 'in')) throw new EncodeError('bad-value', 'a mask without what is left of it');
  for (const value of wanted.in) check(spanOf(type, value).from);
  for (const dependency of field.needs) context.need(dependency);
  const { set } = addAnonymousSet(context, [field], wanted.in, inverted);
  if ((set.flags & SetFlag.interval) !== 0) throw new EncodeError('bad-value', 'no intervals behind a mask');
  loadKey(context, [field]);
  emitMask(context, mask);
  context.emit(lookupOf(set, inverted));
}

/** Whether it is a value or a list of them; addresses are objects, but not plain ones. */
function isScalars(value: unknown): value is Values {
  return isScalar(value) || Array.isArray(value);
}

function isObject<K extends string, T>(value: T, key: K): value is Extract<T, { readonly [P in K]: unknown }> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) && value[key as never] !== undefined;
}
