import type { ExpressionCodec } from './codec.ts';
import { readValue, writeValue } from './data.ts';

const NFTA_BITWISE_SREG = 1;
const NFTA_BITWISE_DREG = 2;
const NFTA_BITWISE_LEN = 3;
const NFTA_BITWISE_MASK = 4;
const NFTA_BITWISE_XOR = 5;
const NFTA_BITWISE_OP = 6;
const NFTA_BITWISE_DATA = 7;
const NFTA_BITWISE_SREG2 = 8;

/** What is done with the bits (enum nft_bitwise_ops); `and`, `or` and `xor` of two registers exist since Linux 6.13. */
export const BitwiseOperation = { maskXor: 0, leftShift: 1, rightShift: 2, and: 3, or: 4, xor: 5 } as const;

/** What all forms have. */
interface BitwiseRegisters {
  readonly kind: 'bitwise';
  readonly source: number;
  readonly destination: number;
}

/** `meta mark and 0xff`, `ip saddr 10.0.0.0/9`, `ct state new`: `(source & mask) ^ xor`. */
export interface BitwiseMask extends BitwiseRegisters {
  readonly operation?: typeof BitwiseOperation.maskXor;
  /** As long as `xor`. */
  readonly mask: Uint8Array;
  readonly xor: Uint8Array;
}

/** `meta mark set meta mark << 8`: shifts by so many bits. */
export interface BitwiseShift extends BitwiseRegisters {
  readonly operation: typeof BitwiseOperation.leftShift | typeof BitwiseOperation.rightShift;
  /** Octets of the operand. */
  readonly length: number;
  /** The number of bits in host byte order, as in a register. */
  readonly bits: Uint8Array;
}

/** `meta mark set meta mark or ct mark`: two operands that are known only when the packet is there. */
export interface BitwiseBoolean extends BitwiseRegisters {
  readonly operation: typeof BitwiseOperation.and | typeof BitwiseOperation.or | typeof BitwiseOperation.xor;
  /** Octets of each operand. */
  readonly length: number;
  /** The register with the second operand, or the operand itself. */
  readonly operand: number | Uint8Array;
}

/** `meta mark and 0xff`, `meta mark << 8`, `meta mark or ct mark`: works on the bits of a register. */
export type Bitwise = BitwiseMask | BitwiseShift | BitwiseBoolean;

/** Codec of {@link Bitwise}. */
export const bitwise: ExpressionCodec<Bitwise> = {
  kind: 'bitwise',
  name: 'bitwise',
  encode(writer, expression) {
    writer.u32(NFTA_BITWISE_SREG, expression.source);
    if ('operand' in expression && typeof expression.operand === 'number') {
      writer.u32(NFTA_BITWISE_SREG2, expression.operand);
    }
    writer.u32(NFTA_BITWISE_DREG, expression.destination);
    if ('mask' in expression) {
      writer.u32(NFTA_BITWISE_LEN, expression.mask.length);
      // nft 1.0.6 leaves the operation out: mask and xor is the kernel's default since the attribute exists.
      writeValue(writer, NFTA_BITWISE_MASK, expression.mask);
      writeValue(writer, NFTA_BITWISE_XOR, expression.xor);
      return;
    }
    writer.u32(NFTA_BITWISE_OP, expression.operation);
    writer.u32(NFTA_BITWISE_LEN, expression.length);
    if ('bits' in expression) writeValue(writer, NFTA_BITWISE_DATA, expression.bits);
    else if (typeof expression.operand !== 'number') writeValue(writer, NFTA_BITWISE_DATA, expression.operand);
  },
  decode(attributes) {
    const source = attributes.need(attributes.u32(NFTA_BITWISE_SREG), 'NFTA_BITWISE_SREG');
    const destination = attributes.need(attributes.u32(NFTA_BITWISE_DREG), 'NFTA_BITWISE_DREG');
    const registers = { kind: 'bitwise', source, destination } as const;
    const length = attributes.need(attributes.u32(NFTA_BITWISE_LEN), 'NFTA_BITWISE_LEN');
    const operation = attributes.u32(NFTA_BITWISE_OP) ?? BitwiseOperation.maskXor;
    switch (operation) {
      case BitwiseOperation.maskXor: {
        const mask = attributes.need(readValue(attributes, NFTA_BITWISE_MASK), 'NFTA_BITWISE_MASK');
        const xor = attributes.need(readValue(attributes, NFTA_BITWISE_XOR), 'NFTA_BITWISE_XOR');
        // The kernel refuses other lengths; here they would be lost, so they stay as they are.
        return mask.length === length && xor.length === length ? { ...registers, mask, xor } : undefined;
      }
      case BitwiseOperation.leftShift:
      case BitwiseOperation.rightShift: {
        const bits = attributes.need(readValue(attributes, NFTA_BITWISE_DATA), 'NFTA_BITWISE_DATA');
        return { ...registers, operation, length, bits };
      }
      case BitwiseOperation.and:
      case BitwiseOperation.or:
      case BitwiseOperation.xor: {
        // With a second register and a constant the latter is not asked for, so that the expression stays raw.
        const operand = attributes.u32(NFTA_BITWISE_SREG2) ?? readValue(attributes, NFTA_BITWISE_DATA);
        return { ...registers, operation, length, operand: attributes.need(operand, 'NFTA_BITWISE_SREG2') };
      }
      default:
        return undefined;
    }
  },
};
