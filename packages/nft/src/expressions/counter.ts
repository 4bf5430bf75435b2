import type { ExpressionCodec } from './codec.ts';

const NFTA_COUNTER_BYTES = 1;
const NFTA_COUNTER_PACKETS = 2;
const NFTA_COUNTER_PAD = 3;

/** `counter`, `counter packets 3 bytes 260`: a counter of the rule's own. */
export interface Counter {
  readonly kind: 'counter';
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** Codec of {@link Counter}; a named counter object has the same attributes. */
export const counter: ExpressionCodec<Counter> = {
  kind: 'counter',
  name: 'counter',
  encode(writer, { packets, bytes }) {
    if (bytes !== 0n) writer.u64(NFTA_COUNTER_BYTES, bytes);
    if (packets !== 0n) writer.u64(NFTA_COUNTER_PACKETS, packets);
  },
  decode(attributes) {
    attributes.has(NFTA_COUNTER_PAD);
    return {
      kind: 'counter',
      packets: attributes.u64(NFTA_COUNTER_PACKETS) ?? 0n,
      bytes: attributes.u64(NFTA_COUNTER_BYTES) ?? 0n,
    };
  },
};
