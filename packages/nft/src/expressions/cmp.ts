import type { ExpressionCodec } from './codec.ts';
import { readValue, writeValue } from './data.ts';

const NFTA_CMP_SREG = 1;
const NFTA_CMP_OP = 2;
const NFTA_CMP_DATA = 3;

/** Comparisons, as of octets in network order (enum nft_cmp_ops). */
export const CmpOperator = { eq: 0, neq: 1, lt: 2, lte: 3, gt: 4, gte: 5 } as const;

/** `tcp dport 22`, `ip ttl < 5`, `iifname != "lan0"`: compares a register; the rule ends here unless it holds. */
export interface Cmp {
  readonly kind: 'cmp';
  readonly register: number;
  /** One of {@link CmpOperator}. */
  readonly operator: number;
  /** Shorter than the register: only so many octets are compared. */
  readonly value: Uint8Array;
}

/** Codec of {@link Cmp}. */
export const cmp: ExpressionCodec<Cmp> = {
  kind: 'cmp',
  name: 'cmp',
  encode(writer, { register, operator, value }) {
    writer.u32(NFTA_CMP_SREG, register);
    writer.u32(NFTA_CMP_OP, operator);
    writeValue(writer, NFTA_CMP_DATA, value);
  },
  decode(attributes) {
    return {
      kind: 'cmp',
      register: attributes.need(attributes.u32(NFTA_CMP_SREG), 'NFTA_CMP_SREG'),
      operator: attributes.need(attributes.u32(NFTA_CMP_OP), 'NFTA_CMP_OP'),
      value: attributes.need(readValue(attributes, NFTA_CMP_DATA), 'NFTA_CMP_DATA'),
    };
  },
};
