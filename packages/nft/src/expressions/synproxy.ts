import type { ExpressionCodec } from './codec.ts';

const NFTA_SYNPROXY_MSS = 1;
const NFTA_SYNPROXY_WSCALE = 2;
const NFTA_SYNPROXY_FLAGS = 3;

/** What the proxy tells the client of the server's options (NF_SYNPROXY_OPT_* of linux/netfilter/nf_synproxy.h). */
export const SynproxyFlag = { mss: 1, windowScale: 2, sackPermitted: 4, timestamp: 8, ecn: 16 } as const;

/** `synproxy mss 1460 wscale 7 timestamp sack-perm`: answers a SYN in the server's place. */
export interface Synproxy {
  readonly kind: 'synproxy';
  /** Octets; 0 without the flag `mss`. */
  readonly mss: number;
  /** 0 without the flag `windowScale`. */
  readonly windowScale: number;
  /** Bits of {@link SynproxyFlag}. */
  readonly flags: number;
}

/** Codec of {@link Synproxy}; a named synproxy object has the same attributes. */
export const synproxy: ExpressionCodec<Synproxy> = {
  kind: 'synproxy',
  name: 'synproxy',
  encode(writer, { mss, windowScale, flags }) {
    writer.u16(NFTA_SYNPROXY_MSS, mss);
    writer.u8(NFTA_SYNPROXY_WSCALE, windowScale);
    writer.u32(NFTA_SYNPROXY_FLAGS, flags);
  },
  decode(attributes) {
    return {
      kind: 'synproxy',
      mss: attributes.u16(NFTA_SYNPROXY_MSS) ?? 0,
      windowScale: attributes.u8(NFTA_SYNPROXY_WSCALE) ?? 0,
      flags: attributes.u32(NFTA_SYNPROXY_FLAGS) ?? 0,
    };
  },
};
