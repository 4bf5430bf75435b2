import type { ExpressionCodec } from './codec.ts';

const NFTA_MASQ_FLAGS = 1;
const NFTA_MASQ_REG_PROTO_MIN = 2;
const NFTA_MASQ_REG_PROTO_MAX = 3;

/** `masquerade`, `masquerade to :1024-65535 random`: source NAT to the address of the interface it leaves by. */
export interface Masquerade {
  readonly kind: 'masquerade';
  /** Bits of {@link NatFlag}. */
  readonly flags: number;
  /** Registers with the first and the last port to use. */
  readonly portMin?: number;
  readonly portMax?: number;
}

/** Codec of {@link Masquerade}. */
export const masquerade: ExpressionCodec<Masquerade> = {
  kind: 'masquerade',
  name: 'masq',
  encode(writer, { flags, portMin, portMax }) {
    if (flags !== 0) writer.u32(NFTA_MASQ_FLAGS, flags);
    if (portMin !== undefined) writer.u32(NFTA_MASQ_REG_PROTO_MIN, portMin);
    if (portMax !== undefined) writer.u32(NFTA_MASQ_REG_PROTO_MAX, portMax);
  },
  decode(attributes) {
    const portMin = attributes.u32(NFTA_MASQ_REG_PROTO_MIN);
    const portMax = attributes.u32(NFTA_MASQ_REG_PROTO_MAX);
    return {
      kind: 'masquerade',
      flags: attributes.u32(NFTA_MASQ_FLAGS) ?? 0,
      ...(portMin !== undefined && { portMin }),
      ...(portMax !== undefined && { portMax }),
    };
  },
};
