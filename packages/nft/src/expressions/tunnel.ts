import type { ExpressionCodec } from './codec.ts';

const NFTA_TUNNEL_KEY = 1;
const NFTA_TUNNEL_DREG = 2;
const NFTA_TUNNEL_MODE = 3;

/** What is known of the tunnel that a packet came by (enum nft_tunnel_keys). */
export const TunnelKey = { path: 0, id: 1 } as const;
/** Of which direction (enum nft_tunnel_mode); `none`: of any. */
export const TunnelMode = { none: 0, rx: 1, tx: 2 } as const;

/** `tunnel id 5`, `tunnel path exists` (nft 1.1.6 and later): the metadata of a collect_md tunnel. */
export interface Tunnel {
  readonly kind: 'tunnel';
  readonly register: number;
  /** One of {@link TunnelKey}. */
  readonly key: number;
  /** One of {@link TunnelMode}. */
  readonly mode: number;
}

/** Codec of {@link Tunnel}. */
export const tunnel: ExpressionCodec<Tunnel> = {
  kind: 'tunnel',
  name: 'tunnel',
  encode(writer, { register, key, mode }) {
    writer.u32(NFTA_TUNNEL_KEY, key);
    writer.u32(NFTA_TUNNEL_DREG, register);
    if (mode !== TunnelMode.none) writer.u32(NFTA_TUNNEL_MODE, mode);
  },
  decode(attributes) {
    return {
      kind: 'tunnel',
      register: attributes.need(attributes.u32(NFTA_TUNNEL_DREG), 'NFTA_TUNNEL_DREG'),
      key: attributes.need(attributes.u32(NFTA_TUNNEL_KEY), 'NFTA_TUNNEL_KEY'),
      mode: attributes.u32(NFTA_TUNNEL_MODE) ?? TunnelMode.none,
    };
  },
};
