import { Ipv4Address, mix } from '@router7/wire';
import { addressAt, CHADDR_OFFSET, u32At } from '../fixed-fields.ts';
import { type Message, Op } from '../message.ts';
import { decodeMessage } from '../message-codec.ts';
import type { Option } from '../option.ts';
import { type Incoming, ReadMessage } from './incoming.ts';
import { PlainOptions } from './plain-options.ts';

const options = new PlainOptions();

/**
 * Reads a plain message where it lies: the same as decoding it and gathering from its options, in a third of the time.
 *
 * @returns undefined for a message that is not as plain, see {@link PlainOptions.read}
 */
export function readPlainRequest(payload: Uint8Array, source: Ipv4Address): Incoming | undefined {
  return options.read(payload) ? plainRequest(options, payload, source) : undefined;
}

/** A message whose options were read already. */
export function plainRequest(options: PlainOptions, payload: Uint8Array, source: Ipv4Address): Incoming {
  const { requestedAddress, serverIdentifier, listLength, identifierLength } = options;
  const parts = partsOf(payload);
  const read = new ReadMessage(new PlainMessage(payload, parts), source);
  read.type = options.type;
  if (requestedAddress !== 0) read.requestedAddress = new Ipv4Address(requestedAddress);
  read.leaseTimeSeconds = options.leaseTimeSeconds;
  if (serverIdentifier !== undefined) read.serverIdentifier = new Ipv4Address(serverIdentifier);
  if (listLength > 0) read.parameterRequestList = listAt(payload, options.listAt, listLength);
  read.maximumMessageSize = options.maximumMessageSize;
  if (identifierLength > 0) read.clientIdentifier = parts.clientIdentifier(options.identifierAt, identifierLength);
  if (options.nameLength > 0) {
    read.nameOctets = payload;
    read.nameAt = options.nameAt;
    read.nameLength = options.nameLength;
  }
  return read;
}

/** A message of which only what a server looks at was read; the rest is when somebody asks for it. */
class PlainMessage implements Message {
  readonly op: number = Op.bootRequest;
  readonly htype: number;
  readonly xid: number;
  readonly flags: number;
  readonly ciaddr: Ipv4Address;
  readonly giaddr: Ipv4Address;
  readonly chaddr: Uint8Array;
  readonly #payload: Uint8Array;
  #whole: Message | undefined;

  /** @param payload whose fixed fields are there */
  constructor(payload: Uint8Array, parts: Parts) {
    this.htype = payload[1] as number;
    this.xid = u32At(payload, 4);
    this.flags = ((payload[10] as number) << 8) | (payload[11] as number);
    this.ciaddr = addressAt(payload, 12);
    this.giaddr = addressAt(payload, 24);
    this.chaddr = parts.chaddr(payload[2] as number);
    this.#payload = payload;
  }

  get hops(): number {
    return this.#decoded.hops;
  }

  get secs(): number {
    return this.#decoded.secs;
  }

  get yiaddr(): Ipv4Address {
    return this.#decoded.yiaddr;
  }

  get siaddr(): Ipv4Address {
    return this.#decoded.siaddr;
  }

  get sname(): Uint8Array {
    return this.#decoded.sname;
  }

  get file(): Uint8Array {
    return this.#decoded.file;
  }

  get options(): readonly Option[] {
    return this.#decoded.options;
  }

  get #decoded(): Message {
    this.#whole ??= decodeMessage(this.#payload);
    return this.#whole;
  }
}

/** Views into a datagram: to make one costs more than to read what it shows. */
class Parts {
  readonly payload: Uint8Array;
  #chaddr: Uint8Array;
  #clientIdentifier: Uint8Array;
  #clientIdentifierAt = 0;

  constructor(payload: Uint8Array) {
    this.payload = payload;
    this.#chaddr = payload.subarray(CHADDR_OFFSET, CHADDR_OFFSET);
    this.#clientIdentifier = this.#chaddr;
  }

  chaddr(length: number): Uint8Array {
    if (this.#chaddr.length !== length) this.#chaddr = this.payload.subarray(CHADDR_OFFSET, CHADDR_OFFSET + length);
    return this.#chaddr;
  }

  clientIdentifier(at: number, length: number): Uint8Array {
    if (this.#clientIdentifier.length !== length || this.#clientIdentifierAt !== at) {
      this.#clientIdentifier = this.payload.subarray(at, at + length);
      this.#clientIdentifierAt = at;
    }
    return this.#clientIdentifier;
  }
}

/** Of the datagrams that came last: who receives into the same places again hands in the same arrays again. */
const recentParts: (Parts | undefined)[] = new Array<undefined>(64).fill(undefined);

function partsOf(payload: Uint8Array): Parts {
  // Places in one buffer are a multiple of 64 octets apart.
  const place = (payload.byteOffset >>> 6) & (recentParts.length - 1);
  const recent = recentParts[place];
  if (recent?.payload === payload) return recent;
  const parts = new Parts(payload);
  recentParts[place] = parts;
  return parts;
}

/** Lists of wanted options that were met lately, each system has its own: the same octets give the same list. */
const lists: (readonly number[] | undefined)[] = new Array<undefined>(64).fill(undefined);

function listAt(bytes: Uint8Array, at: number, length: number): readonly number[] {
  let hash = length;
  for (let i = at; i < at + length; i++) hash = mix(hash, bytes[i] as number);
  const place = hash & (lists.length - 1);
  const known = lists[place];
  if (known !== undefined && isListAt(known, bytes, at, length)) return known;
  const list = Array.from(bytes.subarray(at, at + length));
  lists[place] = list;
  return list;
}

function isListAt(list: readonly number[], bytes: Uint8Array, at: number, length: number): boolean {
  if (list.length !== length) return false;
  for (let i = 0; i < length; i++) if (list[i] !== bytes[at + i]) return false;
  return true;
}
