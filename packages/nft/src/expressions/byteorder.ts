import type { ExpressionCodec } from './codec.ts';

const NFTA_BYTEORDER_SREG = 1;
const NFTA_BYTEORDER_DREG = 2;
const NFTA_BYTEORDER_OP = 3;
const NFTA_BYTEORDER_LEN = 4;
const NFTA_BYTEORDER_SIZE = 5;

/** Which way (enum nft_byteorder_ops). */
export const ByteorderOperation = { ntoh: 0, hton: 1 } as const;

/** In `meta mark 1-5` and `tcp option maxseg size set rt mtu`: turns numbers from host into network order or back. */
export interface Byteorder {
  readonly kind: 'byteorder';
  readonly source: number;
  readonly destination: number;
  /** One of {@link ByteorderOperation}. */
  readonly operation: number;
  /** Octets in all. */
  readonly length: number;
  /** Octets of one number: 2, 4 or 8. */
  readonly size: number;
}

/** Codec of {@link Byteorder}. */
export const byteorder: ExpressionCodec<Byteorder> = {
  kind: 'byteorder',
  name: 'byteorder',
  encode(writer, { source, destination, operation, length, size }) {
    writer.u32(NFTA_BYTEORDER_SREG, source);
    writer.u32(NFTA_BYTEORDER_DREG, destination);
    writer.u32(NFTA_BYTEORDER_OP, operation);
    writer.u32(NFTA_BYTEORDER_LEN, length);
    writer.u32(NFTA_BYTEORDER_SIZE, size);
  },
  decode(attributes) {
    return {
      kind: 'byteorder',
      source: attributes.need(attributes.u32(NFTA_BYTEORDER_SREG), 'NFTA_BYTEORDER_SREG'),
      destination: attributes.need(attributes.u32(NFTA_BYTEORDER_DREG), 'NFTA_BYTEORDER_DREG'),
      operation: attributes.need(attributes.u32(NFTA_BYTEORDER_OP), 'NFTA_BYTEORDER_OP'),
      length: attributes.need(attributes.u32(NFTA_BYTEORDER_LEN), 'NFTA_BYTEORDER_LEN'),
      size: attributes.need(attributes.u32(NFTA_BYTEORDER_SIZE), 'NFTA_BYTEORDER_SIZE'),
    };
  },
};
