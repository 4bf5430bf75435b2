import { DecodeError, EncodeError, Ipv4Prefix } from '@router7/wire';
import type { S46Rule } from '../option.ts';
import type { NestingShape } from './nesting-shape.ts';
import { readShortPrefix, writeShortPrefix } from './short-prefix.ts';

/** The F bit of a rule's flags: it is for forwarding as well (RFC 7598 section 4.1). */
export const S46_FORWARDING_RULE = 1;

/** "Allowed values range from 0 to 48." */
const MAX_EA_LENGTH = 48;

/**
 * 89, S46 rule (RFC 7598 section 4.1).
 *
 * ```
 * +---------------+---------------+---------------+---------------+
 * |     flags     |     ea-len    |  prefix4-len  | ipv4-prefix   |
 * +---------------+---------------+---------------+---------------+
 * |                  (continued)                  |  prefix6-len  |
 * +-----------------------------------------------+---------------+
 * |       ipv6-prefix (variable), S46_RULE-options (variable)     |
 * +---------------------------------------------------------------+
 * ```
 */
export const s46Rule: NestingShape<S46Rule> = {
  decode(reader, nested) {
    const flags = reader.u8();
    const embeddedAddressLength = reader.u8();
    const length = reader.u8();
    if (embeddedAddressLength > MAX_EA_LENGTH || length > 32) {
      throw new DecodeError('bad-value', 'lengths of a rule out of their range', reader.offset - 2);
    }
    const ipv4Prefix = new Ipv4Prefix(reader.ipv4(), length);
    const ipv6Prefix = readShortPrefix(reader);
    return { flags, embeddedAddressLength, ipv4Prefix, ipv6Prefix, options: nested.options(reader) };
  },
  encode(writer, value, nested) {
    if (value.embeddedAddressLength > MAX_EA_LENGTH) {
      throw new EncodeError('bad-value', `${value.embeddedAddressLength} bits of embedded address`);
    }
    writer.u8(value.flags);
    writer.u8(value.embeddedAddressLength);
    writer.u8(value.ipv4Prefix.length);
    writer.ipv4(value.ipv4Prefix.address);
    writeShortPrefix(writer, value.ipv6Prefix);
    nested.options(writer, value.options);
  },
};
