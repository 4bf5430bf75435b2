import type { ExpressionCodec } from './codec.ts';

const NFTA_CT_DREG = 1;
const NFTA_CT_KEY = 2;
const NFTA_CT_DIRECTION = 3;
const NFTA_CT_SREG = 4;

/** What connection tracking knows (enum nft_ct_keys). */
export const CtKey = {
  state: 0,
  direction: 1,
  status: 2,
  mark: 3,
  secmark: 4,
  expiration: 5,
  helper: 6,
  l3proto: 7,
  src: 8,
  dst: 9,
  protocol: 10,
  protoSrc: 11,
  protoDst: 12,
  labels: 13,
  packets: 14,
  bytes: 15,
  avgpkt: 16,
  zone: 17,
  eventmask: 18,
  srcIp: 19,
  dstIp: 20,
  srcIp6: 21,
  dstIp6: 22,
  id: 23,
} as const;

/** `ct state new`, `ct original ip saddr 10.0.0.1` (load), `ct mark set 7`, `ct zone set 5`, `ct label set 3` (set). */
export interface Ct {
  readonly kind: 'ct';
  readonly operation: 'load' | 'set';
  /** One of {@link CtKey}, or a number of a newer kernel. */
  readonly key: number;
  /** Where `load` puts it and `set` takes it from. */
  readonly register: number;
  /** For what both directions have: 0 original, 1 reply. */
  readonly direction?: number;
}

/** Codec of {@link Ct}. */
export const ct: ExpressionCodec<Ct> = {
  kind: 'ct',
  name: 'ct',
  encode(writer, { operation, key, register, direction }) {
    writer.u32(NFTA_CT_KEY, key);
    if (operation === 'load') writer.u32(NFTA_CT_DREG, register);
    if (direction !== undefined) writer.u8(NFTA_CT_DIRECTION, direction);
    if (operation === 'set') writer.u32(NFTA_CT_SREG, register);
  },
  decode(attributes) {
    const source = attributes.u32(NFTA_CT_SREG);
    const direction = attributes.u8(NFTA_CT_DIRECTION);
    return {
      kind: 'ct',
      operation: source === undefined ? 'load' : 'set',
      key: attributes.need(attributes.u32(NFTA_CT_KEY), 'NFTA_CT_KEY'),
      register: source ?? attributes.need(attributes.u32(NFTA_CT_DREG), 'NFTA_CT_DREG'),
      ...(direction !== undefined && { direction }),
    };
  },
};
