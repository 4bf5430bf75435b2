import type { ExpressionCodec } from './codec.ts';

const NFTA_DUP_SREG_ADDR = 1;
const NFTA_DUP_SREG_DEV = 2;

/** `dup to 192.0.2.7 device "lan1"`, and in a table of the family netdev `dup to "lan1"`: sends a copy elsewhere. */
export interface Dup {
  readonly kind: 'dup';
  /** The register with the address of the next hop; absent in a table of the family netdev. */
  readonly addressRegister?: number;
  /** The register with the index of the interface. */
  readonly deviceRegister?: number;
}

/** Codec of {@link Dup}. */
export const dup: ExpressionCodec<Dup> = {
  kind: 'dup',
  name: 'dup',
  encode(writer, { addressRegister, deviceRegister }) {
    if (addressRegister !== undefined) writer.u32(NFTA_DUP_SREG_ADDR, addressRegister);
    if (deviceRegister !== undefined) writer.u32(NFTA_DUP_SREG_DEV, deviceRegister);
  },
  decode(attributes) {
    const addressRegister = attributes.u32(NFTA_DUP_SREG_ADDR);
    const deviceRegister = attributes.u32(NFTA_DUP_SREG_DEV);
    return {
      kind: 'dup',
      ...(addressRegister !== undefined && { addressRegister }),
      ...(deviceRegister !== undefined && { deviceRegister }),
    };
  },
};
