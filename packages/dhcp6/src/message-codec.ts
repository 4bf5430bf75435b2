import { ByteReader, ByteWriter, DecodeError, EncodeError, errorWithin } from '@router7/wire';
import { isRelayMessage } from './message.ts';
import { MessageType } from './message-type.ts';
import type { Message, Option } from './option.ts';
import { codecByCode, codecByName } from './option-codec.ts';
import type { NestedDecoder, NestedEncoder } from './options/nesting-shape.ts';

/** A relay agent does not relay what HOP_COUNT_LIMIT others have relayed already (RFC 9915 sections 7.6 and 19.1.2). */
export const HOP_COUNT_LIMIT = 8;
/** Relay messages around a message: hop counts from 0 to the limit. */
const MAX_RELAYS = HOP_COUNT_LIMIT + 1;
/** Options in options; the deepest that is defined is a status in an address in an IA. */
const MAX_DEPTH = 8;
/** An honest message has hardly one; telling why an option is malformed takes twenty times as long as decoding one. */
const MAX_MALFORMED = 100;
/** What fits into an IPv6 datagram with a UDP header. */
const MAX_SIZE = 65527;

/** How to decode a message. */
export interface DecodeMessageOptions {
  /** A known option with a malformed value is an error of the whole message instead of a `malformed` option. */
  readonly strict?: boolean;
}

/**
 * Decodes a DHCPv6 message (RFC 9915 sections 8 and 9), with all options in options and messages in relay messages.
 *
 * Octets in the result are views of `bytes`: copy what has to outlive them. A known option whose value is malformed is
 * kept as such, unless `strict`; so is what is nested too deep (`limit`). What was decoded encodes to the same octets.
 *
 * @param bytes the payload of the UDP datagram
 * @throws DecodeError `truncated`, `limit` (more than 100 malformed options); in strict mode whatever a known option's value throws
 */
export function decodeMessage(bytes: Uint8Array, options?: DecodeMessageOptions): Message {
  // What is given out shall be plain views: those of Node's Buffer are Buffers, whose slice() copies nothing.
  const plain = bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return new MessageDecoder(plain, options?.strict === true).message(new ByteReader(plain));
}

class MessageDecoder implements NestedDecoder {
  readonly #bytes: Uint8Array;
  readonly #strict: boolean;
  #relays = 0;
  #depth = 0;
  #malformed = 0;

  /** @param bytes the whole message */
  constructor(bytes: Uint8Array, strict: boolean) {
    this.#bytes = bytes;
    this.#strict = strict;
  }

  message(reader: ByteReader): Message {
    const messageType = reader.u8();
    if (messageType !== MessageType.relayForw && messageType !== MessageType.relayRepl) {
      return { messageType, transactionId: reader.u24(), options: this.#withinMessage(reader) };
    }
    if (this.#relays >= MAX_RELAYS) throw new DecodeError('limit', 'too many relay messages', reader.offset - 1);
    const hopCount = reader.u8();
    const linkAddress = reader.ipv6();
    const peerAddress = reader.ipv6();
    this.#relays++;
    try {
      return { messageType, hopCount, linkAddress, peerAddress, options: this.#withinMessage(reader) };
    } finally {
      this.#relays--;
    }
  }

  /** How deep options are nested counts anew in each message. */
  #withinMessage(reader: ByteReader): Option[] {
    const depth = this.#depth;
    this.#depth = 0;
    try {
      return this.options(reader);
    } finally {
      this.#depth = depth;
    }
  }

  options(reader: ByteReader): Option[] {
    if (this.#depth >= MAX_DEPTH) throw new DecodeError('limit', 'options are nested too deep', reader.offset);
    this.#depth++;
    try {
      const options: Option[] = [];
      while (reader.remaining > 0) options.push(this.#option(reader));
      return options;
    } finally {
      this.#depth--;
    }
  }

  #option(reader: ByteReader): Option {
    const code = reader.u16();
    const length = reader.u16();
    const offset = reader.offset;
    const codec = codecByCode[code];
    if (codec === undefined) return { kind: 'raw', code, data: reader.bytes(length) };
    const inside = reader.sub(length);
    try {
      const value = codec.decode(inside, this);
      inside.end();
      return { kind: codec.name, value } as Option;
    } catch (error) {
      if (this.#strict || !(error instanceof DecodeError)) throw error;
      if (++this.#malformed > MAX_MALFORMED) throw new DecodeError('limit', 'too many malformed options', offset);
      const data = this.#bytes.subarray(offset, offset + length);
      return { kind: 'malformed', code, data, error: error.code };
    }
  }
}

/** Where {@link encodeMessage} puts a message together: only the result is allocated. */
const scratch: ByteWriter = new ByteWriter(1500);

/** Results are parts of larger arrays, because allocating an array costs as much as encoding a message. */
const SLAB_SIZE = 8192;
let slab: Uint8Array = new Uint8Array(0);
let slabUsed = 0;

/**
 * Encodes a DHCPv6 message, its options in the order given. The result is the caller's; its `buffer` is shared with others.
 *
 * @throws EncodeError
 */
export function encodeMessage(message: Message): Uint8Array {
  scratch.reset();
  encodeMessageTo(scratch, message);
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
 * Encodes a DHCPv6 message behind what the writer holds already.
 *
 * @throws EncodeError `too-long` (an option over 65535 octets, a message over what a datagram carries), `out-of-range` (a
 *   number that does not fit its field), `bad-value` (an option's value)
 */
export function encodeMessageTo(writer: ByteWriter, message: Message): void {
  const start = writer.length;
  try {
    writeMessage(writer, message);
  } catch (error) {
    throw located(error, message.options);
  }
  const length = writer.length - start;
  if (length > MAX_SIZE) throw new EncodeError('too-long', `${length} octets are more than ${MAX_SIZE}`);
}

const nested: NestedEncoder = { options: writeOptions, message: writeMessage };

function writeMessage(writer: ByteWriter, message: Message): void {
  writeHeader(writer, message);
  writeOptions(writer, message.options);
}

function writeHeader(writer: ByteWriter, message: Message): void {
  let field = 'messageType';
  try {
    writer.u8(message.messageType);
    if (isRelayMessage(message)) {
      field = 'hopCount';
      writer.u8(message.hopCount);
      field = 'linkAddress';
      writer.ipv6(message.linkAddress);
      field = 'peerAddress';
      writer.ipv6(message.peerAddress);
    } else {
      field = 'transactionId';
      writer.u24(message.transactionId);
    }
  } catch (error) {
    throw errorWithin(field, error);
  }
}

/** Writes options in the order given. @throws EncodeError */
export function writeOptions(writer: ByteWriter, options: readonly Option[]): void {
  for (const option of options) writeOption(writer, option);
}

function writeOption(writer: ByteWriter, option: Option): void {
  if (option.kind === 'raw' || option.kind === 'malformed') {
    writer.u16(option.code);
    if (option.data.length > 0xffff) throw new EncodeError('too-long', `option ${option.code} is over 65535 octets`);
    writer.u16(option.data.length);
    writer.bytes(option.data);
    return;
  }
  const codec = codecByName.get(option.kind);
  if (codec === undefined) throw new EncodeError('bad-value', `there is no option of the name ${option.kind}`);
  writer.u16(codec.code);
  const at = writer.length;
  writer.u16(0);
  codec.encode(writer, option.value, nested);
  const length = writer.length - at - 2;
  if (length > 0xffff) throw new EncodeError('too-long', `${length} octets are more than 65535`);
  writer.patchU16(at, length);
}

/**
 * Has an error tell which option it was in, by encoding one after the other again: so nobody pays for it whose options are
 * right, neither in time nor, where they are nested deep, in room on the stack.
 */
function located(error: unknown, options: readonly Option[], depth: number = 0): unknown {
  if (!(error instanceof EncodeError) || depth > MAX_DEPTH) return error;
  for (const option of options) {
    try {
      writeOption(new ByteWriter(64), option);
    } catch (own) {
      return errorWithin(option.kind, located(own, optionsIn(option), depth + 1));
    }
  }
  return error;
}

function optionsIn(option: Option): readonly Option[] {
  // What a vendor has inside has codes of the vendor's own.
  if (option.kind === 'raw' || option.kind === 'malformed' || option.kind === 'vendorOptions') return [];
  const { value } = option;
  return typeof value === 'object' && 'options' in value ? value.options : [];
}
