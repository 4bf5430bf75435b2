import type { ExpressionCodec } from './codec.ts';

const NFTA_XFRM_DREG = 1;
const NFTA_XFRM_KEY = 2;
const NFTA_XFRM_DIR = 3;
const NFTA_XFRM_SPNUM = 4;

/** What is known of an IPsec transformation (enum nft_xfrm_keys). */
export const XfrmKey = { daddrIp: 1, daddrIp6: 2, saddrIp: 3, saddrIp6: 4, reqid: 5, spi: 6 } as const;
/** Which way the packet goes (XFRM_POLICY_*). */
export const XfrmDirection = { in: 0, out: 1 } as const;

/** `ipsec in ip saddr 192.0.2.1`, `ipsec out spnum 1 reqid 5`: how IPsec has or will have changed the packet. */
export interface Xfrm {
  readonly kind: 'xfrm';
  readonly register: number;
  /** One of {@link XfrmKey}. */
  readonly key: number;
  /** One of {@link XfrmDirection}. */
  readonly direction: number;
  /** Which of several transformations; `spnum`. */
  readonly index: number;
}

/** Codec of {@link Xfrm}. */
export const xfrm: ExpressionCodec<Xfrm> = {
  kind: 'xfrm',
  name: 'xfrm',
  encode(writer, { register, key, direction, index }) {
    writer.u32(NFTA_XFRM_KEY, key);
    writer.u8(NFTA_XFRM_DIR, direction);
    writer.u32(NFTA_XFRM_SPNUM, index);
    writer.u32(NFTA_XFRM_DREG, register);
  },
  decode(attributes) {
    return {
      kind: 'xfrm',
      register: attributes.need(attributes.u32(NFTA_XFRM_DREG), 'NFTA_XFRM_DREG'),
      key: attributes.need(attributes.u32(NFTA_XFRM_KEY), 'NFTA_XFRM_KEY'),
      direction: attributes.need(attributes.u8(NFTA_XFRM_DIR), 'NFTA_XFRM_DIR'),
      index: attributes.u32(NFTA_XFRM_SPNUM) ?? 0,
    };
  },
};
