import { swap32 } from '../attribute-slice.ts';
import type { ExpressionCodec } from '../expressions/codec.ts';
import { type FamilyName, familyCode, familyName } from '../family.ts';

const NFTA_CT_EXPECT_L3PROTO = 1;
const NFTA_CT_EXPECT_L4PROTO = 2;
const NFTA_CT_EXPECT_DPORT = 3;
const NFTA_CT_EXPECT_TIMEOUT = 4;
const NFTA_CT_EXPECT_SIZE = 5;

/**
 * `ct expectation e { protocol udp; dport 9876; timeout 2m; size 12; l3proto ip; }`: a connection announces others, which
 * count as related to it.
 */
export interface CtExpectation {
  readonly kind: 'ct-expectation';
  /** That of the table when absent. */
  readonly family?: FamilyName;
  /** The transport protocol's number. */
  readonly protocol: number;
  readonly destinationPort: number;
  /** How long the announced connection is waited for. */
  readonly timeoutMilliseconds: number;
  /** How many may be waited for at once. */
  readonly size: number;
}

/** Codec of {@link CtExpectation}. */
export const ctExpectation: ExpressionCodec<CtExpectation> = {
  kind: 'ct-expectation',
  name: 'ct expectation',
  encode(writer, { family, protocol, destinationPort, timeoutMilliseconds, size }) {
    if (family !== undefined) writer.u16(NFTA_CT_EXPECT_L3PROTO, familyCode(family));
    writer.u8(NFTA_CT_EXPECT_L4PROTO, protocol);
    writer.u16(NFTA_CT_EXPECT_DPORT, destinationPort);
    // The one number of nf_tables in host byte order.
    writer.u32(NFTA_CT_EXPECT_TIMEOUT, swap32(timeoutMilliseconds));
    writer.u8(NFTA_CT_EXPECT_SIZE, size);
  },
  decode(attributes) {
    const family = attributes.u16(NFTA_CT_EXPECT_L3PROTO);
    const timeout = attributes.need(attributes.u32(NFTA_CT_EXPECT_TIMEOUT), 'NFTA_CT_EXPECT_TIMEOUT');
    return {
      kind: 'ct-expectation',
      ...(family !== undefined && { family: familyName(family) }),
      protocol: attributes.need(attributes.u8(NFTA_CT_EXPECT_L4PROTO), 'NFTA_CT_EXPECT_L4PROTO'),
      destinationPort: attributes.need(attributes.u16(NFTA_CT_EXPECT_DPORT), 'NFTA_CT_EXPECT_DPORT'),
      timeoutMilliseconds: swap32(timeout),
      size: attributes.need(attributes.u8(NFTA_CT_EXPECT_SIZE), 'NFTA_CT_EXPECT_SIZE'),
    };
  },
};
