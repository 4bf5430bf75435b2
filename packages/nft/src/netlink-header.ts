import { ByteReader, type ByteWriter, DecodeError } from '@router7/wire';
import { swap16, swap32 } from './attribute-slice.ts';

/** Octets of a netlink message header (RFC 3549 section 2.3.2). */
export const NETLINK_HEADER_LENGTH = 16;

/** Message types that every netlink family shares (RFC 3549 section 2.3.2). */
export const NetlinkType = { noop: 1, error: 2, done: 3, overrun: 4 } as const;

/** Header flags; what a bit from 0x100 on means depends on the kind of request. */
export const NetlinkFlag = {
  request: 0x1,
  multi: 0x2,
  ack: 0x4,
  echo: 0x8,
  /** The dump was disturbed by a change and may be inconsistent: start again. */
  dumpInterrupted: 0x10,
  /** NEW: replace what is there. */
  replace: 0x100,
  /** NEW: refuse when it is there. */
  exclusive: 0x200,
  /** NEW: make it when it is not there. */
  create: 0x400,
  /** NEW: at the end of the list. */
  append: 0x800,
  /** GET: all there are. */
  dump: 0x300,
  /** ERROR: only the header of the request is quoted. */
  capped: 0x100,
  /** ERROR: attributes follow the quoted request. */
  ackTlvs: 0x200,
} as const;

/** The header of a netlink message, but for its length. */
export interface NetlinkHeader {
  readonly type: number;
  readonly flags: number;
  /** Chosen by the asker, repeated in each answer. */
  readonly sequence: number;
  /** The asker's socket address in an answer; 0 stands for the kernel. */
  readonly portId: number;
}

/** One message of a datagram. */
export interface NetlinkMessage extends NetlinkHeader {
  /** What follows the header; borrowed. */
  readonly body: Uint8Array;
  /** Offset of `body` in the datagram. */
  readonly offset: number;
}

/**
 * Writes a message: header, then what `body` writes, then zeros up to a multiple of 4.
 *
 * ```text
 * +---------------------------------------------------------------+
 * |                     length, with header                       |   all in host byte order (little-endian)
 * +-------------------------------+-------------------------------+
 * |             type              |             flags             |
 * +-------------------------------+-------------------------------+
 * |                       sequence number                         |
 * +---------------------------------------------------------------+
 * |                           port id                             |
 * +---------------------------------------------------------------+
 * ```
 */
export function writeMessage(writer: ByteWriter, header: NetlinkHeader, body: () => void): void {
  const at = writer.length;
  writer.u32(0);
  writer.u16(swap16(header.type));
  writer.u16(swap16(header.flags));
  writer.u32(swap32(header.sequence));
  writer.u32(swap32(header.portId));
  body();
  writer.patchU32(at, swap32(writer.length - at));
  writer.fill(-writer.length & 3);
}

/**
 * Cuts a datagram into its messages.
 *
 * @throws DecodeError `bad-length` or `truncated`
 */
export function readMessages(datagram: Uint8Array): NetlinkMessage[] {
  const reader = new ByteReader(datagram);
  const messages: NetlinkMessage[] = [];
  while (reader.remaining > 0) {
    const start = reader.offset;
    const length = swap32(reader.u32());
    if (length < NETLINK_HEADER_LENGTH) throw new DecodeError('bad-length', `a message of ${length} octets`, start);
    const type = swap16(reader.u16());
    const flags = swap16(reader.u16());
    const sequence = swap32(reader.u32());
    const portId = swap32(reader.u32());
    const offset = reader.offset;
    const body = reader.bytes(length - NETLINK_HEADER_LENGTH);
    messages.push({ type, flags, sequence, portId, body, offset });
    reader.skip(Math.min(-length & 3, reader.remaining));
  }
  return messages;
}
