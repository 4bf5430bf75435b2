import { EncodeError } from '@router7/wire';
import { badLength, type Shape } from './shape.ts';

/** What a relay agent knows the remote end of a circuit by (RFC 4649 section 3). */
export interface RemoteId {
  /** Of IANA's "Private Enterprise Numbers": whose form the identifier has. */
  readonly enterpriseNumber: number;
  readonly identifier: Uint8Array;
}

/** 37, relay agent remote-id (RFC 4649 section 3): an enterprise number, and at least one octet. */
export const remoteId: Shape<RemoteId> = {
  decode(reader) {
    const enterpriseNumber = reader.u32();
    if (reader.remaining === 0) throw badLength(reader);
    return { enterpriseNumber, identifier: reader.rest() };
  },
  encode(writer, value) {
    if (value.identifier.length === 0) throw new EncodeError('bad-value', 'a remote-id has at least one octet');
    writer.u32(value.enterpriseNumber);
    writer.bytes(value.identifier);
  },
};
