import type { ByteWriter, Ipv4Address } from '@router7/wire';
import { CHADDR_LENGTH, CHADDR_OFFSET, setU32 } from '../fixed-fields.ts';
import type { Option } from '../option.ts';
import { OPTIONS_OFFSET, OptionCode } from '../option-areas.ts';
import type { Exchange } from './exchange.ts';
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
/** Replies that are kept for one subnet: each system asks for a list of its own. */
const MOST = 64;

/** A reply to a client that asked for these options, with a client identifier of so many octets or without one (-1). */
interface Template {
  readonly list: readonly number[];
  readonly identifierLength: number;
  readonly octets: Uint8Array;
}

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
    const octets = this.#find(incoming.parameterRequestList as readonly number[], clientIdentifier?.length ?? -1);
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
    octets[TYPE_AT] = type;
    setU32(octets, LEASE_TIME_AT, grant.leaseTimeSeconds);
    setU32(octets, RENEWAL_TIME_AT, grant.renewalTimeSeconds);
    setU32(octets, REBINDING_TIME_AT, grant.rebindingTimeSeconds);
    if (clientIdentifier !== undefined) {
      for (let i = 0; i < clientIdentifier.length; i++)
        octets[CLIENT_IDENTIFIER_AT + i] = clientIdentifier[i] as number;
    }
    writer.bytes(octets);
    return true;
  }

  /** Keeps a plain reply from which no option had to be left out. @param octets copied */
  keep({ incoming }: Exchange, octets: Uint8Array): void {
    const { parameterRequestList: list, clientIdentifier } = incoming;
    const identifierLength = clientIdentifier?.length ?? -1;
    if (list === undefined || octets.length > ROOM || identifierLength > LONGEST_OPTION) return;
    // Whoever takes larger messages gets all in one field, and the places are others here.
    if (octets[OVERLOAD_AT] === OptionCode.overload) return;
    if (this.#templates.length >= MOST) this.#templates = [];
    this.#templates.push({ list, identifierLength, octets: octets.slice() });
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

function isU32(value: number): boolean {
  return value >>> 0 === value;
}
