import type { ExpressionCodec } from './codec.ts';

const NFTA_TPROXY_FAMILY = 1;
const NFTA_TPROXY_REG_ADDR = 2;
const NFTA_TPROXY_REG_PORT = 3;

/** `tproxy to 127.0.0.1:50080`, `tproxy ip6 to :50080`: hands the packet to a local socket, its addresses unchanged. */
export interface Tproxy {
  readonly kind: 'tproxy';
  /** The number of {@link Family} of the address, 0 for both versions of IP (a table of the family inet). */
  readonly family: number;
  /** The register with the address that the socket is bound to; absent: the packet's own destination. */
  readonly addressRegister?: number;
  /** The register with its port; absent: the packet's own. */
  readonly portRegister?: number;
}

/** Codec of {@link Tproxy}. */
export const tproxy: ExpressionCodec<Tproxy> = {
  kind: 'tproxy',
  name: 'tproxy',
  encode(writer, { family, addressRegister, portRegister }) {
    writer.u32(NFTA_TPROXY_FAMILY, family);
    if (addressRegister !== undefined) writer.u32(NFTA_TPROXY_REG_ADDR, addressRegister);
    if (portRegister !== undefined) writer.u32(NFTA_TPROXY_REG_PORT, portRegister);
  },
  decode(attributes) {
    const addressRegister = attributes.u32(NFTA_TPROXY_REG_ADDR);
    const portRegister = attributes.u32(NFTA_TPROXY_REG_PORT);
    return {
      kind: 'tproxy',
      family: attributes.need(attributes.u32(NFTA_TPROXY_FAMILY), 'NFTA_TPROXY_FAMILY'),
      ...(addressRegister !== undefined && { addressRegister }),
      ...(portRegister !== undefined && { portRegister }),
    };
  },
};
