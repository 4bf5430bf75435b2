import { type FamilyName, familyCode, familyName } from '../family.ts';
import type { ExpressionCodec } from './codec.ts';

const NFTA_NAT_TYPE = 1;
const NFTA_NAT_FAMILY = 2;
const NFTA_NAT_REG_ADDR_MIN = 3;
const NFTA_NAT_REG_ADDR_MAX = 4;
const NFTA_NAT_REG_PROTO_MIN = 5;
const NFTA_NAT_REG_PROTO_MAX = 6;
const NFTA_NAT_FLAGS = 7;

const NFT_NAT_SNAT = 0;
const NFT_NAT_DNAT = 1;

/** How addresses and ports are chosen (NF_NAT_RANGE_*). */
export const NatFlag = {
  mapIps: 0x1,
  protoSpecified: 0x2,
  random: 0x4,
  persistent: 0x8,
  fullyRandom: 0x10,
  protoOffset: 0x20,
  netmap: 0x40,
} as const;

/** `dnat to 192.168.42.23:9999`, `snat ip prefix to ip saddr map @m`. The numbers are registers. */
export interface Nat {
  readonly kind: 'nat';
  readonly type: 'snat' | 'dnat';
  /** `ip` or `ip6`: of the addresses. */
  readonly family: FamilyName;
  readonly addressMin?: number;
  /** Absent: the same as `addressMin`. */
  readonly addressMax?: number;
  readonly portMin?: number;
  /** Absent: the same as `portMin`. */
  readonly portMax?: number;
  /** Bits of {@link NatFlag}. */
  readonly flags: number;
}

const registers = [
  ['addressMin', NFTA_NAT_REG_ADDR_MIN],
  ['addressMax', NFTA_NAT_REG_ADDR_MAX],
  ['portMin', NFTA_NAT_REG_PROTO_MIN],
  ['portMax', NFTA_NAT_REG_PROTO_MAX],
] as const;

/** Codec of {@link Nat}. */
export const nat: ExpressionCodec<Nat> = {
  kind: 'nat',
  name: 'nat',
  encode(writer, expression) {
    writer.u32(NFTA_NAT_TYPE, expression.type === 'snat' ? NFT_NAT_SNAT : NFT_NAT_DNAT);
    writer.u32(NFTA_NAT_FAMILY, familyCode(expression.family));
    for (const [field, type] of registers) {
      const register = expression[field];
      if (register !== undefined) writer.u32(type, register);
    }
    if (expression.flags !== 0) writer.u32(NFTA_NAT_FLAGS, expression.flags);
  },
  decode(attributes) {
    const type = attributes.need(attributes.u32(NFTA_NAT_TYPE), 'NFTA_NAT_TYPE');
    if (type !== NFT_NAT_SNAT && type !== NFT_NAT_DNAT) return undefined;
    const found: { -readonly [F in (typeof registers)[number][0]]?: number } = {};
    for (const [field, attribute] of registers) {
      const register = attributes.u32(attribute);
      if (register !== undefined) found[field] = register;
    }
    return {
      kind: 'nat',
      type: type === NFT_NAT_DNAT ? 'dnat' : 'snat',
      family: familyName(attributes.need(attributes.u32(NFTA_NAT_FAMILY), 'NFTA_NAT_FAMILY')),
      ...found,
      flags: attributes.u32(NFTA_NAT_FLAGS) ?? 0,
    };
  },
};
