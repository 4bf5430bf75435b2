import type { ExpressionCodec } from './codec.ts';

const NFTA_FIB_DREG = 1;
const NFTA_FIB_RESULT = 2;
const NFTA_FIB_FLAGS = 3;

/** What is asked (enum nft_fib_result). */
export const FibResult = { oif: 1, oifname: 2, addrtype: 3 } as const;
/** With what the route is looked up (enum nft_fib_flags); `present` asks only whether there is one. */
export const FibFlag = { saddr: 1, daddr: 2, mark: 4, iif: 8, oif: 16, present: 32 } as const;

/** `fib saddr . iif oif missing`, `fib daddr type local`: asks the routing table. */
export interface Fib {
  readonly kind: 'fib';
  readonly register: number;
  /** One of {@link FibResult}. */
  readonly result: number;
  /** Bits of {@link FibFlag}. */
  readonly flags: number;
}

/** Codec of {@link Fib}. */
export const fib: ExpressionCodec<Fib> = {
  kind: 'fib',
  name: 'fib',
  encode(writer, { register, result, flags }) {
    writer.u32(NFTA_FIB_FLAGS, flags);
    writer.u32(NFTA_FIB_RESULT, result);
    writer.u32(NFTA_FIB_DREG, register);
  },
  decode(attributes) {
    return {
      kind: 'fib',
      register: attributes.need(attributes.u32(NFTA_FIB_DREG), 'NFTA_FIB_DREG'),
      result: attributes.need(attributes.u32(NFTA_FIB_RESULT), 'NFTA_FIB_RESULT'),
      flags: attributes.need(attributes.u32(NFTA_FIB_FLAGS), 'NFTA_FIB_FLAGS'),
    };
  },
};
