import { EncodeError } from '@router7/wire';
import { ByteorderOperation } from '../expressions/byteorder.ts';
import { CmpOperator } from '../expressions/cmp.ts';
import { Register } from '../expressions/codec.ts';
import { RangeOperator } from '../expressions/range.ts';
import { SetFlag } from '../set.ts';
import { anonymousUserdata, elementsOf, hasSpans, maskBytes, type Span, spanOf } from './element-list.ts';
import { type Field, type FieldName, fields } from './field.ts';
import type { RuleContext } from './rule-context.ts';
import { encodeInterfaceName, type Scalar, type ValueType, valueTypes } from './value-type.ts';

/**
 * What a field is to be.
 *
 * - a value: equal to it, inside the prefix or the range; a name that ends in `*` means its beginning;
 *   for bits (`ct.state`, `ct.status`, `tcp.flags`): this bit is set
 * - a list: one of them (an anonymous set); for bits: any of them is set
 * - `{ not }`: the opposite; for bits: not exactly these
 * - `{ set }`: in the table's set of this name
 * - `{ bits, of }`: of the bits `of`, exactly `bits` are set
 */
export type Condition =
  | Scalar
  | readonly Scalar[]
  | { readonly not: Scalar | readonly Scalar[] | { readonly set: string } }
  | { readonly set: string }
  | { readonly bits: readonly Scalar[]; readonly of: readonly Scalar[] };

/** Conditions that must all hold, tested in the order in which they are written. */
export type Match = { readonly [F in FieldName]?: Condition };

const register = Register.r1;

/** Compiles conditions. @throws EncodeError `bad-value` for unknown fields and values that do not parse */
export function compileMatch(context: RuleContext, match: Match): void {
  for (const [name, condition] of Object.entries(match)) {
    const field: Field | undefined = Object.hasOwn(fields, name) ? fields[name as FieldName] : undefined;
    if (field === undefined) throw new EncodeError('bad-value', `${JSON.stringify(name)} is not a field`);
    if (condition === undefined) continue;
    for (const dependency of field.needs) context.need(dependency);
    compileCondition(context, field, condition);
  }
}

function compileCondition(context: RuleContext, field: Field, condition: Condition): void {
  if (isObject(condition, 'bits')) {
    compileBits(context, field, condition.bits, condition.of);
    return;
  }
  const inverted = isObject(condition, 'not');
  const wanted = inverted ? condition.not : condition;
  if (isObject(wanted, 'set')) {
    context.emit(field.load, { kind: 'lookup', set: wanted.set, source: register, inverted });
    return;
  }
  const values = isList(wanted) ? wanted : [wanted];
  const [first] = values;
  if (first === undefined) throw new EncodeError('bad-value', 'a list without values');
  if (field.type.bits) compileAnyBit(context, field, values, inverted);
  else if (values.length > 1) compileList(context, field, values, inverted);
  else compileScalar(context, field, first, inverted);
}

function compileScalar(context: RuleContext, field: Field, value: Scalar, inverted: boolean): void {
  const { type } = field;
  const operator = inverted ? CmpOperator.neq : CmpOperator.eq;
  if (type === valueTypes.ifname && String(value).endsWith('*')) {
    // Only so many octets are compared as the beginning has.
    const beginning = encodeInterfaceName(String(value).slice(0, -1));
    context.emit(field.load, { kind: 'cmp', register, operator, value: beginning });
    return;
  }
  const span = spanOf(type, value);
  if (span.prefixLength !== undefined) compilePrefix(context, field, span, span.prefixLength, operator);
  else if (hasSpans([span])) compileRange(context, field, span, inverted);
  else {
    context.emit(field.load, { kind: 'cmp', register, operator, value: span.from });
    if (field.tells !== undefined && !inverted) context.learn(field.tells, span.from[0] as number);
  }
}

function compilePrefix(context: RuleContext, field: Field, span: Span, bits: number, operator: number): void {
  const { load, type } = field;
  if (load.kind === 'payload' && bits > 0 && bits % 8 === 0) {
    // Whole octets: less is loaded, and no mask is needed. This is how the nft program writes it, too.
    const length = bits / 8;
    context.emit({ ...load, length }, { kind: 'cmp', register, operator, value: span.from.subarray(0, length) });
    return;
  }
  const mask = maskBytes(bits, type.length);
  const xor = new Uint8Array(type.length);
  context.emit(load, { kind: 'bitwise', source: register, destination: register, mask, xor });
  context.emit({ kind: 'cmp', register, operator, value: span.from });
}

function compileRange(context: RuleContext, { load, type }: Field, { from, to }: Span, inverted: boolean): void {
  context.emit(load);
  let [low, high] = [from, to];
  if (type.hostOrder) {
    // Comparisons go octet by octet from the first, so the number has to be in network order for them.
    const { length } = type;
    const operation = ByteorderOperation.hton;
    context.emit({ kind: 'byteorder', source: register, destination: register, operation, length, size: length });
    [low, high] = [from.toReversed(), to.toReversed()];
  }
  if (inverted) context.emit({ kind: 'range', register, operator: RangeOperator.neq, from: low, to: high });
  else {
    context.emit({ kind: 'cmp', register, operator: CmpOperator.gte, value: low });
    context.emit({ kind: 'cmp', register, operator: CmpOperator.lte, value: high });
  }
}

function compileList(context: RuleContext, field: Field, values: readonly Scalar[], inverted: boolean): void {
  const { load, type } = field;
  if (type === valueTypes.ifname && values.some((value) => String(value).endsWith('*'))) {
    throw new EncodeError('bad-value', 'no beginnings of names in a list');
  }
  const spans = values.map((value) => spanOf(type, value));
  const interval = hasSpans(spans);
  const { set } = context.addSet(
    {
      flags: SetFlag.anonymous | SetFlag.constant | (interval ? SetFlag.interval : 0),
      keyType: type.code,
      keyLength: type.length,
      userdata: anonymousUserdata(type),
    },
    elementsOf(type, spans, interval),
  );
  context.emit(load, {
    kind: 'lookup',
    set: set.name,
    ...(set.id !== undefined && { setId: set.id }),
    source: register,
    inverted,
  });
  if (field.tells !== undefined && !inverted) context.learnList(field.tells);
}

function compileAnyBit(
  context: RuleContext,
  { load, type }: Field,
  values: readonly Scalar[],
  inverted: boolean,
): void {
  const mask = orBytes(type, values);
  const zero = new Uint8Array(type.length);
  context.emit(load);
  if (!inverted) context.emit({ kind: 'bitwise', source: register, destination: register, mask, xor: zero });
  context.emit({ kind: 'cmp', register, operator: CmpOperator.neq, value: inverted ? mask : zero });
}

function compileBits(
  context: RuleContext,
  { load, type }: Field,
  bits: readonly Scalar[],
  of: readonly Scalar[],
): void {
  if (!type.bits) throw new EncodeError('bad-value', `a ${type.name} is not made of bits`);
  const xor = new Uint8Array(type.length);
  const mask = orBytes(type, of);
  const value = orBytes(type, bits);
  if (value.some((octet, i) => (octet & ~(mask[i] as number)) !== 0)) {
    throw new EncodeError('bad-value', `of ${of.join(', ')} never ${bits.join(', ')} are set`);
  }
  context.emit(load, { kind: 'bitwise', source: register, destination: register, mask, xor });
  context.emit({ kind: 'cmp', register, operator: CmpOperator.eq, value });
}

function orBytes(type: ValueType, values: readonly Scalar[]): Uint8Array {
  const result = new Uint8Array(type.length);
  for (const value of values) {
    type.encode(value).forEach((octet, i) => {
      result[i] = (result[i] as number) | octet;
    });
  }
  return result;
}

function isList(value: unknown): value is readonly Scalar[] {
  return Array.isArray(value);
}

function isObject<K extends string, T>(value: T, key: K): value is Extract<T, { readonly [P in K]: unknown }> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key);
}
