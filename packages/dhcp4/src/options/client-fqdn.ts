import { type ByteReader, type ByteWriter, DecodeError, decodeDnsName, encodeDnsName } from '@router7/wire';
import { readText, type Shape, writeText } from './shape.ts';

/** Bits of {@link ClientFqdn.flags} (RFC 4702 section 2.1). */
export const ClientFqdnFlag = {
  /** S: the server should do the A record update. */
  server: 1,
  /** O: the server has overridden the client's S; 0 from a client. */
  overridden: 2,
  /** E: the name is in DNS wire form; without it ASCII, which is deprecated. */
  encoded: 4,
  /** N: the server should do no update at all. */
  none: 8,
} as const;

/** A client's name, and who tells the DNS about it (RFC 4702). */
export interface ClientFqdn {
  /** {@link ClientFqdnFlag}; the other bits are to be 0 when sent and ignored when received; they are kept. */
  readonly flags: number;
  /** RCODE1 and RCODE2: deprecated, 0 from a client and 255 from a server (section 2.2). */
  readonly rcode1: number;
  readonly rcode2: number;
  /**
   * With the E bit in presentation form: a fully qualified name ends with a dot, a partial one does not.
   * Without, the text as sent. Empty when the client has no name.
   */
  readonly name: string;
}

/**
 * 81, client FQDN (RFC 4702 section 2).
 *
 * ```
 *  Flags     RCODE1    RCODE2    Domain Name
 * +---------+---------+---------+------------+
 * | MBZ NEOS|         |         |  ...       |
 * +---------+---------+---------+------------+
 * ```
 */
export const clientFqdn: Shape<ClientFqdn> = {
  decode(reader) {
    const flags = reader.u8();
    const rcode1 = reader.u8();
    const rcode2 = reader.u8();
    const name = flags & ClientFqdnFlag.encoded ? readWireName(reader) : readText(reader);
    return { flags, rcode1, rcode2, name };
  },
  encode(writer, value) {
    writer.u8(value.flags);
    writer.u8(value.rcode1);
    writer.u8(value.rcode2);
    if (value.flags & ClientFqdnFlag.encoded) writeWireName(writer, value.name);
    else writeText(writer, value.name);
  },
};

/** A partial name has no zero-length label at its end (section 2.3.1): decoded as if it had one. */
function readWireName(reader: ByteReader): string {
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

function writeWireName(writer: ByteWriter, name: string): void {
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
