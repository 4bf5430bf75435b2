import type { ExpressionCodec } from './codec.ts';
import { type Data, readData, writeData } from './data.ts';

const NFTA_IMMEDIATE_DREG = 1;
const NFTA_IMMEDIATE_DATA = 2;

/** `accept`, `jump chain`, the 5 of `meta mark set 5`: a constant for a register, with register 0 a verdict. */
export interface Immediate {
  readonly kind: 'immediate';
  readonly register: number;
  readonly data: Data;
}

/** Codec of {@link Immediate}. */
export const immediate: ExpressionCodec<Immediate> = {
  kind: 'immediate',
  name: 'immediate',
  encode(writer, { register, data }) {
    writer.u32(NFTA_IMMEDIATE_DREG, register);
    writeData(writer, NFTA_IMMEDIATE_DATA, data);
  },
  decode(attributes) {
    return {
      kind: 'immediate',
      register: attributes.need(attributes.u32(NFTA_IMMEDIATE_DREG), 'NFTA_IMMEDIATE_DREG'),
      data: attributes.need(readData(attributes, NFTA_IMMEDIATE_DATA), 'NFTA_IMMEDIATE_DATA'),
    };
  },
};
