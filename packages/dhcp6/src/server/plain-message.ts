import type { Ipv6Address } from '@router7/wire';
import { MessageType } from '../message-type.ts';
import { MOST_ASSOCIATIONS, MOST_VALUES } from './incoming.ts';
import type { Lease } from './lease-table.ts';

/** Codes of the options that are read where they lie. */
const CLIENT_IDENTIFIER = 1;
const SERVER_IDENTIFIER = 2;
const IA_NA = 3;
const IA_ADDRESS = 5;
const OPTION_REQUEST = 6;
const IA_PD = 25;
const IA_PREFIX = 26;
/** Options that hosts send, and that a server passes over whatever is in them. */
const ELAPSED_TIME = 8;
const USER_CLASS = 15;
const VENDOR_CLASS = 16;
const VENDOR_OPTIONS = 17;
const CLIENT_FQDN = 39;
/** Of those. More of them, if they were malformed, could be too many for the whole message. */
const MOST_PASSED_OVER = 32;

const HEADER = 4;
/** Octets of an IA's fields before its options, and of an option that is an address or a prefix and has no options. */
const IA_FIELDS = 12;
const IA_ADDRESS_LENGTH = 24;
const IA_PREFIX_LENGTH = 25;
const SHORTEST_DUID = 3;
const LONGEST_DUID = 130;
/** Octets of a list of wanted options. Hosts have a dozen codes in it; long ones cost more to compare than to decode. */
const LONGEST_REQUEST = 128;

/** An IA_NA or IA_PD that holds nothing but addresses or prefixes. */
export class PlainAssociation {
  kind: Lease['kind'] = 'address';
  iaid = 0;
  /** How many addresses or prefixes it shows. */
  count = 0;
  #start = 0;

  /** Reads where it lies. @returns false when there is anything else in it */
  read(payload: Uint8Array, code: number, start: number, end: number): boolean {
    if (end - start < IA_FIELDS) return false;
    const isAddress = code === IA_NA;
    this.kind = isAddress ? 'address' : 'prefix';
    this.iaid = wordAt(payload, start) >>> 0;
    this.#start = start + IA_FIELDS;
    const length = isAddress ? IA_ADDRESS_LENGTH : IA_PREFIX_LENGTH;
    this.count = (end - this.#start) / (HEADER + length);
    if (!Number.isInteger(this.count) || this.count > MOST_VALUES) return false;
    for (let at = this.#start; at < end; at += HEADER + length) {
      if (u16At(payload, at) !== (isAddress ? IA_ADDRESS : IA_PREFIX) || u16At(payload, at + 2) !== length)
        return false;
      if (!isAddress && (payload[at + HEADER + 8] as number) > 128) return false;
    }
    return true;
  }

  /** Where address number `index` begins, or the octet with the length of prefix number `index` and behind it its address. */
  valueAt(index: number): number {
    if (this.kind === 'address') return this.#start + index * (HEADER + IA_ADDRESS_LENGTH) + HEADER;
    return this.#start + index * (HEADER + IA_PREFIX_LENGTH) + HEADER + 8;
  }
}

/**
 * What nearly all messages of clients consist of, read where it lies: no option becomes an object. There is one of these,
 * and each message is read into it.
 */
export class PlainMessage {
  payload: Uint8Array = new Uint8Array(0);
  /** Solicit, Request or Renew. */
  messageType = 0;
  /** Where the client's DUID is in the payload. */
  clientStart = 0;
  clientEnd = 0;
  /** Where the list of wanted options is; both -1 when there is none. */
  requestStart = -1;
  requestEnd = -1;
  /** The first {@link count} count. */
  readonly associations: readonly PlainAssociation[] = Array.from({ length: MOST_ASSOCIATIONS }, () => {
    return new PlainAssociation();
  });
  count = 0;
  readonly #server: Uint8Array;
  #hasServer = false;
  #passedOver = 0;

  /** @param server the DUID of the server that messages have to be for */
  constructor(server: Uint8Array) {
    this.#server = server;
  }

  /**
   * Reads a message.
   *
   * @returns false when there is anything in it that takes more than a look, or it gets no answer: it has to be decoded. What
   *   is here then means nothing
   */
  read(payload: Uint8Array): boolean {
    const type = payload[0];
    if (type !== MessageType.solicit && type !== MessageType.request && type !== MessageType.renew) return false;
    this.payload = payload;
    this.messageType = type;
    this.clientEnd = 0;
    this.requestStart = -1;
    this.requestEnd = -1;
    this.count = 0;
    this.#hasServer = false;
    this.#passedOver = 0;
    const end = payload.length;
    let at = HEADER;
    while (at < end) {
      if (end - at < HEADER) return false;
      const start = at + HEADER;
      const length = u16At(payload, at + 2);
      if (length > end - start || !this.#option(u16At(payload, at), start, start + length)) return false;
      at = start + length;
    }
    return this.clientEnd > 0 && this.count > 0 && this.#hasServer === (type !== MessageType.solicit);
  }

  #option(code: number, start: number, end: number): boolean {
    switch (code) {
      case CLIENT_IDENTIFIER:
        if (this.clientEnd > 0 || end - start < SHORTEST_DUID || end - start > LONGEST_DUID) return false;
        this.clientStart = start;
        this.clientEnd = end;
        return true;
      case SERVER_IDENTIFIER:
        if (this.#hasServer) return false;
        this.#hasServer = areAt(this.#server, this.payload, start, end);
        return this.#hasServer;
      case IA_NA:
      case IA_PD:
        return this.#association(code, start, end);
      case OPTION_REQUEST:
        if (this.requestStart >= 0 || ((end - start) & 1) !== 0 || end - start > LONGEST_REQUEST) return false;
        this.requestStart = start;
        this.requestEnd = end;
        return true;
      case ELAPSED_TIME:
      case USER_CLASS:
      case VENDOR_CLASS:
      case VENDOR_OPTIONS:
      case CLIENT_FQDN:
        return ++this.#passedOver <= MOST_PASSED_OVER;
      default:
        return false;
    }
  }

  #association(code: number, start: number, end: number): boolean {
    const association = this.associations[this.count];
    if (association?.read(this.payload, code, start, end) !== true) return false;
    for (let i = 0; i < this.count; i++) {
      const { kind, iaid } = this.associations[i] as PlainAssociation;
      if (kind === association.kind && iaid === association.iaid) return false;
    }
    this.count++;
    return true;
  }
}

/** Whether octets are those that lie there. */
export function areAt(octets: Uint8Array, payload: Uint8Array, start: number, end: number): boolean {
  if (octets.length !== end - start) return false;
  for (let i = 0; i < octets.length; i++) if (octets[i] !== payload[start + i]) return false;
  return true;
}

/** Whether an address lies there that is a network's with these bits set in its second and its last word. */
export function isAddressAt(
  payload: Uint8Array,
  at: number,
  network: Ipv6Address,
  bits1: number,
  bits3: number,
): boolean {
  const { word0, word1, word2, word3 } = network;
  if (wordAt(payload, at + 12) !== (word3 | bits3) || wordAt(payload, at + 8) !== word2) return false;
  return wordAt(payload, at + 4) === (word1 | bits1) && wordAt(payload, at) === word0;
}

function u16At(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 8) | (b[at + 1] as number);
}

/** 32 bits as a signed integer. */
function wordAt(b: Uint8Array, at: number): number {
  return (u16At(b, at) << 16) | u16At(b, at + 2);
}
