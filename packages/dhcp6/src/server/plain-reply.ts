import { MessageType } from '../message-type.ts';
import type { ServerConfig } from './config.ts';
import type { Lease } from './lease-table.ts';
import type { PlainMessage } from './plain-message.ts';
import type { PrefixTimes } from './prefix-times.ts';

/** Octets that a reply has at most here: those of an Ethernet frame. */
const ROOM = 1500;
/** Codes and lengths of the options that are written. */
const CLIENT_IDENTIFIER = 1;
const SERVER_IDENTIFIER = 2;
const IA_NA = 3;
const IA_ADDRESS = 5;
const PREFERENCE = 7;
const IA_PD = 25;
const IA_PREFIX = 26;
const HEADER = 4;
const IA_FIELDS = 12;
const IA_ADDRESS_LENGTH = 24;
const IA_PREFIX_LENGTH = 25;

/** Writes an Advertise or a Reply that grants all that was asked for, octet by octet. */
export class PlainReply {
  readonly #config: ServerConfig;
  readonly #bytes = new Uint8Array(ROOM);
  #at = 0;
  #view: Uint8Array = this.#bytes.subarray(0, 0);
  #t1Seconds = 0;
  #t2Seconds = 0;

  constructor(config: ServerConfig) {
    this.#config = config;
  }

  /**
   * Begins the answer to a message.
   *
   * @param times of each of its associations
   * @param parameters the octets that it is to end with
   * @returns false when it would be too long
   */
  begin(message: PlainMessage, times: readonly PrefixTimes[], parameters: Uint8Array): boolean {
    const { duid, preference } = this.#config;
    const { payload, clientStart, clientEnd, count } = message;
    let size = 4 * HEADER + 1 + duid.length + clientEnd - clientStart + parameters.length;
    let t1Seconds = Infinity;
    let t2Seconds = Infinity;
    for (let i = 0; i < count; i++) {
      const each = times[i] as PrefixTimes;
      size += HEADER + IA_FIELDS + each.prefixes.length * (HEADER + IA_PREFIX_LENGTH);
      if (each.t1Seconds < t1Seconds) t1Seconds = each.t1Seconds;
      if (each.t2Seconds < t2Seconds) t2Seconds = each.t2Seconds;
    }
    if (size > ROOM) return false;
    this.#t1Seconds = t1Seconds;
    this.#t2Seconds = t2Seconds;
    const bytes = this.#bytes;
    const isSolicit = message.messageType === MessageType.solicit;
    bytes[0] = isSolicit ? MessageType.advertise : MessageType.reply;
    for (let i = 1; i < HEADER; i++) bytes[i] = payload[i] as number;
    this.#at = HEADER;
    this.#option(SERVER_IDENTIFIER, duid, 0, duid.length);
    this.#option(CLIENT_IDENTIFIER, payload, clientStart, clientEnd);
    if (isSolicit) {
      this.#u16(PREFERENCE);
      this.#u16(1);
      bytes[this.#at++] = preference;
    }
    return true;
  }

  /** Writes what an association has. */
  association({ kind, iaid, slot, length }: Lease, { prefixes, t1Seconds, t2Seconds }: PrefixTimes): void {
    const isAddress = kind === 'address';
    const valueLength = isAddress ? IA_ADDRESS_LENGTH : IA_PREFIX_LENGTH;
    this.#u16(isAddress ? IA_NA : IA_PD);
    this.#u16(IA_FIELDS + prefixes.length * (HEADER + valueLength));
    this.#u32(iaid);
    // All are renewed together, see `withCommonTimes`.
    const isCommon = t2Seconds === this.#t2Seconds;
    this.#u32(isCommon ? t1Seconds : this.#t1Seconds);
    this.#u32(isCommon ? t2Seconds : this.#t2Seconds);
    for (let i = 0; i < prefixes.length; i++) {
      const { network, preferred, valid } = prefixes[i] as PrefixTimes['prefixes'][number];
      this.#u16(isAddress ? IA_ADDRESS : IA_PREFIX);
      this.#u16(valueLength);
      if (!isAddress) {
        this.#u32(preferred);
        this.#u32(valid);
        this.#bytes[this.#at++] = length;
      }
      this.#u32(network.word0);
      this.#u32(isAddress ? network.word1 : network.word1 | slot);
      this.#u32(network.word2);
      this.#u32(isAddress ? network.word3 | slot : network.word3);
      if (isAddress) {
        this.#u32(preferred);
        this.#u32(valid);
      }
    }
  }

  /** Ends the answer. @returns it, a view that is valid until the next one begins */
  end(parameters: Uint8Array): Uint8Array {
    const bytes = this.#bytes;
    for (let i = 0; i < parameters.length; i++) bytes[this.#at++] = parameters[i] as number;
    // Most answers are as long as the one before, and a view costs more to make than to fill.
    if (this.#view.length !== this.#at) this.#view = bytes.subarray(0, this.#at);
    return this.#view;
  }

  #option(code: number, octets: Uint8Array, start: number, end: number): void {
    this.#u16(code);
    this.#u16(end - start);
    for (let i = start; i < end; i++) this.#bytes[this.#at++] = octets[i] as number;
  }

  #u16(value: number): void {
    const at = this.#at;
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
    this.#at = at + 2;
  }

  #u32(value: number): void {
    const at = this.#at;
    const bytes = this.#bytes;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
    this.#at = at + 4;
  }
}
