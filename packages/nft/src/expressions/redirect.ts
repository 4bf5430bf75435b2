import type { ExpressionCodec } from './codec.ts';

const NFTA_REDIR_REG_PROTO_MIN = 1;
const NFTA_REDIR_REG_PROTO_MAX = 2;
const NFTA_REDIR_FLAGS = 3;

/** `redirect`, `redirect to :8080`: destination NAT to this host. */
export interface Redirect {
  readonly kind: 'redirect';
  /** Registers with the first and the last port. */
  readonly portMin?: number;
  readonly portMax?: number;
  /** Bits of {@link NatFlag}. */
  readonly flags: number;
}

/** Codec of {@link Redirect}. */
export const redirect: ExpressionCodec<Redirect> = {
  kind: 'redirect',
  name: 'redir',
  encode(writer, { portMin, portMax, flags }) {
    if (portMin !== undefined) writer.u32(NFTA_REDIR_REG_PROTO_MIN, portMin);
    if (portMax !== undefined) writer.u32(NFTA_REDIR_REG_PROTO_MAX, portMax);
    if (flags !== 0) writer.u32(NFTA_REDIR_FLAGS, flags);
  },
  decode(attributes) {
    const portMin = attributes.u32(NFTA_REDIR_REG_PROTO_MIN);
    const portMax = attributes.u32(NFTA_REDIR_REG_PROTO_MAX);
    return {
      kind: 'redirect',
      flags: attributes.u32(NFTA_REDIR_FLAGS) ?? 0,
      ...(portMin !== undefined && { portMin }),
      ...(portMax !== undefined && { portMax }),
    };
  },
};
