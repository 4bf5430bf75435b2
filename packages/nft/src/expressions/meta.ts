import type { ExpressionCodec } from './codec.ts';

const NFTA_META_DREG = 1;
const NFTA_META_KEY = 2;
const NFTA_META_SREG = 3;

/** What can be known or set about a packet beside its octets (enum nft_meta_keys). */
export const MetaKey = {
  len: 0,
  protocol: 1,
  priority: 2,
  mark: 3,
  iif: 4,
  oif: 5,
  iifname: 6,
  oifname: 7,
  iiftype: 8,
  oiftype: 9,
  skuid: 10,
  skgid: 11,
  nftrace: 12,
  rtclassid: 13,
  secmark: 14,
  nfproto: 15,
  l4proto: 16,
  ibrname: 17,
  obrname: 18,
  pkttype: 19,
  cpu: 20,
  iifgroup: 21,
  oifgroup: 22,
  cgroup: 23,
  random: 24,
  secpath: 25,
  iifkind: 26,
  oifkind: 27,
  ibrpvid: 28,
  ibrvproto: 29,
  time: 30,
  day: 31,
  hour: 32,
  sdif: 33,
  sdifname: 34,
  broute: 35,
  ibrhwaddr: 37,
} as const;

/** `iifname "lan0"`, `meta l4proto tcp` (load), `meta mark set 5`, `meta nftrace set 1` (set). */
export interface Meta {
  readonly kind: 'meta';
  readonly operation: 'load' | 'set';
  /** One of {@link MetaKey}, or a number of a newer kernel. */
  readonly key: number;
  /** Where `load` puts it and `set` takes it from. */
  readonly register: number;
}

/** Codec of {@link Meta}. */
export const meta: ExpressionCodec<Meta> = {
  kind: 'meta',
  name: 'meta',
  encode(writer, { operation, key, register }) {
    writer.u32(NFTA_META_KEY, key);
    writer.u32(operation === 'load' ? NFTA_META_DREG : NFTA_META_SREG, register);
  },
  decode(attributes) {
    const source = attributes.u32(NFTA_META_SREG);
    return {
      kind: 'meta',
      operation: source === undefined ? 'load' : 'set',
      key: attributes.need(attributes.u32(NFTA_META_KEY), 'NFTA_META_KEY'),
      register: source ?? attributes.need(attributes.u32(NFTA_META_DREG), 'NFTA_META_DREG'),
    };
  },
};
