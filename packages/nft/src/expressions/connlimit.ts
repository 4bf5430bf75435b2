import { type ExpressionCodec, readInverted, writeInverted } from './codec.ts';

const NFTA_CONNLIMIT_COUNT = 1;
const NFTA_CONNLIMIT_FLAGS = 2;

/** `ct count 20`, `ct count over 20`: the rule goes on while there are no more connections. */
export interface Connlimit {
  readonly kind: 'connlimit';
  readonly count: number;
  /** `over`: the rule goes on when there are more. */
  readonly inverted: boolean;
}

/** Codec of {@link Connlimit}. */
export const connlimit: ExpressionCodec<Connlimit> = {
  kind: 'connlimit',
  name: 'connlimit',
  encode(writer, { count, inverted }) {
    writer.u32(NFTA_CONNLIMIT_COUNT, count);
    writeInverted(writer, NFTA_CONNLIMIT_FLAGS, inverted);
  },
  decode(attributes) {
    const inverted = readInverted(attributes, NFTA_CONNLIMIT_FLAGS);
    if (inverted === undefined) return undefined;
    const count = attributes.need(attributes.u32(NFTA_CONNLIMIT_COUNT), 'NFTA_CONNLIMIT_COUNT');
    return { kind: 'connlimit', count, inverted };
  },
};
