import type { Attributes, AttributeWriter } from '../attribute.ts';

/**
 * How one kind of expression is put into the attributes of NFTA_EXPR_DATA and taken out of them.
 *
 * `decode` asks for every attribute it knows; the registry keeps the expression raw when one is left over, so that
 * nothing a newer kernel says is lost.
 */
export interface ExpressionCodec<E extends { readonly kind: string }> {
  /** The discriminator in TypeScript. */
  readonly kind: E['kind'];
  /** The kernel's name, in NFTA_EXPR_NAME. */
  readonly name: string;
  encode(writer: AttributeWriter, expression: E): void;
  /** Undefined for a form of the expression that has no type here; it is kept raw then. @throws DecodeError */
  decode(attributes: Attributes): E | undefined;
}

/** An {@link ExpressionCodec} of one of the few expressions that hold others; `N` is the type of those. */
export interface NestingCodec<E extends { readonly kind: string }, N> {
  /** The discriminator in TypeScript. */
  readonly kind: E['kind'];
  /** The kernel's name, in NFTA_EXPR_NAME. */
  readonly name: string;
  encode(writer: AttributeWriter, expression: E, nested: NestedExpressions<N>): void;
  /** Undefined for a form of the expression that has no type here; it is kept raw then. @throws DecodeError */
  decode(attributes: Attributes, nested: NestedExpressions<N>): E | undefined;
}

/** How the expressions inside of one are written and read. */
export interface NestedExpressions<N> {
  /** Writes name and data of one expression. @throws EncodeError */
  write(writer: AttributeWriter, expression: N): void;
  /** Reads one expression from its name and data. @throws DecodeError */
  read(attributes: Attributes): N;
}

/**
 * Registers of 16 octets; 0 takes a verdict, 8 to 23 are the sixteen of 4 octets that lie over 1 to 4. The kernel lists
 * 8, 12, 16 and 20 as the 1, 2, 3 and 4 that begin there.
 */
export const Register = { verdict: 0, r1: 1, r2: 2, r3: 3, r4: 4 } as const;

/** Bit 0 of the flags of several expressions: the opposite (NFT_LOOKUP_F_INV, NFT_LIMIT_F_INV and others). */
const INVERTED = 1;

/** Writes flags of which only the bit for the opposite exists. */
export function writeInverted(writer: AttributeWriter, type: number, inverted: boolean): void {
  writer.u32(type, inverted ? INVERTED : 0);
}

/** Reads such flags; undefined when there are bits that have no meaning yet. @throws DecodeError */
export function readInverted(attributes: Attributes, type: number): boolean | undefined {
  const flags = attributes.u32(type) ?? 0;
  return (flags & ~INVERTED) === 0 ? flags === INVERTED : undefined;
}
