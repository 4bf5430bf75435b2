import { type ByteReader, type ByteWriter, DecodeError, EncodeError } from '@router7/wire';

/** What client and server know each other by (RFC 7873 section 4). */
export interface Cookie {
  /** 8 octets. */
  readonly client: Uint8Array;
  /** 8 to 32 octets; undefined as long as the client has none. */
  readonly server: Uint8Array | undefined;
}

/** 10, COOKIE: client cookie (8 octets), server cookie (none, or 8 to 32). */
export const cookie = {
  decode(reader: ByteReader): Cookie {
    const client = reader.bytes(8);
    if (reader.remaining === 0) return { client, server: undefined };
    const server = reader.rest();
    if (!isServerCookie(server)) throw new DecodeError('bad-length', 'no server cookie', 8);
    return { client, server };
  },
  encode(writer: ByteWriter, value: Cookie): void {
    if (value.client.length !== 8) throw new EncodeError('bad-value', 'a client cookie has 8 octets');
    writer.bytes(value.client);
    if (value.server === undefined) return;
    if (!isServerCookie(value.server)) throw new EncodeError('bad-value', 'a server cookie has 8 to 32 octets');
    writer.bytes(value.server);
  },
} as const;

function isServerCookie(octets: Uint8Array): boolean {
  return octets.length >= 8 && octets.length <= 32;
}
