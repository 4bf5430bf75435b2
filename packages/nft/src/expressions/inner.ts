import { Attributes } from '../attribute.ts';
import type { NestingCodec } from './codec.ts';

const NFTA_INNER_NUM = 1;
const NFTA_INNER_TYPE = 2;
const NFTA_INNER_FLAGS = 3;
const NFTA_INNER_HDRSIZE = 4;
const NFTA_INNER_EXPR = 5;

/** The tunnel (enum nft_inner_type); `unspecified` is what the nft program writes for `gre` and `gretap`. */
export const InnerType = { unspecified: 0, vxlan: 1, geneve: 2 } as const;
/** Which headers there are in the tunnel (enum nft_inner_flags); `headerSize`: the tunnel's own has a known size. */
export const InnerFlag = { headerSize: 1, link: 2, network: 4, transport: 8 } as const;

/** `vxlan ip saddr 10.0.0.1`, `geneve tcp dport 80`, `gre ip ttl 1` (nft 1.0.7 and later): looks into a tunnel. */
export interface Inner<N> {
  readonly kind: 'inner';
  /** Which of nested tunnels; the kernel knows 0. */
  readonly number: number;
  /** One of {@link InnerType}. */
  readonly type: number;
  /** Bits of {@link InnerFlag}. */
  readonly flags: number;
  /** Octets of the tunnel's header. */
  readonly headerSize: number;
  /** What is loaded of the packet inside: a payload or a meta expression. */
  readonly expression: N;
}

/** Codec of {@link Inner}, with an expression of the type `N` inside. */
export function inner<N>(): NestingCodec<Inner<N>, N> {
  return {
    kind: 'inner',
    name: 'inner',
    encode(writer, { number, type, flags, headerSize, expression }, nested) {
      writer.u32(NFTA_INNER_NUM, number);
      writer.u32(NFTA_INNER_TYPE, type);
      writer.u32(NFTA_INNER_FLAGS, flags);
      writer.u32(NFTA_INNER_HDRSIZE, headerSize);
      writer.nest(NFTA_INNER_EXPR, () => nested.write(writer, expression));
    },
    decode(attributes, nested) {
      const inside = attributes.need(attributes.attribute(NFTA_INNER_EXPR), 'NFTA_INNER_EXPR');
      return {
        kind: 'inner',
        number: attributes.need(attributes.u32(NFTA_INNER_NUM), 'NFTA_INNER_NUM'),
        type: attributes.need(attributes.u32(NFTA_INNER_TYPE), 'NFTA_INNER_TYPE'),
        flags: attributes.need(attributes.u32(NFTA_INNER_FLAGS), 'NFTA_INNER_FLAGS'),
        headerSize: attributes.need(attributes.u32(NFTA_INNER_HDRSIZE), 'NFTA_INNER_HDRSIZE'),
        expression: nested.read(new Attributes(inside.reader())),
      };
    },
  };
}
