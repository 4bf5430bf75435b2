import type { ExpressionCodec } from './codec.ts';

const NFTA_FWD_SREG_DEV = 1;
const NFTA_FWD_SREG_ADDR = 2;
const NFTA_FWD_NFPROTO = 3;

/** `fwd to "lan1"`, `fwd ip to 192.0.2.7 device "lan1"` in a table of the family netdev: sends the packet elsewhere. */
export interface Fwd {
  readonly kind: 'fwd';
  /** The register with the index of the interface. */
  readonly deviceRegister: number;
  /** The register with the address of the next hop. */
  readonly addressRegister?: number;
  /** The number of {@link Family} of that address. */
  readonly family?: number;
}

/** Codec of {@link Fwd}. */
export const fwd: ExpressionCodec<Fwd> = {
  kind: 'fwd',
  name: 'fwd',
  encode(writer, { deviceRegister, addressRegister, family }) {
    writer.u32(NFTA_FWD_SREG_DEV, deviceRegister);
    if (addressRegister !== undefined) writer.u32(NFTA_FWD_SREG_ADDR, addressRegister);
    if (family !== undefined) writer.u32(NFTA_FWD_NFPROTO, family);
  },
  decode(attributes) {
    const addressRegister = attributes.u32(NFTA_FWD_SREG_ADDR);
    const family = attributes.u32(NFTA_FWD_NFPROTO);
    return {
      kind: 'fwd',
      deviceRegister: attributes.need(attributes.u32(NFTA_FWD_SREG_DEV), 'NFTA_FWD_SREG_DEV'),
      ...(addressRegister !== undefined && { addressRegister }),
      ...(family !== undefined && { family }),
    };
  },
};
