import { EncodeError } from '@router7/wire';
import { type Shape, tooShort } from './shape.ts';

/** What a machine is known by (RFC 4578 section 2.3). */
export interface ClientMachineIdentifier {
  /** 0: the identifier is a GUID of 16 octets. The RFC defines no other type. */
  readonly type: number;
  readonly identifier: Uint8Array;
}

/** 97, client machine identifier (RFC 4578 section 2.3). */
export const clientMachineIdentifier: Shape<ClientMachineIdentifier> = {
  decode(reader) {
    const type = reader.u8();
    if (reader.remaining === 0 || (type === 0 && reader.remaining !== 16)) throw tooShort(reader);
    return { type, identifier: reader.rest() };
  },
  encode(writer, value) {
    if (value.identifier.length === 0 || (value.type === 0 && value.identifier.length !== 16)) {
      throw new EncodeError('bad-value', 'an identifier of type 0 has 16 octets, any other at least one');
    }
    writer.u8(value.type);
    writer.bytes(value.identifier);
  },
};
