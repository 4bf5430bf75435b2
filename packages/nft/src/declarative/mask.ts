import { EncodeError } from '@router7/wire';
import { Register } from '../expressions/codec.ts';
import type { Field } from './field.ts';
import { registerType } from './key-load.ts';
import type { RuleContext } from './rule-context.ts';
import type { Scalar, Values, ValueType } from './value.ts';

/** Leaves of a key what a mask leaves of it. @throws EncodeError */
export function emitMaskOf(
  context: RuleContext,
  fields: readonly Field[],
  mask: Values,
  register: number = Register.r1,
): void {
  const [field] = fields;
  if (field === undefined || fields.length > 1) throw new EncodeError('bad-value', 'a concatenation has no mask');
  emitMask(context, orBytes(registerType(field), valuesOf(mask)), register);
}

/** Leaves of register 1, or of another, what a mask leaves of it. */
export function emitMask(context: RuleContext, mask: Uint8Array, register: number = Register.r1): void {
  const xor = new Uint8Array(mask.length);
  context.emit({ kind: 'bitwise', source: register, destination: register, mask, xor });
}

/** The bits of all values together. @throws EncodeError */
export function orBytes(type: ValueType, values: readonly Scalar[]): Uint8Array {
  const result = new Uint8Array(type.length);
  for (const value of values) {
    type.encode(value).forEach((octet, i) => {
      result[i] = (result[i] as number) | octet;
    });
  }
  return result;
}

/** The values there are. */
export function valuesOf(values: Values): readonly Scalar[] {
  return isList(values) ? values : [values];
}

/** Whether it is a list of values. */
export function isList(value: unknown): value is readonly Scalar[] {
  return Array.isArray(value);
}
