import { DecodeError, EncodeError, type Ipv4Address } from '@router7/wire';
import { readDnsNames, writeDnsNames } from './domain-search.ts';
import { readIpv4List, type Shape, tooShort, writeIpv4List } from './shape.ts';

/** SIP servers in order of preference, by name or by address (RFC 3361 section 3). */
export type SipServers =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'addresses'; readonly addresses: readonly Ipv4Address[] };

const NAMES = 0;
const ADDRESSES = 1;

/** 120, SIP servers (RFC 3361): an octet that tells the encoding, then names without compression, or addresses. */
export const sipServers: Shape<SipServers> = {
  decode(reader) {
    const encoding = reader.u8();
    if (reader.remaining === 0) throw tooShort(reader);
    if (encoding === NAMES) return { kind: 'names', names: readDnsNames(reader, false) };
    if (encoding === ADDRESSES) return { kind: 'addresses', addresses: readIpv4List(reader) };
    throw new DecodeError('bad-value', `encoding ${encoding} is not defined`, reader.offset - 1);
  },
  encode(writer, value) {
    if (value.kind === 'names') {
      writer.u8(NAMES);
      writeDnsNames(writer, value.names, false);
    } else {
      if (value.addresses.length === 0) throw new EncodeError('bad-value', 'addresses are at least one');
      writer.u8(ADDRESSES);
      writeIpv4List(writer, value.addresses);
    }
  },
};
