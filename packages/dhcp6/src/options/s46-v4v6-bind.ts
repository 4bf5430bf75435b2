import type { S46V4V6Bind } from '../option.ts';
import type { NestingShape } from './nesting-shape.ts';
import { readShortPrefix, writeShortPrefix } from './short-prefix.ts';

/**
 * 92, S46 IPv4/IPv6 address binding (RFC 7598 section 4.4).
 *
 * ```
 * +---------------------------------------------------------------+
 * |                         ipv4-address                          |
 * +---------------+-----------------------------------------------+
 * |bindprefix6-len|            bind-ipv6-prefix (variable)        |
 * +---------------+-----------------------------------------------+
 * |                S46_V4V6BIND-options (variable)                |
 * +---------------------------------------------------------------+
 * ```
 */
export const s46V4V6Bind: NestingShape<S46V4V6Bind> = {
  decode: (reader, nested) => ({
    ipv4Address: reader.ipv4(),
    ipv6Prefix: readShortPrefix(reader),
    options: nested.options(reader),
  }),
  encode(writer, value, nested) {
    writer.ipv4(value.ipv4Address);
    writeShortPrefix(writer, value.ipv6Prefix);
    nested.options(writer, value.options);
  },
};
