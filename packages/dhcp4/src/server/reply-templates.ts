import type { ByteWriter, Ipv4Address } from '@router7/wire';
import { CHADDR_LENGTH, CHADDR_OFFSET, setU32 } from '../fixed-fields.ts';
import type { Option } from '../option.ts';
import { OPTIONS_OFFSET, OptionCode } from '../option-areas.ts';
import type { Exchange } from './exchange.ts';
import type { PlainOptions } from './plain-options.ts';
import { type Grant, REBINDING_TIME, RENEWAL_TIME } from './reply-options.ts';

/** Where the values of options 53, 51, 58, 59 and 61 stand: `replyOptions` has them, and 54, at the beginning. */
const TYPE_AT = OPTIONS_OFFSET + 2;
/** Where option 52 stands, before all but the type, when options had to go into the fields `file` and `sname`. */
const OVERLOAD_AT = OPTIONS_OFFSET + 3;
const LEASE_TIME_AT = OPTIONS_OFFSET + 11;
const RENEWAL_TIME_AT = OPTIONS_OFFSET + 17;
const REBINDING_TIME_AT = OPTIONS_OFFSET + 23;
const CLIENT_IDENTIFIER_AT = OPTIONS_OFFSET + 29;

/** What every client takes (RFC 2131 section 2), without the headers of IPv4 and UDP. */
const ROOM = 548;
/** A longer option is split. */
const LONGEST_OPTION = 255;
/** In place of the length of a client identifier. */
const NONE = -1;
/** Replies that are kept for one subnet: each system asks for a list of its own. */
const MOST = 64;

/** A reply to a client that asked for these options, with a client identifier of so many octets or without one ({@link NONE}). */
export interface Template {
  readonly list: readonly number[];
  readonly identifierLength: number;
  readonly octets: Uint8Array;
  /** The same for {@link ReplyTemplates.fill}, which hands them out: with a hardware address of six octets. */
  readonly reply: Uint8Array;
}

const ETHERNET_LENGTH = 6;

/**
 * Replies that were made for clients of a subnet. The next one with the same wishes gets the same octets but for what is its
 * own: to fill that in takes a tenth of the time of making the reply.
 */
export class ReplyTemplates {
  readonly #isUsable: boolean;
  #templates: Template[] = [];
  #last: Template | undefined;

  /** @param settings the subnet's options by code */
  constructor(settings: ReadonlyMap<number, Option>) {
    this.#isUsable = !settings.has(RENEWAL_TIME) && !settings.has(REBINDING_TIME);
  }

  /** Whether a DHCPOFFER or DHCPACK depends on nothing but the subnet, the list of wanted options and the times. */
  isPlain({ incoming, reserved, classes, subnetSelection }: Exchange, grant: Grant): boolean {
    if (!this.#isUsable || incoming.parameterRequestList === undefined || classes.length > 0) return false;
    if (incoming.relayOption !== undefined || incoming.clientFqdn !== undefined) return false;
    if (reserved !== undefined && reserved.options.size > 0) return false;
    if (incoming.clientIdentifierOption?.kind === 'malformed' || subnetSelection !== undefined) return false;
    return grant.hostName === '' && !grant.rapidCommit && isU32(grant.leaseTimeSeconds);
  }

  /** Writes a plain reply. @returns false when none like it was made before */
  write(
    writer: ByteWriter,
    { incoming }: Exchange,
    type: number,
    ciaddr: Ipv4Address,
    yiaddr: Ipv4Address,
    grant: Grant,
  ): boolean {
    const { message, clientIdentifier } = incoming;
    const octets = this.#find(incoming.parameterRequestList as readonly number[], clientIdentifier?.length ?? NONE);
    if (octets === undefined) return false;
    const { chaddr } = message;
    const hlen = chaddr.length;
    octets[1] = message.htype;
    octets[2] = hlen;
    setU32(octets, 4, message.xid);
    octets[10] = message.flags >>> 8;
    octets[11] = message.flags;
    setU32(octets, 12, ciaddr.value);
    setU32(octets, 16, yiaddr.value);
    setU32(octets, 24, message.giaddr.value);
    for (let i = 0; i < CHADDR_LENGTH; i++) octets[CHADDR_OFFSET + i] = i < hlen ? (chaddr[i] as number) : 0;
    setGrant(octets, type, grant);
    if (clientIdentifier !== undefined) {
      for (let i = 0; i < clientIdentifier.length; i++)
        octets[CLIENT_IDENTIFIER_AT + i] = clientIdentifier[i] as number;
    }
    writer.bytes(octets);
    return true;
  }

  /** What was made for a message with the same wishes, whose subnet, client and options are plain. */
  find(payload: Uint8Array, { listAt, listLength, identifierLength }: PlainOptions): Template | undefined {
    const length = identifierLength || NONE;
    const last = this.#last;
    if (last !== undefined && isForOctets(last, payload, listAt, listLength, length)) return last;
    if (listLength === 0) return undefined;
    const found = this.#templates.find((template) => isForOctets(template, payload, listAt, listLength, length));
    if (found !== undefined) this.#last = found;
    return found;
  }

  /**
   * Fills in what is a client's own, whose hardware address has six octets.
   *
   * @param payload its message
   * @returns the reply, valid until the next call
   */
  fill(
    { reply }: Template,
    payload: Uint8Array,
    { identifierAt, identifierLength }: PlainOptions,
    type: number,
    ciaddr: number,
    yiaddr: number,
    grant: Grant,
  ): Uint8Array {
    reply[1] = payload[1] as number;
    for (let i = 4; i < 8; i++) reply[i] = payload[i] as number;
    reply[10] = payload[10] as number;
    reply[11] = payload[11] as number;
    setU32(reply, 12, ciaddr);
    setU32(reply, 16, yiaddr);
    for (let i = 24; i < CHADDR_OFFSET + ETHERNET_LENGTH; i++) reply[i] = payload[i] as number;
    setGrant(reply, type, grant);
    for (let i = 0; i < identifierLength; i++) reply[CLIENT_IDENTIFIER_AT + i] = payload[identifierAt + i] as number;
    return reply;
  }

  /** Keeps a plain reply from which no option had to be left out. @param octets copied */
  keep({ incoming }: Exchange, octets: Uint8Array): void {
    const { parameterRequestList: list, clientIdentifier } = incoming;
    const identifierLength = clientIdentifier?.length ?? NONE;
    if (list === undefined || octets.length > ROOM || identifierLength > LONGEST_OPTION) return;
    // Whoever takes larger messages gets all in one field, and the places are others here.
    if (octets[OVERLOAD_AT] === OptionCode.overload) return;
    if (this.#templates.length >= MOST) this.#templates = [];
    const reply = octets.slice();
    reply[2] = ETHERNET_LENGTH;
    reply.fill(0, CHADDR_OFFSET + ETHERNET_LENGTH, CHADDR_OFFSET + CHADDR_LENGTH);
    this.#templates.push({ list, identifierLength, octets: octets.slice(), reply });
  }

  #find(list: readonly number[], identifierLength: number): Uint8Array | undefined {
    const last = this.#last;
    if (last !== undefined && isFor(last, list, identifierLength)) return last.octets;
    this.#last = this.#templates.find((template) => isFor(template, list, identifierLength));
    return this.#last?.octets;
  }
}

function isFor(template: Template, list: readonly number[], identifierLength: number): boolean {
  if (template.identifierLength !== identifierLength) return false;
  const own = template.list;
  if (own === list) return true;
  if (own.length !== list.length) return false;
  for (let i = 0; i < own.length; i++) if (own[i] !== list[i]) return false;
  return true;
}

function isForOctets(
  { list, identifierLength }: Template,
  payload: Uint8Array,
  listAt: number,
  listLength: number,
  length: number,
): boolean {
  if (identifierLength !== length || list.length !== listLength) return false;
  for (let i = 0; i < listLength; i++) if (list[i] !== payload[listAt + i]) return false;
  return true;
}

function setGrant(octets: Uint8Array, type: number, grant: Grant): void {
  octets[TYPE_AT] = type;
  setU32(octets, LEASE_TIME_AT, grant.leaseTimeSeconds);
  setU32(octets, RENEWAL_TIME_AT, grant.renewalTimeSeconds);
  setU32(octets, REBINDING_TIME_AT, grant.rebindingTimeSeconds);
}

function isU32(value: number): boolean {
  return value >>> 0 === value;
}
