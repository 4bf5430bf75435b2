import type { ExpressionCodec } from './codec.ts';

const NFTA_RT_DREG = 1;
const NFTA_RT_KEY = 2;

/** What is known of the packet's route (enum nft_rt_keys). */
export const RtKey = { classid: 0, nexthop4: 1, nexthop6: 2, tcpmss: 3, ipsec: 4 } as const;

/** `rt mtu`, `rt ip nexthop 192.0.2.1`: asks the packet's route. `tcpmss`, which is `rt mtu`, is in host byte order. */
export interface Rt {
  readonly kind: 'rt';
  readonly register: number;
  /** One of {@link RtKey}. */
  readonly key: number;
}

/** Codec of {@link Rt}. */
export const rt: ExpressionCodec<Rt> = {
  kind: 'rt',
  name: 'rt',
  encode(writer, { register, key }) {
    writer.u32(NFTA_RT_KEY, key);
    writer.u32(NFTA_RT_DREG, register);
  },
  decode(attributes) {
    return {
      kind: 'rt',
      register: attributes.need(attributes.u32(NFTA_RT_DREG), 'NFTA_RT_DREG'),
      key: attributes.need(attributes.u32(NFTA_RT_KEY), 'NFTA_RT_KEY'),
    };
  },
};
