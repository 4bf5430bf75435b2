import { EncodeError } from '@router7/wire';
import { paddedLength } from '../concatenation.ts';
import { Register } from '../expressions/codec.ts';
import { DynsetOperation } from '../expressions/dynset.ts';
import type { Payload } from '../expressions/payload.ts';
import { durationMilliseconds } from './duration.ts';
import type { Field } from './field.ts';
import { fieldsOf } from './field-table.ts';
import { loadKey, registerAt, registerType } from './key-load.ts';
import { keyTypeOf, parseKeyType } from './key-type.ts';
import { isField, isMap, loadOperand } from './operand.ts';
import type { RuleContext } from './rule-context.ts';
import { compileState } from './set-definition.ts';
import type { ElementStatement, Operand } from './statement.ts';

const register = Register.r1;

/** `meta mark set 5`, `ip dscp set cs1`: writes a field. @throws EncodeError for fields that cannot be written */
export function compileSetField(context: RuleContext, name: string, value: Operand): void {
  const [field, more] = fieldsOf(name);
  if (field === undefined || more !== undefined) throw new EncodeError('bad-value', `${name} is not one field`);
  const { load } = field;
  if (load.kind === 'payload') {
    compilePayloadSet(context, field, { ...load, operation: 'set' }, value);
    return;
  }
  if (load.kind !== 'meta' && load.kind !== 'ct' && load.kind !== 'exthdr') {
    throw new EncodeError('bad-value', `${name} cannot be set`);
  }
  for (const dependency of field.needs) context.need(dependency);
  loadOperand(context, value, keyTypeOf([registerType(field)]), register);
  context.emit({ ...load, operation: 'set', register });
}

/**
 * Writes into the packet. A checksum is mended by 16 bits at a time, and bits are not written alone: where that is
 * needed, what lies around the field is read, changed and written back.
 */
function compilePayloadSet(context: RuleContext, field: Field, write: Payload, value: Operand): void {
  const { checksum } = field;
  const none = checksum === undefined || (checksum.type === 0 && checksum.flags === 0);
  // As the kernel lists it, and nft takes it: nothing is said of no checksum.
  const mended = none ? {} : { checksum };
  const { offset, length } = write;
  for (const dependency of field.needs) context.need(dependency);
  const odd = (checksum?.type ?? 0) !== 0 && length % 2 === 1;
  if (field.bits === undefined && !odd) {
    loadOperand(context, value, keyTypeOf([field.type]), register);
    context.emit({ ...write, register, ...mended });
    return;
  }
  if (isMap(value) || isField(value)) throw new EncodeError('bad-value', 'only a constant goes into such a field');
  const before = odd && offset % 2 === 1 ? 1 : 0;
  const size = odd ? length + 1 : length;
  const place = (bytes: Uint8Array, fill: number): Uint8Array => {
    const all = new Uint8Array(size).fill(fill);
    all.set(bytes, before);
    return all;
  };
  const own = field.bits?.mask ?? new Uint8Array(length).fill(0xff);
  const mask = place(
    own.map((octet) => ~octet & 0xff),
    0xff,
  );
  const xor = place(registerType(field).encode(value), 0);
  const around = { base: write.base, offset: offset - before, length: size };
  context.emit({ kind: 'payload', operation: 'load', register, ...around });
  context.emit({ kind: 'bitwise', source: register, destination: register, mask, xor });
  context.emit({ kind: 'payload', operation: 'set', register, ...around, ...mended });
}

/** `add @x { ip saddr timeout 1m limit rate over 10/second }`. @throws EncodeError */
export function compileElement(context: RuleContext, statement: ElementStatement): void {
  const { operation, set, key, data, timeout, states = [] } = statement;
  if (!Object.hasOwn(DynsetOperation, operation)) throw new EncodeError('bad-value', `${operation} @${set}`);
  const type = loadKey(context, fieldsOf(key), { shifted: true });
  // A single field has a register of 16 octets to itself, several have what they need.
  const next = registerAt(type.parts.length === 1 ? paddedTo16(type.length) : type.length);
  if (data !== undefined) {
    const dataType = context.namedSet(set)?.data ?? (isMap(data) ? data.data : undefined);
    if (dataType === undefined) throw new EncodeError('bad-value', `what the map ${set} leads to is not known`);
    loadOperand(context, data, parseKeyType(dataType), next);
  }
  context.emit({
    kind: 'dynset',
    operation: DynsetOperation[operation],
    set,
    keyRegister: register,
    ...(data !== undefined && { dataRegister: next }),
    ...(timeout !== undefined && { timeoutMilliseconds: durationMilliseconds(timeout) }),
    expressions: states.map(compileState),
    inverted: false,
  });
}

function paddedTo16(length: number): number {
  return (paddedLength(length) + 15) & ~15;
}
