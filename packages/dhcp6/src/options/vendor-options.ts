import { EncodeError } from '@router7/wire';
import type { Shape } from './shape.ts';

/** A code with octets, of a vendor's own. */
export interface SubOption {
  readonly code: number;
  readonly data: Uint8Array;
}

/** Options of a vendor's own (RFC 9915 section 21.17); a message can have several, with different numbers. */
export interface VendorOptions {
  /** Of IANA's "Private Enterprise Numbers". */
  readonly enterpriseNumber: number;
  readonly options: readonly SubOption[];
}

/**
 * 17, vendor-specific information (RFC 9915 section 21.17).
 *
 * ```
 * +---------------------------------------------------------------+
 * |                  enterprise-number (4 octets)                 |
 * +-------------------------------+-------------------------------+
 * |        sub-opt-code           |        sub-option-len         |   repeated
 * +-------------------------------+-------------------------------+
 * |                       sub-option-data                         |
 * +---------------------------------------------------------------+
 * ```
 */
export const vendorOptions: Shape<VendorOptions> = {
  decode(reader) {
    const enterpriseNumber = reader.u32();
    const options: SubOption[] = [];
    while (reader.remaining > 0) {
      const code = reader.u16();
      options.push({ code, data: reader.bytes(reader.u16()) });
    }
    return { enterpriseNumber, options };
  },
  encode(writer, value) {
    writer.u32(value.enterpriseNumber);
    for (const { code, data } of value.options) {
      if (data.length > 0xffff) throw new EncodeError('too-long', `option ${code} of the vendor is over 65535 octets`);
      writer.u16(code);
      writer.u16(data.length);
      writer.bytes(data);
    }
  },
};
