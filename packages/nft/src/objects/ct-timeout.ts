import type { ExpressionCodec } from '../expressions/codec.ts';
import { type FamilyName, familyCode, familyName } from '../family.ts';

const NFTA_CT_TIMEOUT_L3PROTO = 1;
const NFTA_CT_TIMEOUT_L4PROTO = 2;
const NFTA_CT_TIMEOUT_DATA = 3;

/** The states of TCP, in the order of {@link CtTimeout.seconds} (CTA_TIMEOUT_TCP_*). */
export const tcpTimeoutStates = [
  'syn_sent',
  'syn_recv',
  'established',
  'fin_wait',
  'close_wait',
  'last_ack',
  'time_wait',
  'close',
  'syn_sent2',
  'retrans',
  'unack',
] as const;

/** The states of UDP, in the order of {@link CtTimeout.seconds} (CTA_TIMEOUT_UDP_*). */
export const udpTimeoutStates = ['unreplied', 'replied'] as const;

/** `ct timeout t { protocol tcp; l3proto ip; policy = { established: 120 }; }`: how long connections are remembered. */
export interface CtTimeout {
  readonly kind: 'ct-timeout';
  /** That of the table when absent. */
  readonly family?: FamilyName;
  /** The transport protocol's number. */
  readonly protocol: number;
  /** For each state of the protocol ({@link tcpTimeoutStates}, {@link udpTimeoutStates}); nft writes them all. */
  readonly seconds: readonly number[];
}

/** Codec of {@link CtTimeout}. */
export const ctTimeout: ExpressionCodec<CtTimeout> = {
  kind: 'ct-timeout',
  name: 'ct timeout',
  encode(writer, { family, protocol, seconds }) {
    if (family !== undefined) writer.u16(NFTA_CT_TIMEOUT_L3PROTO, familyCode(family));
    writer.u8(NFTA_CT_TIMEOUT_L4PROTO, protocol);
    writer.nest(NFTA_CT_TIMEOUT_DATA, () => {
      seconds.forEach((value, index) => {
        writer.u32(index + 1, value);
      });
    });
  },
  decode(attributes) {
    const family = attributes.u16(NFTA_CT_TIMEOUT_L3PROTO);
    const data = attributes.nested(NFTA_CT_TIMEOUT_DATA);
    const seconds: number[] = [];
    for (const { type } of data?.list() ?? []) {
      // States that are not in their order, or not all: such an object is kept raw.
      if (type !== seconds.length + 1) return undefined;
      seconds.push(data?.u32(type) ?? 0);
    }
    return {
      kind: 'ct-timeout',
      ...(family !== undefined && { family: familyName(family) }),
      protocol: attributes.need(attributes.u8(NFTA_CT_TIMEOUT_L4PROTO), 'NFTA_CT_TIMEOUT_L4PROTO'),
      seconds,
    };
  },
};
