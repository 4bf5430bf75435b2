import { ByteWriter } from '@router7/wire';
import { AttributeWriter } from '../attribute.ts';
import { type Expression, writeExpression } from '../expression.ts';
import { LogLevel } from '../expressions/log.ts';
import { NatFlag } from '../expressions/nat.ts';
import type { SetElement } from '../set-elements.ts';

/** What an anonymous set holds, as a text that is the same for all sets of the same content; by its name. */
export type AnonymousContent = (set: string) => string | undefined;

/** A text with a character for each octet. */
export function octets(bytes: Uint8Array): string {
  if (bytes.length === 4) {
    return String.fromCharCode(bytes[0] as number, bytes[1] as number, bytes[2] as number, bytes[3] as number);
  }
  let text = '';
  for (const octet of bytes) text += String.fromCharCode(octet);
  return text;
}

/**
 * A text that two rows of expressions have in common when they do the same: without what has been counted, without what
 * the kernel adds when it lists them, and with the content of anonymous sets in place of their names.
 */
export function expressionsKey(expressions: readonly Expression[], content: AnonymousContent): string {
  const writer = new ByteWriter(256);
  const attributes = new AttributeWriter(writer);
  let anonymous = '';
  for (const expression of expressions) {
    const plain = canonical(expression);
    if ('set' in plain) {
      const held = content(plain.set);
      if (held !== undefined) anonymous += `\u{100}${held}`;
      writeExpression(attributes, held === undefined ? plain : { ...plain, set: '' });
    } else {
      writeExpression(attributes, plain);
    }
  }
  return octets(writer.finish()) + anonymous;
}

/** An expression without its state and without what is only the kernel's way to say the same. */
export function canonical(expression: Expression): Expression {
  switch (expression.kind) {
    case 'counter':
      return { kind: 'counter', packets: 0n, bytes: 0n };
    case 'quota':
      return { kind: 'quota', bytes: expression.bytes, consumed: 0n, inverted: expression.inverted };
    case 'last':
      return { kind: 'last' };
    case 'lookup': {
      const { setId: _, ...rest } = expression;
      return rest;
    }
    case 'objref': {
      if ('name' in expression) return expression;
      const { setId: _, ...rest } = expression;
      return rest;
    }
    case 'dynset': {
      const { setId: _, expressions, ...rest } = expression;
      return { ...rest, expressions: expressions.map(canonical) };
    }
    case 'log':
      return canonicalLog(expression);
    case 'nat':
    case 'masquerade':
    case 'redirect':
      return canonicalNat(expression);
    case 'queue':
      return expression.number === undefined ? expression : { ...expression, total: expression.total ?? 1 };
    default:
      return expression;
  }
}

/** The kernel tells a level where none was given, and no flags where there are none. */
function canonicalLog(expression: Extract<Expression, { kind: 'log' }>): Expression {
  const { level, flags, snaplen, queueThreshold, ...rest } = expression;
  return {
    ...rest,
    ...(rest.group === undefined && { level: level ?? LogLevel.warn }),
    ...((flags ?? 0) !== 0 && { flags: flags ?? 0 }),
    ...((snaplen ?? 0) !== 0 && { snaplen: snaplen ?? 0 }),
    ...((queueThreshold ?? 0) !== 0 && { queueThreshold: queueThreshold ?? 0 }),
  };
}

/** The kernel tells the upper ends where they are the lower ones, and flags for what the registers say already. */
function canonicalNat(expression: Extract<Expression, { kind: 'nat' | 'masquerade' | 'redirect' }>): Expression {
  const { portMax, portMin, flags, ...rest } = expression;
  let implied = portMin === undefined ? 0 : NatFlag.protoSpecified;
  const ports = {
    ...(portMin !== undefined && { portMin }),
    ...(portMax !== undefined && portMax !== portMin && { portMax }),
  };
  if (rest.kind !== 'nat') return { ...rest, ...ports, flags: flags & ~implied };
  const { addressMax, ...nat } = rest;
  if (nat.addressMin !== undefined) implied |= NatFlag.mapIps;
  const upper = addressMax !== undefined && addressMax !== nat.addressMin ? { addressMax } : {};
  return { ...nat, ...upper, ...ports, flags: flags & ~implied };
}

/** What tells an element from all others of its set. */
export function elementKey({ key, keyEnd, flags = 0 }: SetElement): string {
  const end = keyEnd === undefined ? '' : `\u{100}${octets(keyEnd)}`;
  return String.fromCharCode(flags) + (key === undefined ? '' : octets(key)) + end;
}

/** What an element leads to and says of itself, without what it has counted and how long it still stays. */
export function elementValue({ data, object, comment, timeoutMilliseconds }: SetElement): string {
  if (data === undefined && object === undefined && comment === undefined && timeoutMilliseconds === undefined)
    return '';
  const verdict = data !== undefined && 'verdict' in data ? `${data.verdict.code} ${data.verdict.chain ?? ''}` : '';
  const value = data !== undefined && 'value' in data ? octets(data.value) : '';
  return [verdict, value, object ?? '', comment ?? '', timeoutMilliseconds ?? ''].join('\u{101}');
}

/** The content of an anonymous set: its kind, and its elements in any order. */
export function contentKey(
  set: { readonly flags: number; readonly keyType: number; readonly keyLength: number; readonly dataType?: number },
  elements: readonly SetElement[],
): string {
  const each = elements.map((element) => `${elementKey(element)}\u{102}${elementValue(element)}`).toSorted();
  return [set.flags, set.keyType, set.keyLength, set.dataType ?? '', ...each].join('\u{103}');
}

/** Names that an expression refers to. */
export interface Reference {
  readonly kind: 'chain' | 'set' | 'object' | 'flowtable';
  readonly name: string;
}

/** What a rule refers to; undefined when one of its expressions cannot be looked into. */
export function references(expressions: readonly Expression[]): Reference[] | undefined {
  const found: Reference[] = [];
  for (const expression of expressions) {
    if (expression.kind === 'raw') return undefined;
    if (expression.kind === 'immediate' && 'verdict' in expression.data) {
      const { chain } = expression.data.verdict;
      if (chain !== undefined) found.push({ kind: 'chain', name: chain });
    } else if (expression.kind === 'flowOffload') {
      found.push({ kind: 'flowtable', name: expression.flowtable });
    } else if (expression.kind === 'objref' && 'name' in expression) {
      found.push({ kind: 'object', name: `${expression.type} ${expression.name}` });
    } else if ('set' in expression) {
      found.push({ kind: 'set', name: expression.set });
    }
  }
  return found;
}

/** What an element refers to. */
export function elementReference({ data, object }: SetElement, objectType: number | undefined): Reference | undefined {
  if (object !== undefined) return { kind: 'object', name: `${objectType} ${object}` };
  if (data === undefined || !('verdict' in data) || data.verdict.chain === undefined) return undefined;
  return { kind: 'chain', name: data.verdict.chain };
}
