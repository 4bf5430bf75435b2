import { EncodeError } from '@router7/wire';
import { badLength, type Shape } from './shape.ts';

/** A client's link-layer address as its relay agent saw it (RFC 6939 section 4). */
export interface ClientLinkLayerAddress {
  /** Of IANA's "Hardware Types"; 1 is Ethernet. */
  readonly hardwareType: number;
  readonly address: Uint8Array;
}

/** 79, client link-layer address (RFC 6939 section 4): a type of 2 octets and the address. */
export const clientLinkLayerAddress: Shape<ClientLinkLayerAddress> = {
  decode(reader) {
    const hardwareType = reader.u16();
    if (reader.remaining === 0) throw badLength(reader);
    return { hardwareType, address: reader.rest() };
  },
  encode(writer, value) {
    if (value.address.length === 0) throw new EncodeError('bad-value', 'a link-layer address has at least one octet');
    writer.u16(value.hardwareType);
    writer.bytes(value.address);
  },
};
