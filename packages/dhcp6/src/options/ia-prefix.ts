import { DecodeError, Ipv6Prefix } from '@router7/wire';
import type { IaPrefix } from '../option.ts';
import type { NestingShape } from './nesting-shape.ts';

/**
 * 26, IA Prefix (RFC 9915 section 21.22).
 *
 * ```
 * +---------------------------------------------------------------+
 * |                      preferred-lifetime                       |
 * +---------------------------------------------------------------+
 * |                        valid-lifetime                         |
 * +---------------+-----------------------------------------------+
 * | prefix-length |
 * +---------------+-----------------------------------------------+
 * |                    IPv6-prefix (16 octets)                    |
 * +---------------------------------------------------------------+
 * |                      options (variable)                       |
 * +---------------------------------------------------------------+
 * ```
 */
export const iaPrefix: NestingShape<IaPrefix> = {
  decode(reader, nested) {
    const preferredLifetimeSeconds = reader.u32();
    const validLifetimeSeconds = reader.u32();
    const length = reader.u8();
    if (length > 128) throw new DecodeError('bad-value', `a prefix length of ${length}`, reader.offset - 1);
    const prefix = new Ipv6Prefix(reader.ipv6(), length);
    return { prefix, preferredLifetimeSeconds, validLifetimeSeconds, options: nested.options(reader) };
  },
  encode(writer, value, nested) {
    writer.u32(value.preferredLifetimeSeconds);
    writer.u32(value.validLifetimeSeconds);
    writer.u8(value.prefix.length);
    writer.ipv6(value.prefix.address);
    nested.options(writer, value.options);
  },
};
