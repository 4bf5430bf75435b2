import { EncodeError } from '@router7/wire';
import { type Bitwise, BitwiseOperation } from '../expressions/bitwise.ts';
import { addAnonymousMap } from './anonymous-set.ts';
import { fieldsOf } from './field-table.ts';
import { loadKey, loadOnly } from './key-load.ts';
import { isHostNumber, type KeyType, spanOfKey } from './key-type.ts';
import { type MapData, parseMapData } from './map-data.ts';
import { emitMaskOf } from './mask.ts';
import type { RuleContext } from './rule-context.ts';
import type { FieldOperand, MapOperand, Operand } from './statement.ts';
import type { ValueType } from './value-type.ts';

/** Whether an operand is what a map leads to. */
export function isMap(operand: unknown): operand is MapOperand {
  return typeof operand === 'object' && operand !== null && Object.hasOwn(operand, 'map');
}

/** Whether an operand is a field of the packet. */
export function isField(operand: unknown): operand is FieldOperand {
  return typeof operand === 'object' && operand !== null && Object.hasOwn(operand, 'field');
}

/** Puts a value of a type into a register. @throws EncodeError */
export function loadOperand(context: RuleContext, operand: Operand, type: KeyType, register: number): void {
  if (isMap(operand)) {
    loadMap(context, operand, { kind: 'values', type }, register);
  } else if (isField(operand)) {
    loadFieldOperand(context, operand, type, register);
  } else {
    const { from, to } = spanOfKey(type, operand, false);
    if (from.some((octet, index) => octet !== to[index])) {
      throw new EncodeError('bad-value', `${operand} is more than one value`);
    }
    context.emit({ kind: 'immediate', register, data: { value: from } });
  }
}

/** Looks a key up and puts what the map leads to into a register; 0 for a verdict. @throws EncodeError */
export function loadMap(context: RuleContext, { key, of, map }: MapOperand, data: MapData, destination: number): void {
  const fields = fieldsOf(key);
  for (const { needs } of fields) for (const dependency of needs) context.need(dependency);
  const source = destination === 0 ? 1 : destination;
  if (typeof map === 'string') {
    loadOnly(context, fields, { register: source, shifted: true, ordered: context.namedSet(map)?.ordered ?? false });
    if (of !== undefined) emitMaskOf(context, fields, of, source);
    context.emit({ kind: 'lookup', set: map, source, destination, inverted: false });
    return;
  }
  const { set, type } = addAnonymousMap(context, fields, map, data);
  loadOnly(context, fields, { register: source, ordered: type.ordered });
  if (of !== undefined) emitMaskOf(context, fields, of, source);
  const setId = set.id ?? 0;
  context.emit({ kind: 'lookup', set: set.name, setId, source, destination, inverted: false });
}

/** The type of what a map leads to, as far as that is known: by the operand, by the table, or by `guess`. */
export function mapDataOf(context: RuleContext, { map, data }: MapOperand, guess: (value: string) => string): MapData {
  if (data !== undefined) return parseMapData(data);
  if (typeof map !== 'string') return parseMapData(guess(String(Object.values(map)[0] ?? '')));
  const known = context.namedSet(map)?.data;
  if (known === undefined)
    throw new EncodeError('bad-value', `what the map ${map} leads to is not known: give \`data\``);
  return parseMapData(known);
}

/** Puts a field of the packet into a register and works on its bits. @throws EncodeError */
function loadFieldOperand(context: RuleContext, operand: FieldOperand, type: KeyType, register: number): void {
  const fields = fieldsOf(operand.field);
  const loaded = loadKey(context, fields, { register, shifted: true });
  if (loaded.length !== type.length) {
    throw new EncodeError('bad-value', `${operand.field} has ${loaded.length} octets where ${type.length} are set`);
  }
  const [field] = fields;
  const [target] = type.parts;
  if (field === undefined || target === undefined) return;
  const { and, or, xor, shl, shr } = operand;
  if (and !== undefined || or !== undefined || xor !== undefined) {
    context.emit(maskOf(target, register, operand));
  }
  for (const [bits, operation] of [
    [shl, BitwiseOperation.leftShift],
    [shr, BitwiseOperation.rightShift],
  ] as const) {
    if (bits === undefined) continue;
    const count = Uint8Array.of(bits, 0, 0, 0);
    const registers = { source: register, destination: register };
    context.emit({ kind: 'bitwise', ...registers, operation, length: type.length, bits: count });
  }
  if (isHostNumber(field.type) !== isHostNumber(target) && target.length > 1) {
    throw new EncodeError('bad-value', `${operand.field} lies in another byte order than what is set`);
  }
}

/** `and`, `or` and `xor` as the one mask and the one xor that the kernel has. */
function maskOf(
  type: ValueType,
  register: number,
  { and, or, xor }: Pick<FieldOperand, 'and' | 'or' | 'xor'>,
): Bitwise {
  const ones = new Uint8Array(type.length).fill(0xff);
  const zeros = new Uint8Array(type.length);
  const [ands, ors] = [and === undefined ? ones : type.encode(and), or === undefined ? zeros : type.encode(or)];
  const flips = xor === undefined ? zeros : type.encode(xor);
  const mask = ands.map((octet, i) => octet & ~(ors[i] as number));
  const flip = ors.map((octet, i) => octet ^ (flips[i] as number));
  return { kind: 'bitwise', source: register, destination: register, mask, xor: flip };
}
