import type { ExpressionCodec } from './codec.ts';

const NFTA_QUOTA_BYTES = 1;
const NFTA_QUOTA_FLAGS = 2;
const NFTA_QUOTA_PAD = 3;
const NFTA_QUOTA_CONSUMED = 4;
const NFT_QUOTA_F_INV = 1;
const NFT_QUOTA_F_DEPLETED = 2;

/** `quota 25 mbytes`, `quota over 1 gbytes used 5 bytes`: the rule goes on until so many octets have passed. */
export interface Quota {
  readonly kind: 'quota';
  readonly bytes: bigint;
  /** Octets that have passed already. */
  readonly consumed: bigint;
  /** `over`: the rule goes on after so many octets. */
  readonly inverted: boolean;
  /** True once it is used up; only read: the kernel finds out by itself and refuses to be told. */
  readonly depleted?: boolean;
}

/** Codec of {@link Quota}; a named quota object has the same attributes. */
export const quota: ExpressionCodec<Quota> = {
  kind: 'quota',
  name: 'quota',
  encode(writer, { bytes, consumed, inverted }) {
    writer.u64(NFTA_QUOTA_BYTES, bytes);
    writer.u64(NFTA_QUOTA_CONSUMED, consumed);
    writer.u32(NFTA_QUOTA_FLAGS, inverted ? NFT_QUOTA_F_INV : 0);
  },
  decode(attributes) {
    attributes.has(NFTA_QUOTA_PAD);
    const flags = attributes.u32(NFTA_QUOTA_FLAGS) ?? 0;
    if ((flags & ~(NFT_QUOTA_F_INV | NFT_QUOTA_F_DEPLETED)) !== 0) return undefined;
    return {
      kind: 'quota',
      bytes: attributes.need(attributes.u64(NFTA_QUOTA_BYTES), 'NFTA_QUOTA_BYTES'),
      consumed: attributes.u64(NFTA_QUOTA_CONSUMED) ?? 0n,
      inverted: (flags & NFT_QUOTA_F_INV) !== 0,
      ...((flags & NFT_QUOTA_F_DEPLETED) !== 0 && { depleted: true }),
    };
  },
};
