import type { ExpressionCodec } from './codec.ts';

const NFTA_PAYLOAD_DREG = 1;
const NFTA_PAYLOAD_BASE = 2;
const NFTA_PAYLOAD_OFFSET = 3;
const NFTA_PAYLOAD_LEN = 4;
const NFTA_PAYLOAD_SREG = 5;
const NFTA_PAYLOAD_CSUM_TYPE = 6;
const NFTA_PAYLOAD_CSUM_OFFSET = 7;
const NFTA_PAYLOAD_CSUM_FLAGS = 8;

/** Where the offset counts from (enum nft_payload_bases); `tunnel` is the tunnel's own header in {@link Inner}. */
export const PayloadBase = { link: 0, network: 1, transport: 2, inner: 3, tunnel: 4 } as const;
/** The checksum that a write has to mend (enum nft_payload_csum_types); `sctp` is CRC32c. */
export const PayloadChecksumType = { none: 0, inet: 1, sctp: 2 } as const;

/** Which checksum is mended after a write, and where it is. */
export interface PayloadChecksum {
  /** One of {@link PayloadChecksumType}. */
  readonly type: number;
  /** Offset of the checksum from the same base. */
  readonly offset: number;
  /** Bit 0: the field is part of the transport's pseudo-header. */
  readonly flags: number;
}

/** `tcp dport 22`, `@th,16,16 22` (load), `ip ttl set 1`, `ip daddr set 10.0.0.1` (set). */
export interface Payload {
  readonly kind: 'payload';
  readonly operation: 'load' | 'set';
  /** Where `load` puts it and `set` takes it from. */
  readonly register: number;
  /** One of {@link PayloadBase}. */
  readonly base: number;
  /** Octets from the base. */
  readonly offset: number;
  /** Octets. */
  readonly length: number;
  /** Only with `set`. */
  readonly checksum?: PayloadChecksum;
}

/** Codec of {@link Payload}. */
export const payload: ExpressionCodec<Payload> = {
  kind: 'payload',
  name: 'payload',
  encode(writer, { operation, register, base, offset, length, checksum }) {
    writer.u32(operation === 'set' ? NFTA_PAYLOAD_SREG : NFTA_PAYLOAD_DREG, register);
    writer.u32(NFTA_PAYLOAD_BASE, base);
    writer.u32(NFTA_PAYLOAD_OFFSET, offset);
    writer.u32(NFTA_PAYLOAD_LEN, length);
    if (checksum === undefined) return;
    writer.u32(NFTA_PAYLOAD_CSUM_TYPE, checksum.type);
    writer.u32(NFTA_PAYLOAD_CSUM_OFFSET, checksum.offset);
    if (checksum.flags !== 0) writer.u32(NFTA_PAYLOAD_CSUM_FLAGS, checksum.flags);
  },
  decode(attributes) {
    const source = attributes.u32(NFTA_PAYLOAD_SREG);
    const type = attributes.u32(NFTA_PAYLOAD_CSUM_TYPE) ?? PayloadChecksumType.none;
    const checksumOffset = attributes.u32(NFTA_PAYLOAD_CSUM_OFFSET) ?? 0;
    const flags = attributes.u32(NFTA_PAYLOAD_CSUM_FLAGS) ?? 0;
    // The kernel lists "no checksum" as three zeros; the nft program leaves them out.
    const hasChecksum = type !== PayloadChecksumType.none || checksumOffset !== 0 || flags !== 0;
    return {
      kind: 'payload',
      operation: source === undefined ? 'load' : 'set',
      register: source ?? attributes.need(attributes.u32(NFTA_PAYLOAD_DREG), 'NFTA_PAYLOAD_DREG'),
      base: attributes.need(attributes.u32(NFTA_PAYLOAD_BASE), 'NFTA_PAYLOAD_BASE'),
      offset: attributes.need(attributes.u32(NFTA_PAYLOAD_OFFSET), 'NFTA_PAYLOAD_OFFSET'),
      length: attributes.need(attributes.u32(NFTA_PAYLOAD_LEN), 'NFTA_PAYLOAD_LEN'),
      ...(hasChecksum && { checksum: { type, offset: checksumOffset, flags } }),
    };
  },
};
