import { type ByteReader, type ByteWriter, bytesEqual, DecodeError, decodeUtf8, encodeUtf8 } from '@router7/wire';

/** Why an answer is what it is (RFC 8914 section 2). */
export interface ExtendedErrorOption {
  /** {@link ExtendedError} */
  readonly infoCode: number;
  /** For people; empty as a rule. */
  readonly extraText: string;
}

/** 15, extended DNS error: INFO-CODE(16) EXTRA-TEXT (UTF-8). */
export const extendedError = {
  decode(reader: ByteReader): ExtendedErrorOption {
    const infoCode = reader.u16();
    const octets = reader.rest();
    const extraText = decodeUtf8(octets);
    if (!bytesEqual(encodeUtf8(extraText), octets)) throw new DecodeError('bad-value', 'not UTF-8', 2);
    return { infoCode, extraText };
  },
  encode(writer: ByteWriter, value: ExtendedErrorOption): void {
    writer.u16(value.infoCode);
    writer.utf8(value.extraText);
  },
} as const;
