import { Register } from '../expressions/codec.ts';
import { CtKey } from '../expressions/ct.ts';
import { MetaKey } from '../expressions/meta.ts';
import { PayloadBase } from '../expressions/payload.ts';
import type { KnownExpression } from '../expressions/registry.ts';
import { integer } from './integer-type.ts';
import { protocols } from './symbols.ts';
import { type ValueType, valueTypes } from './value-type.ts';

/** What has to be known of a packet before a field of it can be read. */
export interface Dependency {
  /** The field that tells it; `etherType` is that of the frame's own header, `icmpType` that of either ICMP. */
  readonly on: 'nfproto' | 'l4proto' | 'iiftype' | 'etherType' | 'icmpType';
  readonly value: number;
  /** Another value that will do as well. */
  readonly or?: number;
}

/** An expression that puts something into a register. */
export type Load = Exclude<
  Extract<KnownExpression, { readonly register: number }>,
  { readonly kind: 'cmp' | 'range' | 'immediate' }
>;

/** Something of a packet that a rule can test. */
export interface Field {
  readonly type: ValueType;
  /** Tested before, in this order, unless that has been done. */
  readonly needs: readonly Dependency[];
  /** Puts it into register 1. */
  readonly load: Load;
  /** Put into registers before it is loaded: what is hashed. */
  readonly of?: readonly Field[];
  /** For a field of bits: where in the octets that are loaded it is, and by how much it is shifted there. */
  readonly bits?: { readonly mask: Uint8Array; readonly shift: number };
  /** What an equal value of this field makes known for later dependencies. */
  readonly tells?: Dependency['on'];
  /** How a write of this field mends the checksum: type, offset from the same base, and flags. */
  readonly checksum?: { readonly type: number; readonly offset: number; readonly flags: number };
}

const register = Register.r1;
/** NFPROTO_IPV4, NFPROTO_ARP, NFPROTO_IPV6. */
export const NfProto = { ipv4: 2, arp: 3, ipv6: 10 } as const;
/** A dependency on a transport protocol. */
export const transport = (protocol: keyof typeof protocols): Dependency[] => [
  { on: 'l4proto', value: protocols[protocol] },
];
/** A dependency on IPv4. */
export const needsIpv4: Dependency[] = [{ on: 'nfproto', value: NfProto.ipv4 }];
/** A dependency on IPv6. */
export const needsIpv6: Dependency[] = [{ on: 'nfproto', value: NfProto.ipv6 }];

/** A field of `meta`. */
export function metaField(key: keyof typeof MetaKey, type: ValueType, tells?: Dependency['on']): Field {
  const load = { kind: 'meta', operation: 'load', key: MetaKey[key], register } as const;
  return { type, needs: [], load, ...(tells !== undefined && { tells }) };
}

/** A field of `ct`; `direction` is 0 for original, 1 for reply. */
export function ctField(key: keyof typeof CtKey, type: ValueType, direction?: number): Field {
  const load = { kind: 'ct', operation: 'load', key: CtKey[key], register } as const;
  return { type, needs: [], load: direction === undefined ? load : { ...load, direction } };
}

/** A field at `offset` octets of a header. */
export function payloadField(
  base: keyof typeof PayloadBase,
  offset: number,
  type: ValueType,
  needs: readonly Dependency[],
  tells?: Dependency['on'],
): Field {
  const load = { kind: 'payload', operation: 'load', register, base: PayloadBase[base], offset } as const;
  return { type, needs, load: { ...load, length: type.length }, ...(tells !== undefined && { tells }) };
}

/**
 * A field of `width` bits, `offset` bits from the start of its header. So many whole octets are loaded as it lies in.
 *
 * @param load makes the expression that loads octets
 */
export function bitField(
  load: (offset: number, length: number) => Load,
  offset: number,
  width: number,
  needs: readonly Dependency[],
  type: ValueType = bitsType(width),
): Field {
  const first = offset >> 3;
  const length = ((offset + width + 7) >> 3) - first;
  const shift = 8 * (first + length) - (offset + width);
  const ones = (2 ** width - 1) * 2 ** shift;
  const mask = Uint8Array.from({ length }, (_, i) => Math.floor(ones / 2 ** (8 * (length - 1 - i))) & 0xff);
  return { type, needs, load: load(first, length), bits: { mask, shift } };
}

const integersOfBits = new Map<number, ValueType>();

/** nft's `integer` of so many bits, in network order. */
export function bitsType(width: number): ValueType {
  const whole = { 8: 'octet', 16: 'short', 24: 'medium', 32: 'word' } as const;
  if (width === 8 || width === 16 || width === 24 || width === 32) return valueTypes[whole[width]];
  const known = integersOfBits.get(width);
  const type = known ?? integer('integer', valueTypes.octet.code, (width + 7) >> 3, { width });
  integersOfBits.set(width, type);
  return type;
}

/** Names the fields of a header: `dport` of `tcp` is `tcp.dport`. */
export function named<P extends string, N extends string>(
  prefix: P,
  fields: { readonly [F in N]: Field },
): { [F in `${P}.${N}`]: Field } {
  const entries = Object.entries<Field>(fields).map(([name, field]) => [`${prefix}.${name}`, field]);
  return Object.fromEntries(entries) as { [F in `${P}.${N}`]: Field };
}
