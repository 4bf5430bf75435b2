import type { IaAddress } from '../option.ts';
import type { NestingShape } from './nesting-shape.ts';

/**
 * 5, IA Address (RFC 9915 section 21.6).
 *
 * ```
 * +---------------------------------------------------------------+
 * |                    IPv6-address (16 octets)                   |
 * +---------------------------------------------------------------+
 * |                      preferred-lifetime                       |
 * +---------------------------------------------------------------+
 * |                        valid-lifetime                         |
 * +---------------------------------------------------------------+
 * |                      options (variable)                       |
 * +---------------------------------------------------------------+
 * ```
 */
export const iaAddress: NestingShape<IaAddress> = {
  decode: (reader, nested) => ({
    address: reader.ipv6(),
    preferredLifetimeSeconds: reader.u32(),
    validLifetimeSeconds: reader.u32(),
    options: nested.options(reader),
  }),
  encode(writer, value, nested) {
    writer.ipv6(value.address);
    writer.u32(value.preferredLifetimeSeconds);
    writer.u32(value.validLifetimeSeconds);
    nested.options(writer, value.options);
  },
};
