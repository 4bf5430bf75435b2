import type { ExpressionCodec } from './codec.ts';

const NFTA_NG_DREG = 1;
const NFTA_NG_MODULUS = 2;
const NFTA_NG_TYPE = 3;
const NFTA_NG_OFFSET = 4;

/** One after the other, or by chance (enum nft_ng_types). */
export const NumgenType = { incremental: 0, random: 1 } as const;

/** `numgen inc mod 4`, `numgen random mod 4 offset 10`: a number for each packet, in host byte order. */
export interface Numgen {
  readonly kind: 'numgen';
  readonly register: number;
  /** One of {@link NumgenType}. */
  readonly type: number;
  /** How many numbers there are, the first being 0. */
  readonly modulus: number;
  /** Added to each. */
  readonly offset: number;
}

/** Codec of {@link Numgen}. */
export const numgen: ExpressionCodec<Numgen> = {
  kind: 'numgen',
  name: 'numgen',
  encode(writer, { register, type, modulus, offset }) {
    writer.u32(NFTA_NG_DREG, register);
    writer.u32(NFTA_NG_MODULUS, modulus);
    writer.u32(NFTA_NG_TYPE, type);
    writer.u32(NFTA_NG_OFFSET, offset);
  },
  decode(attributes) {
    return {
      kind: 'numgen',
      register: attributes.need(attributes.u32(NFTA_NG_DREG), 'NFTA_NG_DREG'),
      type: attributes.need(attributes.u32(NFTA_NG_TYPE), 'NFTA_NG_TYPE'),
      modulus: attributes.need(attributes.u32(NFTA_NG_MODULUS), 'NFTA_NG_MODULUS'),
      offset: attributes.u32(NFTA_NG_OFFSET) ?? 0,
    };
  },
};
