import { decodeUtf8, Ipv4Address, Ipv6Address } from '@router7/wire';
import { type Cmp, CmpOperator } from '../expressions/cmp.ts';
import { registerType } from './key-load.ts';
import { isHostNumber, maskBytes, textOfSpan } from './key-type.ts';
import type { Condition, Positive } from './match.ts';
import { type Content, NoWords } from './register-file.ts';
import type { Scalar, ValueType } from './value.ts';

type FieldContent = Extract<Content, { kind: 'field' }>;

const comparisons: { readonly [operator: number]: 'lt' | 'gt' | 'lte' | 'gte' } = {
  [CmpOperator.lt]: 'lt',
  [CmpOperator.gt]: 'gt',
  [CmpOperator.lte]: 'lte',
  [CmpOperator.gte]: 'gte',
};

/** The condition that a comparison makes. @throws NoWords */
export function readComparison(content: FieldContent, { operator, value }: Cmp): Condition {
  const { field } = content.field;
  const type = registerType(field);
  const inverted = operator === CmpOperator.neq;
  const not = (positive: Positive): Condition => (inverted ? { not: positive } : positive);
  if (operator !== CmpOperator.eq && !inverted) {
    const word = comparisons[operator];
    if (word === undefined || content.mask !== undefined) throw new NoWords();
    return { [word]: readValue(type, inOrder(content, value)) };
  }
  if (content.xor?.some((octet) => octet !== 0)) throw new NoWords();
  if (content.mask !== undefined) return readMasked(type, content.mask, value, inverted);
  if (type.name === 'ifname' && value.length < type.length) return not(`${decodeUtf8(value)}*`);
  if (value.length < type.length) return not(prefixText(type, value));
  if (!type.bits) return not(readValue(type, value));
  const bits = bitsOf(type, value);
  if (!inverted) return { exactly: bits.length === 1 ? (bits[0] as Scalar) : bits };
  return bits.length === 1 ? { not: bits[0] as Scalar } : { not: { exactly: bits } };
}

function readMasked(type: ValueType, mask: Uint8Array, value: Uint8Array, inverted: boolean): Condition {
  const not = (positive: Positive): Condition => (inverted ? { not: positive } : positive);
  const isZero = value.every((octet) => octet === 0);
  if (type.bits && isZero) {
    const bits = bitsOf(type, mask);
    if (!inverted) return { not: bits };
    return bits.length === 1 ? (bits[0] as Scalar) : bits;
  }
  const length = mask.reduce((sum, octet) => sum + (octet === 0 ? 0 : 8 - Math.clz32(~(octet << 24))), 0);
  const bits = prefixLength(mask) ?? length;
  const isPrefix = String(maskBytes(bits, mask.length)) === String(mask);
  if (isPrefix && (type.name === 'ipv4_addr' || type.name === 'ipv6_addr')) return not(`${type.decode(value)}/${bits}`);
  const one = (list: Scalar[]): Scalar | Scalar[] => (list.length === 1 ? (list[0] as Scalar) : list);
  if (type.bits) return not({ bits: one(bitsOf(type, value)), of: one(bitsOf(type, mask)) });
  return not({ bits: readValue(type, value), of: readValue(type, mask) });
}

function prefixLength(mask: Uint8Array): number | undefined {
  for (let bits = 0; bits <= 8 * mask.length; bits++) {
    if (String(maskBytes(bits, mask.length)) === String(mask)) return bits;
  }
  return undefined;
}

function prefixText(type: ValueType, value: Uint8Array): string {
  const whole = new Uint8Array(type.length);
  whole.set(value);
  if (type.name === 'ipv4_addr') return `${Ipv4Address.fromBytes(whole)}/${8 * value.length}`;
  if (type.name === 'ipv6_addr') return `${Ipv6Address.fromBytes(whole)}/${8 * value.length}`;
  throw new NoWords();
}

/** A range, between two comparisons or as the kernel's own. @throws NoWords */
export function readRange(content: FieldContent, from: Uint8Array, to: Uint8Array): Scalar {
  if (content.mask !== undefined && content.field.field.bits === undefined) throw new NoWords();
  return textOfSpan(registerType(content.field.field), inOrder(content, from), inOrder(content, to));
}

/** Octets as they lie in the register before they are turned for a comparison. */
function inOrder(content: FieldContent, bytes: Uint8Array): Uint8Array {
  const turned = content.ordered === true && isHostNumber(content.field.field.type);
  if (!turned && isHostNumber(content.field.field.type) && bytes.length > 1) throw new NoWords();
  return turned ? bytes.toReversed() : bytes;
}

/** A value of a type. @throws NoWords */
export function readValue(type: ValueType, value: Uint8Array): Scalar {
  const text = type.decode(value);
  if (text === undefined) throw new NoWords();
  return text;
}

/** The bits that are set, each by its name. @throws NoWords */
export function bitsOf(type: ValueType, value: Uint8Array): Scalar[] {
  const found: Scalar[] = [];
  for (let index = 0; index < value.length; index++) {
    for (let bit = 0; bit < 8; bit++) {
      if (((value[index] as number) & (1 << bit)) === 0) continue;
      const alone = new Uint8Array(value.length);
      alone[index] = 1 << bit;
      found.push(readValue(type, alone));
    }
  }
  return found;
}
