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

/** Registers of 16 octets; 0 takes a verdict, 8 to 23 are the sixteen of 4 octets that lie over 1 to 4. */
export const Register = { verdict: 0, r1: 1, r2: 2, r3: 3, r4: 4 } as const;
