import { type ByteReader, type ByteWriter, DecodeError, EncodeError } from '@router7/wire';

/** From where a question comes, or for whom an answer is (RFC 7871 section 6). */
export interface ClientSubnet {
  /** 1 for IPv4, 2 for IPv6: IANA's "Address Family Numbers". */
  readonly family: number;
  readonly sourcePrefixLength: number;
  /** 0 in questions. */
  readonly scopePrefixLength: number;
  /** As many octets as the source prefix takes; bits behind it are 0. */
  readonly address: Uint8Array;
}

/**
 * 8, client subnet.
 *
 * ```
 * FAMILY(16)  SOURCE PREFIX-LENGTH(8)  SCOPE PREFIX-LENGTH(8)  ADDRESS
 * ```
 */
export const clientSubnet = {
  decode(reader: ByteReader): ClientSubnet {
    const value: ClientSubnet = {
      family: reader.u16(),
      sourcePrefixLength: reader.u8(),
      scopePrefixLength: reader.u8(),
      address: reader.rest(),
    };
    if (!isValid(value)) throw new DecodeError('bad-value', 'no client subnet', 0);
    return value;
  },
  encode(writer: ByteWriter, value: ClientSubnet): void {
    if (!isValid(value)) throw new EncodeError('bad-value', 'the address of a client subnet has another length');
    writer.u16(value.family);
    writer.u8(value.sourcePrefixLength);
    writer.u8(value.scopePrefixLength);
    writer.bytes(value.address);
  },
} as const;

/** "Trailing bits ... beyond the SOURCE PREFIX-LENGTH MUST be set to 0", and no octet more than it takes. */
function isValid({ family, sourcePrefixLength, scopePrefixLength, address }: ClientSubnet): boolean {
  const bits = family === 1 ? 32 : family === 2 ? 128 : 255;
  if (sourcePrefixLength > bits || scopePrefixLength > bits) return false;
  if (address.length !== Math.ceil(sourcePrefixLength / 8)) return false;
  const spare = address.length * 8 - sourcePrefixLength;
  return address.length === 0 || ((address[address.length - 1] as number) & ((1 << spare) - 1)) === 0;
}
