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
/** Flags of a load (enum nft_exthdr_flags): `present` gives 1 or 0 and never ends the rule. */
export const ExthdrFlag = { present: 1 } as const;

/** `tcp option maxseg size 536` and `exthdr frag exists` (load), `tcp option maxseg size set 1452` (set). */
export interface ExthdrField {
  readonly kind: 'exthdr';
  readonly operation: 'load' | 'set';
  readonly register: number;
  /** One of {@link ExthdrHeader}. */
  readonly header: number;
  /** The number of the option, chunk or extension header. */
  readonly type: number;
  /** Octets from the start of the option. */
  readonly offset: number;
  /** Octets. */
  readonly length: number;
  /** Bits of {@link ExthdrFlag}. */
  readonly flags: number;
}

/** `reset tcp option sack-perm`: overwrites the option with NOPs. */
export interface ExthdrReset {
  readonly kind: 'exthdr';
  readonly operation: 'reset';
  /** One of {@link ExthdrHeader}; the kernel knows it for TCP options. */
  readonly header: number;
  /** The number of the option. */
  readonly type: number;
}

/** `tcp option maxseg size set rt mtu`, `ip option lsrr exists`, `sctp chunk data tsn 5`, `frag more-fragments 1`. */
export type Exthdr = ExthdrField | ExthdrReset;

/** Codec of {@link Exthdr}. */
export const exthdr: ExpressionCodec<Exthdr> = {
  kind: 'exthdr',
  name: 'exthdr',
  encode(writer, expression) {
    if (expression.operation === 'reset') {
      writer.u8(NFTA_EXTHDR_TYPE, expression.type);
      writer.u32(NFTA_EXTHDR_OP, expression.header);
      return;
    }
    const { operation, register, header, type, offset, length, flags } = expression;
    writer.u32(operation === 'set' ? NFTA_EXTHDR_SREG : NFTA_EXTHDR_DREG, register);
    writer.u8(NFTA_EXTHDR_TYPE, type);
    writer.u32(NFTA_EXTHDR_OFFSET, offset);
    writer.u32(NFTA_EXTHDR_LEN, length);
    writer.u32(NFTA_EXTHDR_OP, header);
    // The kernel knows no flags for a write; the nft program leaves them out as well.
    if (operation === 'load' || flags !== 0) writer.u32(NFTA_EXTHDR_FLAGS, flags);
  },
  decode(attributes) {
    const header = attributes.u32(NFTA_EXTHDR_OP) ?? ExthdrHeader.ipv6;
    const type = attributes.need(attributes.u8(NFTA_EXTHDR_TYPE), 'NFTA_EXTHDR_TYPE');
    const source = attributes.u32(NFTA_EXTHDR_SREG);
    const register = source ?? attributes.u32(NFTA_EXTHDR_DREG);
    const offset = attributes.u32(NFTA_EXTHDR_OFFSET);
    const length = attributes.u32(NFTA_EXTHDR_LEN);
    const flags = attributes.u32(NFTA_EXTHDR_FLAGS) ?? 0;
    if (register === undefined) {
      // The kernel lists three zeros here, which it refuses to be given.
      if ((offset ?? 0) !== 0 || (length ?? 0) !== 0 || flags !== 0) return undefined;
      return { kind: 'exthdr', operation: 'reset', header, type };
    }
    return {
      kind: 'exthdr',
      operation: source === undefined ? 'load' : 'set',
      register,
      header,
      type,
      offset: attributes.need(offset, 'NFTA_EXTHDR_OFFSET'),
      length: attributes.need(length, 'NFTA_EXTHDR_LEN'),
      flags,
    };
  },
};
