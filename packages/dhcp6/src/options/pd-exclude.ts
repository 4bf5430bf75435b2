import { DecodeError, EncodeError, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { badLength, type Shape } from './shape.ts';

/** Which part of a delegated prefix is the provider's link (RFC 6603 section 4.2): {@link excludedPrefix}. */
export interface PdExclude {
  /** Of the excluded prefix, at most 128; more than that of the delegated one. */
  readonly prefixLength: number;
  /** The bits between both lengths, from the left, in as few octets as hold them. */
  readonly subnetId: Uint8Array;
}

/**
 * 67, PD exclude (RFC 6603 section 4.2).
 *
 * ```
 * +---------------+------------------------------ - -
 * |  prefix-len   |  IPv6 subnet ID (1 to 16 octets)
 * +---------------+------------------------------ - -
 * ```
 */
export const pdExclude: Shape<PdExclude> = {
  decode(reader) {
    const prefixLength = reader.u8();
    if (prefixLength > 128) throw new DecodeError('bad-value', `a prefix length of ${prefixLength}`, reader.offset - 1);
    if (reader.remaining < 1 || reader.remaining > 16) throw badLength(reader);
    return { prefixLength, subnetId: reader.rest() };
  },
  encode(writer, value) {
    if (value.prefixLength > 128) throw new EncodeError('bad-value', `a prefix length of ${value.prefixLength}`);
    if (value.subnetId.length === 0) throw new EncodeError('bad-value', 'a subnet id has at least one octet');
    if (value.subnetId.length > 16) throw new EncodeError('too-long', 'a subnet id has at most 16 octets');
    writer.u8(value.prefixLength);
    writer.bytes(value.subnetId);
  },
};

/**
 * The excluded prefix, or undefined when the option does not fit the delegated one: it is not longer, or its subnet id
 * has not the octets that the difference takes ("MUST be ((prefix-len - delegated prefix length - 1) / 8) + 1").
 */
export function excludedPrefix(delegated: Ipv6Prefix, { prefixLength, subnetId }: PdExclude): Ipv6Prefix | undefined {
  const bits = prefixLength - delegated.length;
  if (bits < 1 || prefixLength > 128 || subnetId.length !== Math.ceil(bits / 8)) return undefined;
  let id = 0n;
  for (const octet of subnetId) id = (id << 8n) | BigInt(octet);
  // Bits behind the subnet id "MUST be zero" by the sender and are ignored here.
  id >>= BigInt(subnetId.length * 8 - bits);
  const value = delegated.network.value | (id << BigInt(128 - prefixLength));
  return new Ipv6Prefix(new Ipv6Address(value), prefixLength);
}

/** The option that excludes a prefix from a delegated one. @throws EncodeError `bad-value` when it is not a part of it */
export function pdExcludeOf(delegated: Ipv6Prefix, excluded: Ipv6Prefix): PdExclude {
  const bits = excluded.length - delegated.length;
  if (bits < 1 || !delegated.contains(excluded.address)) {
    throw new EncodeError('bad-value', `${excluded} is not a part of ${delegated}`);
  }
  const subnetId = new Uint8Array(Math.ceil(bits / 8));
  let id = (excluded.network.value >> BigInt(128 - excluded.length)) & ((1n << BigInt(bits)) - 1n);
  id <<= BigInt(subnetId.length * 8 - bits);
  for (let i = subnetId.length - 1; i >= 0; i--) {
    subnetId[i] = Number(id & 0xffn);
    id >>= 8n;
  }
  return { prefixLength: excluded.length, subnetId };
}
