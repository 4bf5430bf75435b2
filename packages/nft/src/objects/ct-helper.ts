import { encodeUtf8 } from '@router7/wire';
import type { ExpressionCodec } from '../expressions/codec.ts';
import { type FamilyName, familyCode, familyName } from '../family.ts';

const NFTA_CT_HELPER_NAME = 1;
const NFTA_CT_HELPER_L3PROTO = 2;
const NFTA_CT_HELPER_L4PROTO = 3;

/** `ct helper h { type "ftp" protocol tcp; l3proto ip; }`: the kernel reads along in a protocol that opens more flows. */
export interface CtHelper {
  readonly kind: 'ct-helper';
  /** The kernel's name of the helper: `ftp`, `tftp`, `sip`. */
  readonly helper: string;
  /** That of the table when absent; `inet` means both. */
  readonly family?: FamilyName;
  /** The transport protocol's number. */
  readonly protocol: number;
}

/** Codec of {@link CtHelper}. */
export const ctHelper: ExpressionCodec<CtHelper> = {
  kind: 'ct-helper',
  name: 'ct helper',
  encode(writer, { helper, family, protocol }) {
    // Without the zero octet that ends other names: so does nft, and the kernel does not ask for one.
    writer.bytes(NFTA_CT_HELPER_NAME, encodeUtf8(helper));
    if (family !== undefined) writer.u16(NFTA_CT_HELPER_L3PROTO, familyCode(family));
    writer.u8(NFTA_CT_HELPER_L4PROTO, protocol);
  },
  decode(attributes) {
    const family = attributes.u16(NFTA_CT_HELPER_L3PROTO);
    return {
      kind: 'ct-helper',
      helper: attributes.need(attributes.string(NFTA_CT_HELPER_NAME), 'NFTA_CT_HELPER_NAME'),
      ...(family !== undefined && { family: familyName(family) }),
      protocol: attributes.need(attributes.u8(NFTA_CT_HELPER_L4PROTO), 'NFTA_CT_HELPER_L4PROTO'),
    };
  },
};
