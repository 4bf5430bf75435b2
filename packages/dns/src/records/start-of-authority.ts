import { encodeDnsName } from '@router7/wire';
import type { RecordShape } from './shape.ts';

/** Where a zone comes from, and how long what is not in it may be remembered. */
export interface StartOfAuthority {
  /** The server that the zone's data comes from. */
  readonly primaryName: string;
  /** The mailbox of who is responsible, as a name: its first label is the part before the `@`. */
  readonly responsibleName: string;
  readonly serial: number;
  readonly refreshSeconds: number;
  readonly retrySeconds: number;
  readonly expireSeconds: number;
  /** With the record's TTL, the lifetime of negative answers: the lesser of both (RFC 2308 section 5). */
  readonly minimumSeconds: number;
}

/**
 * 6, SOA (RFC 1035 section 3.3.13).
 *
 * ```
 * MNAME  RNAME  SERIAL(32)  REFRESH(32)  RETRY(32)  EXPIRE(32)  MINIMUM(32)
 * ```
 */
export const startOfAuthority: RecordShape<StartOfAuthority> = {
  decode: (data) => ({
    primaryName: data.name(),
    responsibleName: data.name(),
    serial: data.reader.u32(),
    refreshSeconds: data.reader.u32(),
    retrySeconds: data.reader.u32(),
    expireSeconds: data.reader.u32(),
    minimumSeconds: data.reader.u32(),
  }),
  encode(writer, value, offsets) {
    encodeDnsName(writer, value.primaryName, offsets);
    encodeDnsName(writer, value.responsibleName, offsets);
    writer.u32(value.serial);
    writer.u32(value.refreshSeconds);
    writer.u32(value.retrySeconds);
    writer.u32(value.expireSeconds);
    writer.u32(value.minimumSeconds);
  },
};
