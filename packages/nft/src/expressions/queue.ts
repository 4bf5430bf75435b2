import type { ExpressionCodec } from './codec.ts';

const NFTA_QUEUE_NUM = 1;
const NFTA_QUEUE_TOTAL = 2;
const NFTA_QUEUE_FLAGS = 3;
const NFTA_QUEUE_SREG_QNUM = 4;

/**
 * Flags of a queue (NFT_QUEUE_FLAG_*): `bypass` lets packets pass while nobody listens, `fanout` chooses the queue by
 * the processor and not by the packet.
 */
export const QueueFlag = { bypass: 1, fanout: 2 } as const;

/** `queue num 3`, `queue flags bypass,fanout to 1-4`, `queue to numgen inc mod 4`: lets a program decide. */
export interface Queue {
  readonly kind: 'queue';
  /** The first queue; absent when a register has it. */
  readonly number?: number;
  /** How many queues there are to choose from; present along with `number`. */
  readonly total?: number;
  /** The register with the queue's number. */
  readonly register?: number;
  /** Bits of {@link QueueFlag}. */
  readonly flags: number;
}

/** Codec of {@link Queue}. */
export const queue: ExpressionCodec<Queue> = {
  kind: 'queue',
  name: 'queue',
  encode(writer, { number, total, register, flags }) {
    if (number !== undefined) writer.u16(NFTA_QUEUE_NUM, number);
    if (total !== undefined) writer.u16(NFTA_QUEUE_TOTAL, total);
    if (flags !== 0) writer.u16(NFTA_QUEUE_FLAGS, flags);
    if (register !== undefined) writer.u32(NFTA_QUEUE_SREG_QNUM, register);
  },
  decode(attributes) {
    const number = attributes.u16(NFTA_QUEUE_NUM);
    const total = attributes.u16(NFTA_QUEUE_TOTAL);
    const register = attributes.u32(NFTA_QUEUE_SREG_QNUM);
    return {
      kind: 'queue',
      ...(number !== undefined && { number }),
      ...(total !== undefined && { total }),
      ...(register !== undefined && { register }),
      flags: attributes.u16(NFTA_QUEUE_FLAGS) ?? 0,
    };
  },
};
