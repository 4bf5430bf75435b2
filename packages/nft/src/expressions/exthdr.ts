import type { ExpressionCodec } from './codec.ts';

const NFTA_EXTHDR_DREG = 1;
const NFTA_EXTHDR_TYPE = 2;
const NFTA_EXTHDR_OFFSET = 3;
const NFTA_EXTHDR_LEN = 4;
const NFTA_EXTHDR_FLAGS = 5;
const NFTA_EXTHDR_OP = 6;
const NFTA_EXTHDR_SREG = 7;

/** Which kind of header (enum nft_exthdr_op). */
export const ExthdrHeader = { ipv6: 0, tcpOption: 1, ipv4Option: 2, sctp: 3, dccp: 4 } as const;

/** `tcp option maxseg size` (load), `tcp option maxseg size set ...` (set), `exthdr frag exists` (load, present). */
export interface Exthdr {
  readonly kind: 'exthdr';
  readonly operation: 'load' | 'set';
  readonly register: number;
  /** One of {@link ExthdrHeader}. */
  readonly header: number;
  /** The number of the option or extension header. */
  readonly type: number;
  /** Octets from the start of the option. */
  readonly offset: number;
  /** Octets. */
  readonly length: number;
  /** Bit 0: only whether it is there. */
  readonly flags: number;
}

/** Codec of {@link Exthdr}. */
export const exthdr: ExpressionCodec<Exthdr> = {
  kind: 'exthdr',
  name: 'exthdr',
  encode(writer, { operation, register, header, type, offset, length, flags }) {
    writer.u32(operation === 'set' ? NFTA_EXTHDR_SREG : NFTA_EXTHDR_DREG, register);
    writer.u8(NFTA_EXTHDR_TYPE, type);
    writer.u32(NFTA_EXTHDR_OFFSET, offset);
    writer.u32(NFTA_EXTHDR_LEN, length);
    writer.u32(NFTA_EXTHDR_OP, header);
    // The kernel knows no flags for a write; the nft program leaves them out as well.
    if (operation === 'load' || flags !== 0) writer.u32(NFTA_EXTHDR_FLAGS, flags);
  },
  decode(attributes) {
    const source = attributes.u32(NFTA_EXTHDR_SREG);
    return {
      kind: 'exthdr',
      operation: source === undefined ? 'load' : 'set',
      register: source ?? attributes.need(attributes.u32(NFTA_EXTHDR_DREG), 'NFTA_EXTHDR_DREG'),
      header: attributes.u32(NFTA_EXTHDR_OP) ?? ExthdrHeader.ipv6,
      type: attributes.need(attributes.u8(NFTA_EXTHDR_TYPE), 'NFTA_EXTHDR_TYPE'),
      offset: attributes.need(attributes.u32(NFTA_EXTHDR_OFFSET), 'NFTA_EXTHDR_OFFSET'),
      length: attributes.need(attributes.u32(NFTA_EXTHDR_LEN), 'NFTA_EXTHDR_LEN'),
      flags: attributes.u32(NFTA_EXTHDR_FLAGS) ?? 0,
    };
  },
};
