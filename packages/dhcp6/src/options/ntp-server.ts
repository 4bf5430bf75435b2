import { type ByteReader, EncodeError, type Ipv6Address } from '@router7/wire';
import { domainName } from './domain-name.ts';
import { badLength, type Shape } from './shape.ts';

/** Where to get the time (RFC 5908 section 4); `raw` is a suboption that is not defined there. */
export type NtpServer =
  | { readonly kind: 'address'; readonly address: Ipv6Address }
  | { readonly kind: 'multicastAddress'; readonly address: Ipv6Address }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'raw'; readonly code: number; readonly data: Uint8Array };

const ADDRESS = 1;
const MULTICAST_ADDRESS = 2;
const NAME = 3;

/**
 * 56, NTP server (RFC 5908 section 4): a suboption with code and length of 2 octets each. "This option MUST include one,
 * and only one, time source suboption"; an option that has more is taken for all of them.
 */
export const ntpServer: Shape<readonly NtpServer[]> = {
  decode(reader) {
    if (reader.remaining === 0) throw badLength(reader);
    const servers: NtpServer[] = [];
    while (reader.remaining > 0) servers.push(readServer(reader));
    return servers;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'time sources are at least one');
    for (const server of value) {
      writer.u16(codeOf(server));
      const at = writer.length;
      writer.u16(0);
      if (server.kind === 'raw') writer.bytes(server.data);
      else if (server.kind === 'name') domainName.encode(writer, server.name);
      else writer.ipv6(server.address);
      writer.patchU16(at, writer.length - at - 2);
    }
  },
};

function readServer(reader: ByteReader): NtpServer {
  const code = reader.u16();
  const inside = reader.sub(reader.u16());
  const server = readSource(code, inside);
  inside.end();
  return server;
}

function readSource(code: number, reader: ByteReader): NtpServer {
  if (code === ADDRESS) return { kind: 'address', address: reader.ipv6() };
  if (code === MULTICAST_ADDRESS) return { kind: 'multicastAddress', address: reader.ipv6() };
  if (code === NAME) return { kind: 'name', name: domainName.decode(reader) };
  return { kind: 'raw', code, data: reader.rest() };
}

function codeOf(server: NtpServer): number {
  if (server.kind === 'raw') return server.code;
  return { address: ADDRESS, multicastAddress: MULTICAST_ADDRESS, name: NAME }[server.kind];
}
