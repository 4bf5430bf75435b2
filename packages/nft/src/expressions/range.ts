import type { ExpressionCodec } from './codec.ts';
import { readValue, writeValue } from './data.ts';

const NFTA_RANGE_SREG = 1;
const NFTA_RANGE_OP = 2;
const NFTA_RANGE_FROM_DATA = 3;
const NFTA_RANGE_TO_DATA = 4;

/** Inside or outside (enum nft_range_ops). */
export const RangeOperator = { eq: 0, neq: 1 } as const;

/** `tcp dport != 8040-8060`: outside of a range; for `tcp dport 8040-8060` the nft program writes two {@link Cmp}. */
export interface Range {
  readonly kind: 'range';
  readonly register: number;
  /** One of {@link RangeOperator}. */
  readonly operator: number;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** Codec of {@link Range}. */
export const range: ExpressionCodec<Range> = {
  kind: 'range',
  name: 'range',
  encode(writer, { register, operator, from, to }) {
    writer.u32(NFTA_RANGE_SREG, register);
    writer.u32(NFTA_RANGE_OP, operator);
    writeValue(writer, NFTA_RANGE_FROM_DATA, from);
    writeValue(writer, NFTA_RANGE_TO_DATA, to);
  },
  decode(attributes) {
    return {
      kind: 'range',
      register: attributes.need(attributes.u32(NFTA_RANGE_SREG), 'NFTA_RANGE_SREG'),
      operator: attributes.need(attributes.u32(NFTA_RANGE_OP), 'NFTA_RANGE_OP'),
      from: attributes.need(readValue(attributes, NFTA_RANGE_FROM_DATA), 'NFTA_RANGE_FROM_DATA'),
      to: attributes.need(readValue(attributes, NFTA_RANGE_TO_DATA), 'NFTA_RANGE_TO_DATA'),
    };
  },
};
