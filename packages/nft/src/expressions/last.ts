import type { ExpressionCodec } from './codec.ts';

const NFTA_LAST_SET = 1;
const NFTA_LAST_MSECS = 2;
const NFTA_LAST_PAD = 3;

/** `last used 5s` (nft 1.0.7 and later): remembers when a packet was here last. */
export interface Last {
  readonly kind: 'last';
  /** How long ago that was; absent: never. */
  readonly milliseconds?: bigint;
}

/** Codec of {@link Last}. */
export const last: ExpressionCodec<Last> = {
  kind: 'last',
  name: 'last',
  encode(writer, { milliseconds }) {
    if (milliseconds === undefined) return;
    writer.u64(NFTA_LAST_MSECS, milliseconds);
    writer.u32(NFTA_LAST_SET, 1);
  },
  decode(attributes) {
    attributes.has(NFTA_LAST_PAD);
    const set = attributes.u32(NFTA_LAST_SET) ?? 0;
    // The kernel sends 0 milliseconds along with "never".
    const milliseconds = attributes.u64(NFTA_LAST_MSECS) ?? 0n;
    if (set > 1 || (set === 0 && milliseconds !== 0n)) return undefined;
    return { kind: 'last', ...(set === 1 && { milliseconds }) };
  },
};
