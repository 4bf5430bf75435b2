import { CHADDR_LENGTH, COOKIE_OFFSET, MAGIC_COOKIE, u32At } from '../fixed-fields.ts';
import { Op } from '../message.ts';
import { OPTIONS_OFFSET, OptionCode } from '../option-areas.ts';

/** Codes of the options that are read where they lie. */
const HOST_NAME = 12;
const REQUESTED_ADDRESS = 50;
const LEASE_TIME = 51;
const MESSAGE_TYPE = 53;
const SERVER_IDENTIFIER = 54;
const PARAMETER_REQUEST_LIST = 55;
const MAXIMUM_MESSAGE_SIZE = 57;
const CLIENT_IDENTIFIER = 61;

/** Options that take more than a look: a message with one of them is decoded as a whole. */
const NOT_PLAIN: readonly boolean[] = Array.from({ length: 256 }, (_, code) =>
  [OptionCode.overload, 80, 81, OptionCode.relayAgentInformation, 118].includes(code),
);

/** RFC 2132 9.10: "The minimum legal value is 576 octets." */
const LEAST_MESSAGE_SIZE = 576;

/** Which codes were met in the message being read: those whose mark is the current one. */
const marks: Uint32Array = new Uint32Array(256);
let currentMark = 0;

/** What the options of a message say that is as plain as nearly all are, and where in it the longer ones stand. */
export class PlainOptions {
  type = 0;
  /** 0 when there is none. */
  requestedAddress = 0;
  /** These are undefined when there is none. */
  leaseTimeSeconds: number | undefined = undefined;
  serverIdentifier: number | undefined = undefined;
  maximumMessageSize: number | undefined = undefined;
  /** These lengths are 0 when there is none. */
  listAt = 0;
  listLength = 0;
  identifierAt = 0;
  identifierLength = 0;
  /** Of ASCII characters only. */
  nameAt = 0;
  nameLength = 0;

  /**
   * Reads what nearly all messages of clients consist of where it lies, in place of what was read before.
   *
   * @returns false for a message that is not as plain: an option that was split or has an unusual value, one that is cut
   *   off, or no message of a client at all
   */
  read(payload: Uint8Array): boolean {
    const end = payload.length;
    // Views of Node's Buffer are Buffers, whose slice() copies nothing.
    if (payload.constructor !== Uint8Array) return false;
    if (end < OPTIONS_OFFSET || payload[0] !== Op.bootRequest || (payload[2] as number) > CHADDR_LENGTH) return false;
    if (u32At(payload, COOKIE_OFFSET) !== MAGIC_COOKIE) return false;
    if (++currentMark > 0xffff_ffff) {
      marks.fill(0);
      currentMark = 1;
    }
    this.requestedAddress = 0;
    this.leaseTimeSeconds = this.serverIdentifier = this.maximumMessageSize = undefined;
    this.listLength = this.identifierLength = this.nameLength = 0;
    let hasType = false;
    for (let at = OPTIONS_OFFSET; at < end; ) {
      const code = payload[at] as number;
      if (code === OptionCode.pad) {
        at++;
        continue;
      }
      if (code === OptionCode.end) break;
      if (NOT_PLAIN[code] || marks[code] === currentMark || at + 1 === end) return false;
      marks[code] = currentMark;
      const length = payload[at + 1] as number;
      at += 2;
      if (length > end - at) return false;
      switch (code) {
        case MESSAGE_TYPE:
          if (length !== 1) return false;
          this.type = payload[at] as number;
          hasType = true;
          break;
        case REQUESTED_ADDRESS:
          if (length !== 4) return false;
          // Some clients say 0.0.0.0 for "any".
          this.requestedAddress = u32At(payload, at);
          break;
        case LEASE_TIME:
          if (length !== 4) return false;
          this.leaseTimeSeconds = u32At(payload, at);
          break;
        case SERVER_IDENTIFIER:
          if (length !== 4) return false;
          this.serverIdentifier = u32At(payload, at);
          break;
        case PARAMETER_REQUEST_LIST:
          if (length === 0) return false;
          this.listAt = at;
          this.listLength = length;
          break;
        case MAXIMUM_MESSAGE_SIZE:
          if (length !== 2) return false;
          this.maximumMessageSize = ((payload[at] as number) << 8) | (payload[at + 1] as number);
          if (this.maximumMessageSize < LEAST_MESSAGE_SIZE) return false;
          break;
        case CLIENT_IDENTIFIER:
          if (length < 2) return false;
          this.identifierAt = at;
          this.identifierLength = length;
          break;
        case HOST_NAME:
          if (!isNameAt(payload, at, length)) return false;
          this.nameAt = at;
          this.nameLength = length;
          break;
      }
      at += length;
    }
    return hasType;
  }
}

/** Whether a name consists of ASCII characters. */
function isNameAt(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) {
    const code = bytes[i] as number;
    if (code === 0 || code > 0x7f) return false;
  }
  return length > 0;
}
