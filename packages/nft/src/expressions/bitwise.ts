import type { ExpressionCodec } from './codec.ts';
import { readValue, writeValue } from './data.ts';

const NFTA_BITWISE_SREG = 1;
const NFTA_BITWISE_DREG = 2;
const NFTA_BITWISE_LEN = 3;
const NFTA_BITWISE_MASK = 4;
const NFTA_BITWISE_XOR = 5;
const NFTA_BITWISE_OP = 6;
const NFT_BITWISE_MASK_XOR = 0;

/** `... & mask ^ xor`. Shifts are kept raw. */
export interface Bitwise {
  readonly kind: 'bitwise';
  readonly source: number;
  readonly destination: number;
  /** As long as `xor`. */
  readonly mask: Uint8Array;
  readonly xor: Uint8Array;
}

/** Codec of {@link Bitwise}. */
export const bitwise: ExpressionCodec<Bitwise> = {
  kind: 'bitwise',
  name: 'bitwise',
  encode(writer, { source, destination, mask, xor }) {
    writer.u32(NFTA_BITWISE_SREG, source);
    writer.u32(NFTA_BITWISE_DREG, destination);
    writer.u32(NFTA_BITWISE_LEN, mask.length);
    // nft 1.0.6 leaves the operation out: mask and xor is the kernel's default since the attribute exists.
    writeValue(writer, NFTA_BITWISE_MASK, mask);
    writeValue(writer, NFTA_BITWISE_XOR, xor);
  },
  decode(attributes) {
    attributes.u32(NFTA_BITWISE_LEN);
    const operation = attributes.u32(NFTA_BITWISE_OP) ?? NFT_BITWISE_MASK_XOR;
    if (operation !== NFT_BITWISE_MASK_XOR) return undefined;
    return {
      kind: 'bitwise',
      source: attributes.need(attributes.u32(NFTA_BITWISE_SREG), 'NFTA_BITWISE_SREG'),
      destination: attributes.need(attributes.u32(NFTA_BITWISE_DREG), 'NFTA_BITWISE_DREG'),
      mask: attributes.need(readValue(attributes, NFTA_BITWISE_MASK), 'NFTA_BITWISE_MASK'),
      xor: attributes.need(readValue(attributes, NFTA_BITWISE_XOR), 'NFTA_BITWISE_XOR'),
    };
  },
};
