import { type ExpressionCodec, readInverted, writeInverted } from './codec.ts';

const NFTA_LOOKUP_SET = 1;
const NFTA_LOOKUP_SREG = 2;
const NFTA_LOOKUP_DREG = 3;
const NFTA_LOOKUP_SET_ID = 4;
const NFTA_LOOKUP_FLAGS = 5;

/** `ip saddr @set`, `tcp dport { 22, 80-90 }`; with a destination `ip saddr map @m`, `tcp dport vmap { 22 : drop }`. */
export interface Lookup {
  readonly kind: 'lookup';
  readonly set: string;
  /** The set's number within the transaction, for one that is made in it. */
  readonly setId?: number;
  readonly source: number;
  /** Where a map's data goes; 0 for a verdict. */
  readonly destination?: number;
  /** `!=`: the rule goes on when the key is not in the set. */
  readonly inverted: boolean;
}

/** Codec of {@link Lookup}. */
export const lookup: ExpressionCodec<Lookup> = {
  kind: 'lookup',
  name: 'lookup',
  encode(writer, { set, setId, source, destination, inverted }) {
    writer.u32(NFTA_LOOKUP_SREG, source);
    if (destination !== undefined) writer.u32(NFTA_LOOKUP_DREG, destination);
    writer.string(NFTA_LOOKUP_SET, set);
    if (setId !== undefined) writer.u32(NFTA_LOOKUP_SET_ID, setId);
    if (inverted) writeInverted(writer, NFTA_LOOKUP_FLAGS, inverted);
  },
  decode(attributes) {
    const inverted = readInverted(attributes, NFTA_LOOKUP_FLAGS);
    if (inverted === undefined) return undefined;
    const setId = attributes.u32(NFTA_LOOKUP_SET_ID);
    const destination = attributes.u32(NFTA_LOOKUP_DREG);
    return {
      kind: 'lookup',
      set: attributes.need(attributes.string(NFTA_LOOKUP_SET), 'NFTA_LOOKUP_SET'),
      ...(setId !== undefined && { setId }),
      source: attributes.need(attributes.u32(NFTA_LOOKUP_SREG), 'NFTA_LOOKUP_SREG'),
      ...(destination !== undefined && { destination }),
      inverted,
    };
  },
};
