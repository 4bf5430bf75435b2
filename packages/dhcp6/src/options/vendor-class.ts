import { readItems, writeItems } from './items.ts';
import type { Shape } from './shape.ts';

/** What a vendor says about a client's hardware or software (RFC 9915 section 21.16). */
export interface VendorClass {
  /** Of IANA's "Private Enterprise Numbers". */
  readonly enterpriseNumber: number;
  /** As the vendor defines it. */
  readonly data: readonly Uint8Array[];
}

/** 16, vendor class (RFC 9915 section 21.16): an enterprise number, and pieces of data with a length of 2 octets each. */
export const vendorClass: Shape<VendorClass> = {
  decode: (reader) => ({ enterpriseNumber: reader.u32(), data: readItems(reader) }),
  encode(writer, value) {
    writer.u32(value.enterpriseNumber);
    writeItems(writer, value.data);
  },
};
