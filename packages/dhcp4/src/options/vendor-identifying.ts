import { type ByteReader, EncodeError } from '@router7/wire';
import { type Shape, tooShort } from './shape.ts';
import { readSubOptions, type SubOption, writeSubOptions } from './sub-option.ts';

/** What a vendor says about a client's hardware or software (RFC 3925 section 3). */
export interface VendorClass {
  /** Of IANA's "Private Enterprise Numbers". */
  readonly enterpriseNumber: number;
  /** As the vendor defines it; by the RFC pieces with a length octet each. */
  readonly data: Uint8Array;
}

/** Options of a vendor's own (RFC 3925 section 4). */
export interface VendorInformation {
  /** Of IANA's "Private Enterprise Numbers". */
  readonly enterpriseNumber: number;
  readonly options: readonly SubOption[];
}

/**
 * 124, vendor-identifying vendor class (RFC 3925 section 3).
 *
 * ```
 * +-------------------------------+
 * |  enterprise-number (4 octets) |
 * +-------+-----------------------+
 * | len   | vendor-class-data     |   repeated
 * +-------+-----------------------+
 * ```
 */
export const vendorIdentifyingClass: Shape<readonly VendorClass[]> = {
  decode(reader) {
    if (reader.remaining < 5) throw tooShort(reader);
    const classes: VendorClass[] = [];
    while (reader.remaining > 0) {
      const enterpriseNumber = reader.u32();
      classes.push({ enterpriseNumber, data: reader.bytes(reader.u8()) });
    }
    return classes;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'vendor classes are at least one');
    for (const { enterpriseNumber, data } of value) {
      if (data.length > 255) throw new EncodeError('too-long', `the class of ${enterpriseNumber} is over 255 octets`);
      writer.u32(enterpriseNumber);
      writer.u8(data.length);
      writer.bytes(data);
    }
  },
};

/** 125, vendor-identifying vendor-specific information (RFC 3925 section 4): as option 124, with sub-options inside. */
export const vendorIdentifyingInformation: Shape<readonly VendorInformation[]> = {
  decode(reader) {
    if (reader.remaining < 5) throw tooShort(reader);
    const vendors: VendorInformation[] = [];
    while (reader.remaining > 0) vendors.push(readVendor(reader));
    return vendors;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'vendors are at least one');
    for (const { enterpriseNumber, options } of value) {
      writer.u32(enterpriseNumber);
      const at = writer.length;
      writer.u8(0);
      writeSubOptions(writer, options);
      const length = writer.length - at - 1;
      if (length > 255) throw new EncodeError('too-long', `the options of ${enterpriseNumber} are over 255 octets`);
      writer.patchU8(at, length);
    }
  },
};

function readVendor(reader: ByteReader): VendorInformation {
  const enterpriseNumber = reader.u32();
  return { enterpriseNumber, options: readSubOptions(reader.sub(reader.u8())) };
}
