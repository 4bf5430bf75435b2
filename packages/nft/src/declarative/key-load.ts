import { EncodeError } from '@router7/wire';
import { paddedLength } from '../concatenation.ts';
import { BitwiseOperation } from '../expressions/bitwise.ts';
import { ByteorderOperation } from '../expressions/byteorder.ts';
import { Register } from '../expressions/codec.ts';
import type { Field } from './field.ts';
import { isHostNumber, type KeyType, keyTypeOf } from './key-type.ts';
import type { RuleContext } from './rule-context.ts';
import type { ValueType } from './value-type.ts';

/** How a key is to lie in the registers. */
export interface KeyLayout {
  /** The first of the registers; 1 when absent. */
  readonly register?: number;
  /** All numbers in network order, as intervals want it. */
  readonly ordered?: boolean;
  /** Fields of bits shifted down to bit 0, as named sets and concatenations have them. */
  readonly shifted?: boolean;
}

/**
 * The register at so many octets behind register 1: one of the four of 16 octets where there is one, else one of the
 * sixteen of 4 octets that lie over them.
 */
export function registerAt(offset: number): number {
  return offset % 16 === 0 ? Register.r1 + offset / 16 : 8 + offset / 4;
}

/** The first octet of a register, counted from register 1. */
export function offsetOf(register: number): number {
  return register >= 8 ? (register - 8) * 4 : (register - Register.r1) * 16;
}

/** Puts the fields of a key into registers, after the tests that they need, and tells their type. @throws EncodeError */
export function loadKey(context: RuleContext, fields: readonly Field[], layout: KeyLayout = {}): KeyType {
  for (const { needs } of fields) for (const dependency of needs) context.need(dependency);
  return loadOnly(context, fields, layout);
}

/** The same without the tests. */
export function loadOnly(context: RuleContext, fields: readonly Field[], layout: KeyLayout): KeyType {
  const { register = Register.r1, ordered = false } = layout;
  const shifted = fields.length > 1 || layout.shifted === true;
  let offset = offsetOf(register);
  for (const field of fields) {
    loadField(context, field, registerAt(offset), shifted, ordered);
    offset += paddedLength(field.type.length);
  }
  if (offset > 4 * 16) throw new EncodeError('too-long', `a key of ${offset} octets; the registers hold 64`);
  return keyTypeOf(fields.map((field) => (shifted ? field.type : registerType(field))));
}

function loadField(context: RuleContext, field: Field, register: number, shifted: boolean, ordered: boolean): void {
  const { load, of, bits, type } = field;
  if (of !== undefined) {
    if (register !== Register.r1) throw new EncodeError('bad-value', 'a hash stands alone');
    loadOnly(context, of, { register: Register.r2 });
  }
  context.emit({ ...load, register });
  const [source, destination] = [register, register];
  if (bits !== undefined) {
    const { mask, shift } = bits;
    context.emit({ kind: 'bitwise', source, destination, mask, xor: new Uint8Array(mask.length) });
    if (shifted && shift > 0) {
      const operation = BitwiseOperation.rightShift;
      const count = Uint8Array.of(shift, 0, 0, 0);
      context.emit({ kind: 'bitwise', source, destination, operation, length: mask.length, bits: count });
    }
  }
  if (ordered && isHostNumber(type) && type.length > 1) {
    const { length } = type;
    context.emit({ kind: 'byteorder', source, destination, operation: ByteorderOperation.hton, length, size: length });
  }
}

const shiftedTypes = new WeakMap<Field, ValueType>();

/** The type of a field's values as they lie in the register: for a field of bits, shifted to their place. */
export function registerType(field: Field): ValueType {
  const { bits, type } = field;
  if (bits === undefined) return type;
  const known = shiftedTypes.get(field);
  if (known !== undefined) return known;
  const { mask, shift } = bits;
  const made: ValueType = {
    ...type,
    length: mask.length,
    encode: (value) => shiftBytes(type.encode(value), mask.length, shift),
    decode(bytes) {
      const inside = bytes.length === mask.length && bytes.every((octet, i) => (octet & ~(mask[i] as number)) === 0);
      return inside ? type.decode(shiftBytes(bytes, type.length, -shift)) : undefined;
    },
  };
  shiftedTypes.set(field, made);
  return made;
}

/** The number in `bytes`, shifted to the left by `shift` bits, in `length` octets. */
function shiftBytes(bytes: Uint8Array, length: number, shift: number): Uint8Array {
  const number = bytes.reduce((sum, octet) => sum * 256 + octet, 0);
  const moved = Math.floor(number * 2 ** shift);
  return Uint8Array.from({ length }, (_, i) => Math.floor(moved / 2 ** (8 * (length - 1 - i))) & 0xff);
}
