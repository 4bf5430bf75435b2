import type { ExpressionCodec } from './codec.ts';

const NFTA_REJECT_TYPE = 1;
const NFTA_REJECT_ICMP_CODE = 2;

/** What is sent back (enum nft_reject_types); `icmpx` fits both IP versions. */
export const RejectType = { icmpUnreachable: 0, tcpReset: 1, icmpxUnreachable: 2 } as const;
/** Codes of `icmpx`, translated by the kernel to those of the packet's IP version. */
export const IcmpxCode = { noRoute: 0, portUnreachable: 1, hostUnreachable: 2, adminProhibited: 3 } as const;

/** `reject`, `reject with tcp reset`, `reject with icmpx admin-prohibited`: drops it and says so. */
export interface Reject {
  readonly kind: 'reject';
  /** One of {@link RejectType}. */
  readonly type: number;
  /** The code of an ICMP or ICMPv6 unreachable message, or one of {@link IcmpxCode}; 0 with a TCP reset. */
  readonly code: number;
}

/** Codec of {@link Reject}. */
export const reject: ExpressionCodec<Reject> = {
  kind: 'reject',
  name: 'reject',
  encode(writer, { type, code }) {
    writer.u32(NFTA_REJECT_TYPE, type);
    writer.u8(NFTA_REJECT_ICMP_CODE, code);
  },
  decode(attributes) {
    return {
      kind: 'reject',
      type: attributes.need(attributes.u32(NFTA_REJECT_TYPE), 'NFTA_REJECT_TYPE'),
      code: attributes.u8(NFTA_REJECT_ICMP_CODE) ?? 0,
    };
  },
};
