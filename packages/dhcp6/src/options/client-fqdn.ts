import { type ByteReader, type ByteWriter, DecodeError, decodeDnsName, encodeDnsName } from '@router7/wire';
import type { Shape } from './shape.ts';

/** Bits of {@link ClientFqdn.flags} (RFC 4704 section 4.1); not those of DHCPv4. */
export const ClientFqdnFlag = {
  /** S: the server should do the AAAA record update. */
  server: 1,
  /** O: the server has overridden the client's S; 0 from a client. */
  overridden: 2,
  /** N: the server should do no update at all. */
  none: 4,
} as const;

/** A client's name, and who tells the DNS about it (RFC 4704). */
export interface ClientFqdn {
  /** {@link ClientFqdnFlag}; the other bits are to be 0 when sent and ignored when received; they are kept. */
  readonly flags: number;
  /** In presentation form: a fully qualified name ends with a dot, a partial one does not. Empty for no name. */
  readonly name: string;
}

/**
 * 39, client FQDN (RFC 4704 section 4).
 *
 * ```
 * +---------------+------------ - -
 * |   MBZ   |N|O|S|  domain-name
 * +---------------+------------ - -
 * ```
 */
export const clientFqdn: Shape<ClientFqdn> = {
  decode: (reader) => ({ flags: reader.u8(), name: readName(reader) }),
  encode(writer, value) {
    writer.u8(value.flags);
    writeName(writer, value.name);
  },
};

/** A partial name has no zero-length label at its end (section 4.2): decoded as if it had one. */
function readName(reader: ByteReader): string {
  const offset = reader.offset;
  const data = reader.rest();
  let at = 0;
  while (at < data.length && data[at] !== 0) at += (data[at] as number) + 1;
  if (at === data.length) {
    if (at === 0) return '';
    const closed = new Uint8Array(at + 1);
    closed.set(data);
    return decodeDnsName(closed, 0, false).name;
  }
  const { name, end } = decodeDnsName(data, 0, false);
  if (end !== data.length) throw new DecodeError('leftover', `${data.length - end} octets left over`, offset + end);
  return name === '.' ? '.' : `${name}.`;
}

function writeName(writer: ByteWriter, name: string): void {
  if (name === '') return;
  encodeDnsName(writer, name);
  if (!endsWithDot(name)) writer.truncate(writer.length - 1);
}

/** Whether the last dot closes the name; an escaped one belongs to its label. */
function endsWithDot(name: string): boolean {
  if (!name.endsWith('.')) return false;
  let backslashes = 0;
  while (name[name.length - 2 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 0;
}
