import { CmpOperator, CtKey, type Expression, MetaKey, PayloadBase, VerdictCode } from '@router7/nft';
import { fromHex } from '@router7/wire';

/** `meta KEY`. */
export function metaLoad(key: keyof typeof MetaKey, register: number = 1): Expression {
  return { kind: 'meta', operation: 'load', key: MetaKey[key], register };
}

/** `meta KEY set`. */
export function metaSet(key: keyof typeof MetaKey, register: number = 1): Expression {
  return { kind: 'meta', operation: 'set', key: MetaKey[key], register };
}

/** `ct KEY`; direction 0 is `original`. */
export function ctLoad(key: keyof typeof CtKey, register: number = 1, direction?: number): Expression {
  return { kind: 'ct', operation: 'load', key: CtKey[key], register, ...(direction !== undefined && { direction }) };
}

/** `ct KEY set`; direction 0 is `original`. */
export function ctSet(key: keyof typeof CtKey, register: number = 1, direction?: number): Expression {
  return { kind: 'ct', operation: 'set', key: CtKey[key], register, ...(direction !== undefined && { direction }) };
}

/** Octets of a header. */
export function load(base: keyof typeof PayloadBase, offset: number, length: number, register: number = 1): Expression {
  return { kind: 'payload', operation: 'load', base: PayloadBase[base], offset, length, register };
}

/** Compares with octets in hexadecimal digits. */
export function cmp(operator: keyof typeof CmpOperator, digits: string, register: number = 1): Expression {
  return { kind: 'cmp', operator: CmpOperator[operator], value: fromHex(digits), register };
}

/** Octets for a register, in hexadecimal digits. */
export function constant(digits: string, register: number = 1): Expression {
  return { kind: 'immediate', register, data: { value: fromHex(digits) } };
}

/** `accept`. */
export const accept: Expression = { kind: 'immediate', register: 0, data: { verdict: { code: VerdictCode.accept } } };
/** `drop`. */
export const drop: Expression = { kind: 'immediate', register: 0, data: { verdict: { code: VerdictCode.drop } } };
