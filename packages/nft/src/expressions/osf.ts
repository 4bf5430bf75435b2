import type { ExpressionCodec } from './codec.ts';

const NFTA_OSF_DREG = 1;
const NFTA_OSF_TTL = 2;
const NFTA_OSF_FLAGS = 3;

/** How the TTL is compared with that of the fingerprint. */
export const OsfTtl = { strict: 0, loose: 1, skip: 2 } as const;
/** Flags (enum nft_osf_flags): `version` gives `Linux:3.x`, else it is `Linux`. */
export const OsfFlag = { version: 1 } as const;

/** `osf name "Linux"`, `osf ttl skip version "Linux:3.x"`: the operating system that a SYN seems to come from. */
export interface Osf {
  readonly kind: 'osf';
  /** Where the name goes, 16 octets. */
  readonly register: number;
  /** One of {@link OsfTtl}. */
  readonly ttl: number;
  /** Bits of {@link OsfFlag}. */
  readonly flags: number;
}

/** Codec of {@link Osf}. */
export const osf: ExpressionCodec<Osf> = {
  kind: 'osf',
  name: 'osf',
  encode(writer, { register, ttl, flags }) {
    writer.u32(NFTA_OSF_DREG, register);
    writer.u8(NFTA_OSF_TTL, ttl);
    if (flags !== 0) writer.u32(NFTA_OSF_FLAGS, flags);
  },
  decode(attributes) {
    return {
      kind: 'osf',
      register: attributes.need(attributes.u32(NFTA_OSF_DREG), 'NFTA_OSF_DREG'),
      ttl: attributes.u8(NFTA_OSF_TTL) ?? OsfTtl.strict,
      flags: attributes.u32(NFTA_OSF_FLAGS) ?? 0,
    };
  },
};
