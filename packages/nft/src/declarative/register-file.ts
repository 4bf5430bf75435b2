import { paddedLength } from '../concatenation.ts';
import type { Expression } from '../expression.ts';
import { BitwiseOperation } from '../expressions/bitwise.ts';
import type { NamedField } from './field-index.ts';
import { offsetOf } from './key-load.ts';
import type { MapOperand } from './statement.ts';

/** Thrown for what has no words; whoever reads a rule catches it. */
export class NoWords extends Error {
  override readonly name: string = 'NoWords';
}

/** What lies in a register while a rule is carried out. */
export type Content =
  | {
      readonly kind: 'field';
      readonly field: NamedField;
      /** What is left of it. */
      readonly mask?: Uint8Array;
      readonly xor?: Uint8Array;
      readonly ordered?: boolean;
      /** Shifted down to bit 0, as the fields of bits in named sets are. */
      readonly shifted?: boolean;
      readonly shl?: number;
      readonly shr?: number;
    }
  | { readonly kind: 'value'; readonly value: Uint8Array }
  | { readonly kind: 'map'; readonly operand: MapOperand; readonly length: number };

type FieldContent = Extract<Content, { kind: 'field' }>;

/** The registers, by the octet at which their content begins. */
export class RegisterFile {
  readonly #content: Map<number, Content> = new Map();

  /** Puts something into a register. */
  put(register: number, content: Content): void {
    this.#content.set(offsetOf(register), content);
  }

  /** What lies in a register. @throws NoWords when nothing is known of it */
  get(register: number): Content {
    const content = this.#content.get(offsetOf(register));
    if (content === undefined) throw new NoWords();
    return content;
  }

  /** The one field that lies in a register. @throws NoWords */
  field(register: number): FieldContent {
    const content = this.get(register);
    if (content.kind !== 'field') throw new NoWords();
    return content;
  }

  /** The fields that lie side by side from a register on, `length` octets in all. @throws NoWords */
  fields(register: number, length: number): FieldContent[] {
    const found: FieldContent[] = [];
    let offset = offsetOf(register);
    const end = offset + length;
    while (offset < end) {
      const content = this.#content.get(offset);
      if (content?.kind !== 'field') throw new NoWords();
      found.push(content);
      const { load, type, bits } = content.field.field;
      const size = bits === undefined ? type.length : 'length' in load ? load.length : type.length;
      // A key of one field is not filled up.
      if (found.length === 1 && size === length) return found;
      offset += paddedLength(size);
    }
    return found;
  }

  /** Carries out what a rule does with the bits of a register. @throws NoWords */
  change(expression: Extract<Expression, { kind: 'bitwise' | 'byteorder' }>): void {
    const content = this.field(expression.source);
    if (expression.source !== expression.destination) throw new NoWords();
    if (expression.kind === 'byteorder') {
      this.put(expression.destination, { ...content, ordered: true });
    } else if ('mask' in expression) {
      if (content.mask !== undefined) throw new NoWords();
      const { mask, xor } = expression;
      this.put(expression.destination, { ...content, mask, xor });
    } else if ('bits' in expression) {
      const [bits = 0, ...more] = expression.bits;
      if (more.some((octet) => octet !== 0)) throw new NoWords();
      const own = content.field.field.bits;
      if (own !== undefined && bits === own.shift && expression.operation === BitwiseOperation.rightShift) {
        this.put(expression.destination, { ...content, shifted: true });
      } else {
        const shift = expression.operation === BitwiseOperation.leftShift ? { shl: bits } : { shr: bits };
        this.put(expression.destination, { ...content, ...shift });
      }
    } else {
      throw new NoWords();
    }
  }
}
