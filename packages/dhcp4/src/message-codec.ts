import { ByteReader, ByteWriter, DecodeError, EncodeError, type Ipv4Address } from '@router7/wire';
import {
  addressAt,
  CHADDR_LENGTH,
  CHADDR_OFFSET,
  COOKIE_OFFSET,
  MAGIC_COOKIE,
  u32At,
  writeFixedFields,
} from './fixed-fields.ts';
import type { Message } from './message.ts';
import type { Option } from './option.ts';
import { type Area, FILE, OPTIONS_OFFSET, OptionCode, SNAME } from './option-areas.ts';
import { codecByCode, type OptionCodec } from './option-codec.ts';
import { gatherOptions, overloadOptions } from './option-overload.ts';
import { textAt } from './options/shape.ts';
import { writeOptions } from './options-field.ts';

/** What BOOTP's fixed 64 octets of vendor area make: some relays and clients drop anything shorter (RFC 1542 section 2.1). */
const BOOTP_SIZE = 300;
/** What fits into an IPv4 datagram with a UDP header. */
const MAX_SIZE = 65507;

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
  // What is given out shall be plain views: those of Node's Buffer are Buffers, whose slice() copies nothing.
  if (bytes.constructor !== Uint8Array) {
    return decodeMessage(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), options);
  }
  // One check covers all fixed fields; they are then read where they lie.
  if (bytes.length < OPTIONS_OFFSET) throw new DecodeError('truncated', 'the fixed fields are cut off', bytes.length);
  const hlen = bytes[2] as number;
  if (hlen > CHADDR_LENGTH) throw new DecodeError('bad-length', `hlen is ${hlen}, chaddr has 16 octets`, 2);
  if (u32At(bytes, COOKIE_OFFSET) !== MAGIC_COOKIE)
    throw new DecodeError('bad-magic', 'no magic cookie', COOKIE_OFFSET);

  const strict = options?.strict === true;
  const decoded: Option[] = [];
  let overload = 0;
  if (strict || !decodeInOrder(bytes, decoded)) {
    // Rare: an option was split, or options lie in other fields as well. Start again and gather them first. Strictly so
    // in any case: the first piece of an option must not be judged before the others have joined it.
    decoded.length = 0;
    const gathered = gatherOptions(bytes);
    overload = gathered.overload;
    for (const { code, data, offset } of gathered.options) {
      decoded.push(decodeOption(code, data, offset, 0, data.length, strict));
    }
  }
  return {
    op: bytes[0] as number,
    htype: bytes[1] as number,
    hops: bytes[3] as number,
    xid: u32At(bytes, 4),
    secs: u32At(bytes, 8) >>> 16,
    flags: u32At(bytes, 8) & 0xffff,
    ciaddr: addressAt(bytes, 12),
    yiaddr: addressAt(bytes, 16),
    siaddr: addressAt(bytes, 20),
    giaddr: addressAt(bytes, 24),
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
function decodeInOrder(bytes: Uint8Array, decoded: Option[]): boolean {
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
    decoded.push(decodeOption(code, bytes, 0, at, at + length, false));
    at += length;
  }
  return true;
}

/** Decodes one option, which is the octets from `start` to `end`; `base` is where `bytes` lie in the message. */
function decodeOption(
  code: number,
  bytes: Uint8Array,
  base: number,
  start: number,
  end: number,
  strict: boolean,
): Option {
  const codec = codecByCode[code];
  if (codec === undefined) return { kind: 'raw', code, data: bytes.subarray(start, end) };
  try {
    return { kind: codec.name, value: decodeValue(codec, bytes, base, start, end) } as Option;
  } catch (error) {
    if (strict || !(error instanceof DecodeError)) throw error;
    return { kind: 'malformed', code, data: bytes.subarray(start, end), error: error.code };
  }
}

function decodeValue(codec: OptionCodec, bytes: Uint8Array, base: number, start: number, end: number): unknown {
  // Whatever is not as these shapes have it goes on to the codec, which tells what is wrong.
  switch (codec.plain) {
    case 'text': {
      const value = textAt(bytes, start, end, base);
      if (value.length > 0) return value;
      break;
    }
    case 'address':
      if (end - start === 4) return addressAt(bytes, start);
      break;
    case 'number':
      if (end - start === 4) return u32At(bytes, start);
      break;
    case 'octet':
      if (end - start === 1) return bytes[start];
      break;
    case 'addresses':
      if (end > start && (end - start) % 4 === 0) return addressesAt(bytes, start, end);
      break;
    case 'octets':
      if (end > start) return octetsAt(bytes, start, end);
      break;
  }
  const reader = new ByteReader(bytes, base, start, end);
  const value = codec.decode(reader);
  reader.end();
  return value;
}

function addressesAt(bytes: Uint8Array, start: number, end: number): Ipv4Address[] {
  if (end - start === 4) return [addressAt(bytes, start)];
  const addresses: Ipv4Address[] = [];
  for (let at = start; at < end; at += 4) addresses.push(addressAt(bytes, at));
  return addresses;
}

function octetsAt(bytes: Uint8Array, start: number, end: number): number[] {
  const octets = new Array<number>(end - start);
  for (let at = start; at < end; at++) octets[at - start] = bytes[at] as number;
  return octets;
}

/** A field without the zero octets behind its content. */
function trimField(bytes: Uint8Array, { offset, length }: Area): Uint8Array {
  // Most fields are empty, which is told faster by groups of eight. Both fields are multiples of eight long.
  let any = 0;
  let end = offset + length;
  for (let i = offset; i < end; i += 8) {
    any |= (bytes[i] as number) | (bytes[i + 1] as number) | (bytes[i + 2] as number) | (bytes[i + 3] as number);
    any |= (bytes[i + 4] as number) | (bytes[i + 5] as number) | (bytes[i + 6] as number) | (bytes[i + 7] as number);
  }
  if (any === 0) return EMPTY;
  while (bytes[end - 1] === 0) end--;
  return bytes.subarray(offset, end);
}

/** Where {@link encodeMessage} puts a message together: only the result is allocated. */
const scratch: ByteWriter = new ByteWriter(1500);

/** Results are parts of larger arrays, because allocating an array costs more than encoding a message. */
const SLAB_SIZE = 8192;
let slab: Uint8Array = EMPTY;
let slabUsed = 0;

/**
 * Encodes a DHCPv4 message: {@link encodeMessageTo}. The result is the caller's; its `buffer` is shared with others.
 *
 * @throws EncodeError
 */
export function encodeMessage(message: Message, options?: EncodeMessageOptions): Uint8Array {
  scratch.reset();
  encodeMessageTo(scratch, message, options);
  const encoded = scratch.view();
  if (slabUsed + encoded.length > slab.length) {
    slab = new Uint8Array(Math.max(SLAB_SIZE, encoded.length));
    slabUsed = 0;
  }
  const start = slabUsed;
  slabUsed += encoded.length;
  slab.set(encoded, start);
  return slab.subarray(start, slabUsed);
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
  writeFixedFields(writer, message);
  writeOptions(writer, message.options);
  writer.u8(OptionCode.end);
  if (writer.length - start > maximumSize) {
    if (options?.overload === false) {
      throw new EncodeError('too-long', `${writer.length - start} octets are more than ${maximumSize}`);
    }
    overloadOptions(writer, start, maximumSize, message.file.length === 0, message.sname.length === 0);
    // Fixed fields, option 52 and option 82 stay where they are, whatever the limit is.
    const length = writer.length - start;
    if (length > maximumSize) throw new EncodeError('too-long', `${length} octets are more than ${maximumSize}`);
  }
  const missing = Math.min(options?.minimumSize ?? BOOTP_SIZE, maximumSize) - (writer.length - start);
  if (missing > 0) writer.fill(missing);
}
