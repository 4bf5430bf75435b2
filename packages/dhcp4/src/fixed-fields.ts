import { type ByteWriter, EncodeError, Ipv4Address } from '@router7/wire';
import type { Message } from './message.ts';
import { FILE, OPTIONS_OFFSET, SNAME } from './option-areas.ts';

/** "The first four octets of the 'options' field" (RFC 2131 section 3). */
export const MAGIC_COOKIE = 0x63825363;

/** Where the magic cookie stands. */
export const COOKIE_OFFSET = 236;
/** Where `chaddr` stands. */
export const CHADDR_OFFSET = 28;
/** Octets that `chaddr` has room for. */
export const CHADDR_LENGTH = 16;

/** Put together here and copied at once: `sname` and `file` stay zero. */
const header: Uint8Array = new Uint8Array(OPTIONS_OFFSET);
setU32(header, COOKIE_OFFSET, MAGIC_COOKIE);

/**
 * Writes what stands before the options, the magic cookie included.
 *
 * @throws EncodeError `too-long` (chaddr, sname, file), `out-of-range` (a number that does not fit its field), `bad-value`
 */
export function writeFixedFields(writer: ByteWriter, message: Message): void {
  const { chaddr, sname, file } = message;
  const hlen = chaddr.length;
  if (hlen > CHADDR_LENGTH) tooLong('chaddr', hlen, CHADDR_LENGTH);
  if (sname.length > SNAME.length) tooLong('sname', sname.length, SNAME.length);
  if (file.length > FILE.length) tooLong('file', file.length, FILE.length);
  header[0] = fitting('op', message.op, 0xff);
  header[1] = fitting('htype', message.htype, 0xff);
  header[2] = hlen;
  header[3] = fitting('hops', message.hops, 0xff);
  setU32(header, 4, fitting('xid', message.xid, 0xffff_ffff));
  setU32(header, 8, ((fitting('secs', message.secs, 0xffff) << 16) | fitting('flags', message.flags, 0xffff)) >>> 0);
  setU32(header, 12, bitsOf('ciaddr', message.ciaddr));
  setU32(header, 16, bitsOf('yiaddr', message.yiaddr));
  setU32(header, 20, bitsOf('siaddr', message.siaddr));
  setU32(header, 24, bitsOf('giaddr', message.giaddr));
  for (let i = 0; i < CHADDR_LENGTH; i++) header[CHADDR_OFFSET + i] = i < hlen ? (chaddr[i] as number) : 0;
  const start = writer.length;
  writer.bytes(header);
  for (let i = 0; i < sname.length; i++) writer.patchU8(start + SNAME.offset + i, sname[i] as number);
  for (let i = 0; i < file.length; i++) writer.patchU8(start + FILE.offset + i, file[i] as number);
}

/** A number that fits its field. @throws EncodeError `out-of-range` */
function fitting(field: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new EncodeError('out-of-range', `${value} is not an integer from 0 to ${most}`, field);
}

/** The bits of an address; of a text they would be zeros, without a word. @throws EncodeError `bad-value` */
function bitsOf(field: string, address: Ipv4Address): number {
  const { value } = address;
  if (value === undefined)
    throw new EncodeError('bad-value', `an Ipv4Address is wanted, not a ${typeof address}`, field);
  return value;
}

function tooLong(field: string, length: number, most: number): never {
  throw new EncodeError('too-long', `${length} octets are more than ${most}`, field);
}

/** Writes a number of 32 bits. */
export function setU32(b: Uint8Array, at: number, value: number): void {
  b[at] = value >>> 24;
  b[at + 1] = value >>> 16;
  b[at + 2] = value >>> 8;
  b[at + 3] = value;
}

/** Reads a number of 32 bits. */
export function u32At(b: Uint8Array, at: number): number {
  const high = ((b[at] as number) << 24) | ((b[at + 1] as number) << 16);
  return (high | ((b[at + 2] as number) << 8) | (b[at + 3] as number)) >>> 0;
}

/** Reads an address. */
export function addressAt(bytes: Uint8Array, at: number): Ipv4Address {
  const value = u32At(bytes, at);
  return value === 0 ? Ipv4Address.unspecified : new Ipv4Address(value);
}
