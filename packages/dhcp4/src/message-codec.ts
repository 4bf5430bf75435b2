import { ByteReader, ByteWriter, DecodeError, EncodeError, Ipv4Address } from '@router7/wire';
import type { Message } from './message.ts';
import type { Option } from './option.ts';
import { type Area, FILE, OPTIONS_OFFSET, OptionCode, SNAME } from './option-areas.ts';
import { codecByCode, codecByName } from './option-codec.ts';
import { gatherOptions, overloadOptions } from './option-overload.ts';

/** "The first four octets of the 'options' field" (RFC 2131 section 3). */
export const MAGIC_COOKIE = 0x63825363;

const COOKIE_OFFSET = 236;
const CHADDR_OFFSET = 28;
const CHADDR_LENGTH = 16;

/** What BOOTP's fixed 64 octets of vendor area make: some relays and clients drop anything shorter (RFC 1542 section 2.1). */
const BOOTP_SIZE = 300;
/** What fits into an IPv4 datagram with a UDP header. */
const MAX_SIZE = 65507;

/** What the length octet of an option can tell. */
const MAX_OPTION_LENGTH = 255;

const EMPTY: Uint8Array = new Uint8Array(0);

/** How to decode a message. */
export interface DecodeMessageOptions {
  /** A known option with a malformed value is an error of the whole message instead of a `malformed` option. */
  readonly strict?: boolean;
}

/** How to encode a message. */
export interface EncodeMessageOptions {
  /** Octets that the whole message may have; by default 65507, what UDP can carry. */
  readonly maximumSize?: number;
  /** Octets to which a shorter message is padded; by default 300, what BOOTP relays expect. */
  readonly minimumSize?: number;
  /** Whether options may go into unused `file` and `sname` fields when they do not fit otherwise; by default yes. */
  readonly overload?: boolean;
}

/**
 * Decodes a DHCPv4 message (RFC 2131 section 2): the fixed fields, the options of the options field and of overloaded
 * `file` and `sname` fields (RFC 2132 section 9.3), put together by RFC 3396.
 *
 * Addresses of octets in the result are views of `bytes`: copy what has to outlive them. A missing end option and
 * octets behind the end are let pass. A known option whose value is malformed is kept as such, unless `strict`.
 *
 * @param bytes the payload of the UDP datagram
 * @throws DecodeError `truncated`, `bad-length` (hlen, option overload), `bad-magic` (also BOOTP without options),
 *   `bad-value` (option overload); in strict mode whatever a known option's value throws
 */
export function decodeMessage(bytes: Uint8Array, options?: DecodeMessageOptions): Message {
  const reader = new ByteReader(bytes);
  const op = reader.u8();
  const htype = reader.u8();
  const hlen = reader.u8();
  if (hlen > CHADDR_LENGTH) throw new DecodeError('bad-length', `hlen is ${hlen}, chaddr has 16 octets`, 2);
  const hops = reader.u8();
  const xid = reader.u32();
  const secs = reader.u16();
  const flags = reader.u16();
  const ciaddr = readAddress(reader);
  const yiaddr = readAddress(reader);
  const siaddr = readAddress(reader);
  const giaddr = readAddress(reader);
  reader.skip(COOKIE_OFFSET - CHADDR_OFFSET);
  if (reader.u32() !== MAGIC_COOKIE) throw new DecodeError('bad-magic', 'no magic cookie', COOKIE_OFFSET);

  const strict = options?.strict === true;
  const decoded: Option[] = [];
  let overload = 0;
  if (!decodeInOrder(bytes, decoded, strict)) {
    // Rare: an option was split, or options lie in other fields as well. Start again and gather them first.
    decoded.length = 0;
    const gathered = gatherOptions(bytes);
    overload = gathered.overload;
    for (const { code, data, offset } of gathered.options) decoded.push(decodeOption(code, data, offset, strict));
  }
  return {
    op,
    htype,
    hops,
    xid,
    secs,
    flags,
    ciaddr,
    yiaddr,
    siaddr,
    giaddr,
    chaddr: bytes.subarray(CHADDR_OFFSET, CHADDR_OFFSET + hlen),
    sname: overload & 2 ? EMPTY : trimField(bytes, SNAME),
    file: overload & 1 ? EMPTY : trimField(bytes, FILE),
    options: decoded,
  };
}

/** Which codes were met in the message being decoded: those whose mark is the current one. Saves clearing a set. */
const marks: Uint32Array = new Uint32Array(256);
let currentMark = 0;

/** Decodes options one by one; false when one appears twice, or option overload says that there are more. */
function decodeInOrder(bytes: Uint8Array, decoded: Option[], strict: boolean): boolean {
  if (++currentMark > 0xffff_ffff) {
    marks.fill(0);
    currentMark = 1;
  }
  const end = bytes.length;
  let at = OPTIONS_OFFSET;
  while (at < end) {
    const code = bytes[at] as number;
    if (code === OptionCode.pad) {
      at++;
      continue;
    }
    if (code === OptionCode.end) break;
    if (code === OptionCode.overload || marks[code] === currentMark) return false;
    marks[code] = currentMark;
    const length = at + 1 < end ? (bytes[at + 1] as number) : end;
    at += 2;
    if (length > end - at) throw new DecodeError('truncated', `option ${code} is cut off`, at - 2);
    decoded.push(decodeOption(code, bytes.subarray(at, at + length), at, strict));
    at += length;
  }
  return true;
}

/** Decodes one option from a reader of just its octets. */
function decodeOption(code: number, data: Uint8Array, offset: number, strict: boolean): Option {
  const codec = codecByCode[code];
  if (codec === undefined) return { kind: 'raw', code, data };
  try {
    const reader = new ByteReader(data, offset);
    const value = codec.decode(reader);
    reader.end();
    return { kind: codec.name, value } as Option;
  } catch (error) {
    if (strict || !(error instanceof DecodeError)) throw error;
    return { kind: 'malformed', code, data, error: error.code };
  }
}

function readAddress(reader: ByteReader): Ipv4Address {
  const value = reader.u32();
  return value === 0 ? Ipv4Address.unspecified : new Ipv4Address(value);
}

/** A field without the zero octets behind its content. */
function trimField(bytes: Uint8Array, { offset, length }: Area): Uint8Array {
  let end = offset + length;
  while (end > offset && bytes[end - 1] === 0) end--;
  return end === offset ? EMPTY : bytes.subarray(offset, end);
}

/**
 * Encodes a DHCPv4 message into a new array: {@link encodeMessageTo}.
 *
 * @throws EncodeError
 */
export function encodeMessage(message: Message, options?: EncodeMessageOptions): Uint8Array {
  const writer = new ByteWriter();
  encodeMessageTo(writer, message, options);
  return writer.finish();
}

/**
 * Encodes a DHCPv4 message behind what the writer holds already.
 *
 * Option 53 comes first and option 82 last, the others as given. An option over 255 octets is split (RFC 3396). When the
 * message gets larger than `maximumSize`, options move into `file` and `sname` as far as these are empty.
 *
 * @throws EncodeError `too-long` (chaddr, sname, file, the whole message), `out-of-range` (a number that does not
 *   fit its field), `bad-value` (an option's value; a raw option 0, 52 or 255, which are the encoder's business)
 */
export function encodeMessageTo(writer: ByteWriter, message: Message, options?: EncodeMessageOptions): void {
  const start = writer.length;
  const maximumSize = Math.min(options?.maximumSize ?? MAX_SIZE, MAX_SIZE);
  writeHeader(writer, message);
  writeOptions(writer, message.options);
  writer.u8(OptionCode.end);
  if (writer.length - start > maximumSize) {
    if (options?.overload === false) {
      throw new EncodeError('too-long', `${writer.length - start} octets are more than ${maximumSize}`);
    }
    overloadOptions(writer, start, maximumSize, message.file.length === 0, message.sname.length === 0);
  }
  const missing = Math.min(options?.minimumSize ?? BOOTP_SIZE, maximumSize) - (writer.length - start);
  if (missing > 0) writer.fill(missing);
}

function writeHeader(writer: ByteWriter, message: Message): void {
  const { chaddr, sname, file } = message;
  if (chaddr.length > CHADDR_LENGTH) throw new EncodeError('too-long', `chaddr has ${chaddr.length} octets`);
  if (sname.length > SNAME.length) throw new EncodeError('too-long', `sname has ${sname.length} octets`);
  if (file.length > FILE.length) throw new EncodeError('too-long', `file has ${file.length} octets`);
  writer.u8(message.op);
  writer.u8(message.htype);
  writer.u8(chaddr.length);
  writer.u8(message.hops);
  writer.u32(message.xid);
  writer.u16(message.secs);
  writer.u16(message.flags);
  writer.ipv4(message.ciaddr);
  writer.ipv4(message.yiaddr);
  writer.ipv4(message.siaddr);
  writer.ipv4(message.giaddr);
  writer.bytes(chaddr);
  if (sname.length === 0 && file.length === 0) {
    writer.fill(CHADDR_LENGTH - chaddr.length + SNAME.length + FILE.length);
  } else {
    writer.fill(CHADDR_LENGTH - chaddr.length);
    writer.bytes(sname);
    writer.fill(SNAME.length - sname.length);
    writer.bytes(file);
    writer.fill(FILE.length - file.length);
  }
  writer.u32(MAGIC_COOKIE);
}

function writeOptions(writer: ByteWriter, options: readonly Option[]): void {
  let relayed = false;
  // The type first: it is what every reader of the message needs, and must not be lost in an overloaded field.
  for (let i = 0; i < options.length; i++) {
    const option = options[i] as Option;
    if (isCode(option, 'dhcpMessageType', OptionCode.messageType)) writeOption(writer, option);
    else if (isCode(option, 'relayAgentInformation', OptionCode.relayAgentInformation)) relayed = true;
  }
  for (let i = 0; i < options.length; i++) {
    const option = options[i] as Option;
    if (isCode(option, 'dhcpMessageType', OptionCode.messageType)) continue;
    if (relayed && isCode(option, 'relayAgentInformation', OptionCode.relayAgentInformation)) continue;
    writeOption(writer, option);
  }
  if (!relayed) return;
  // RFC 3046 2.2: the option is the last one of a reply, so that the relay agent can cut it off.
  for (let i = 0; i < options.length; i++) {
    const option = options[i] as Option;
    if (isCode(option, 'relayAgentInformation', OptionCode.relayAgentInformation)) writeOption(writer, option);
  }
}

function isCode(option: Option, name: string, code: number): boolean {
  return option.kind === name || ((option.kind === 'raw' || option.kind === 'malformed') && option.code === code);
}

function writeOption(writer: ByteWriter, option: Option): void {
  if (option.kind === 'raw' || option.kind === 'malformed') {
    const { code, data } = option;
    if (code === OptionCode.pad || code === OptionCode.overload || code === OptionCode.end) {
      throw new EncodeError('bad-value', `option ${code} is written where it is needed, not on request`);
    }
    writePieces(writer, code, data);
    return;
  }
  const codec = codecByName.get(option.kind);
  if (codec === undefined) throw new EncodeError('bad-value', `there is no option of the name ${option.kind}`);
  writer.u8(codec.code);
  const at = writer.length;
  writer.u8(0);
  codec.encode(writer, option.value);
  const length = writer.length - at - 1;
  if (length <= MAX_OPTION_LENGTH) {
    writer.patchU8(at, length);
    return;
  }
  const data = writer.view().slice(at + 1);
  writer.truncate(at - 1);
  writePieces(writer, codec.code, data);
}

/** Writes an option's octets, split behind every 255th one (RFC 3396 section 6). */
function writePieces(writer: ByteWriter, code: number, data: Uint8Array): void {
  let at = 0;
  do {
    const length = Math.min(data.length - at, MAX_OPTION_LENGTH);
    writer.u8(code);
    writer.u8(length);
    writer.bytes(length === data.length ? data : data.subarray(at, at + length));
    at += length;
  } while (at < data.length);
}
