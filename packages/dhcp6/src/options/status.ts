import { readText, type Shape, writeText } from './shape.ts';

/** How a request went (RFC 9915 section 21.13). */
export interface Status {
  /** `StatusCode` */
  readonly status: number;
  /** For people; may be empty. */
  readonly message: string;
}

/** 13, status code (RFC 9915 section 21.13): a code of 2 octets, and a text "which MUST NOT be null-terminated". */
export const statusCode: Shape<Status> = {
  decode: (reader) => ({ status: reader.u16(), message: readText(reader) }),
  encode(writer, value) {
    writer.u16(value.status);
    writeText(writer, value.message);
  },
};
