import { type ExpressionCodec, readInverted, writeInverted } from './codec.ts';

const NFTA_LIMIT_RATE = 1;
const NFTA_LIMIT_UNIT = 2;
const NFTA_LIMIT_BURST = 3;
const NFTA_LIMIT_TYPE = 4;
const NFTA_LIMIT_FLAGS = 5;
const NFTA_LIMIT_PAD = 6;

/** What is counted (enum nft_limit_type). */
export const LimitType = { packets: 0, bytes: 1 } as const;

/** `limit rate 10/second burst 5 packets`, `limit rate over 1 mbytes/minute`: goes on while there is a token. */
export interface Limit {
  readonly kind: 'limit';
  /** Tokens in `unitSeconds`. */
  readonly rate: bigint;
  readonly unitSeconds: bigint;
  readonly burst: number;
  /** One of {@link LimitType}. */
  readonly type: number;
  /** `over`: the rule goes on while there is none. */
  readonly inverted: boolean;
}

/** Codec of {@link Limit}. */
export const limit: ExpressionCodec<Limit> = {
  kind: 'limit',
  name: 'limit',
  encode(writer, { rate, unitSeconds, burst, type, inverted }) {
    writer.u64(NFTA_LIMIT_RATE, rate);
    writer.u64(NFTA_LIMIT_UNIT, unitSeconds);
    writer.u32(NFTA_LIMIT_BURST, burst);
    writer.u32(NFTA_LIMIT_TYPE, type);
    writeInverted(writer, NFTA_LIMIT_FLAGS, inverted);
  },
  decode(attributes) {
    const inverted = readInverted(attributes, NFTA_LIMIT_FLAGS);
    if (inverted === undefined) return undefined;
    attributes.has(NFTA_LIMIT_PAD);
    return {
      kind: 'limit',
      rate: attributes.need(attributes.u64(NFTA_LIMIT_RATE), 'NFTA_LIMIT_RATE'),
      unitSeconds: attributes.need(attributes.u64(NFTA_LIMIT_UNIT), 'NFTA_LIMIT_UNIT'),
      burst: attributes.u32(NFTA_LIMIT_BURST) ?? 0,
      type: attributes.u32(NFTA_LIMIT_TYPE) ?? LimitType.packets,
      inverted,
    };
  },
};
