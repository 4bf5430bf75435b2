import { EncodeError, encodeUtf8, Ipv4Address } from '@router7/wire';
import { BROADCAST_FLAG, type Message, MessageType, Op } from '../message.ts';
import { encodeMessageTo } from '../message-codec.ts';
import { clientAddress, type Exchange } from './exchange.ts';
import type { Outbox } from './outbox.ts';
import { bootFileFor, type Grant, type ReplyOptions, refusalOptions, replyOptions } from './reply-options.ts';

const SERVER_PORT = 67;
const CLIENT_PORT = 68;

/** Headers of IPv4 and UDP: option 57 counts them in, as the 576 octets do that every host takes (RFC 2131 section 2). */
const HEADERS = 28;
const MINIMUM_DATAGRAM = 576;
/** Larger replies would be fragmented on an Ethernet, and boot ROMs put no fragments together. */
const MAXIMUM_DATAGRAM = 1500;

/** Hardware type and address length of Ethernet, the only frames that are addressed by hand. */
const ETHERNET = 1;
const ETHERNET_ADDRESS_LENGTH = 6;

const EMPTY: Uint8Array = new Uint8Array(0);

/** DHCPOFFER or DHCPACK: an address and parameters. @param name as of `replyOptions` */
export function sendGrant(
  outbox: Outbox,
  exchange: Exchange,
  type: number,
  address: Ipv4Address,
  grant: Grant,
  name: string,
): void {
  const { incoming, subnet } = exchange;
  const { message } = incoming;
  // The reply goes to ciaddr, which anyone can write: only to a client that is being confirmed what it says it has.
  const hasAddress = type === MessageType.ack && message.ciaddr.equals(address);
  const reply: Reply = {
    // RFC 2131 table 3: 'ciaddr' is 0 in a DHCPOFFER, "'ciaddr' from DHCPREQUEST or 0" in a DHCPACK.
    ciaddr: hasAddress ? address : Ipv4Address.unspecified,
    yiaddr: address,
    flags: message.flags,
    // A promise that has to be kept after a power cut.
    durable: type === MessageType.ack,
    bootInformation: true,
    destination: undefined,
  };
  const templates = outbox.templatesOf(subnet);
  const isPlain = templates.isPlain(exchange, grant);
  if (isPlain) {
    const writer = outbox.writer();
    if (templates.write(writer, exchange, type, reply.ciaddr, address, grant)) {
      deliver(outbox, exchange, reply, writer.view());
      return;
    }
  }
  const payload = send(outbox, exchange, replyOptions(exchange, type, grant, name), reply);
  if (isPlain && payload !== undefined) templates.keep(exchange, payload);
}

/** DHCPACK to a DHCPINFORM: parameters only, sent to the client's own address (RFC 2131 4.3.5). */
export function sendParameters(outbox: Outbox, exchange: Exchange): void {
  const { message } = exchange.incoming;
  send(outbox, exchange, replyOptions(exchange, MessageType.ack, undefined), {
    ciaddr: message.ciaddr,
    yiaddr: Ipv4Address.unspecified,
    flags: message.flags,
    durable: false,
    bootInformation: true,
    destination: clientAddress(exchange.incoming),
  });
}

/** DHCPNAK. */
export function sendRefusal(outbox: Outbox, exchange: Exchange, address: Ipv4Address, why: string): void {
  const { message } = exchange.incoming;
  send(outbox, exchange, refusalOptions(exchange, why), {
    ciaddr: Ipv4Address.unspecified,
    yiaddr: Ipv4Address.unspecified,
    // RFC 2131 4.3.2: "If 'giaddr' is set in the DHCPREQUEST message, the client is on a different subnet. The server MUST
    // set the broadcast bit in the DHCPNAK, so that the relay agent will broadcast the DHCPNAK to the client".
    flags: message.giaddr.isUnspecified ? message.flags : message.flags | BROADCAST_FLAG,
    durable: false,
    bootInformation: false,
    // RFC 2131 4.1: "In all cases, when 'giaddr' is zero, the server broadcasts any DHCPNAK messages to 0xffffffff."
    destination: Ipv4Address.broadcast,
  });
  outbox.push({ kind: 'refused', address, clientKey: exchange.client.key });
}

/** What differs between the replies. */
interface Reply {
  readonly ciaddr: Ipv4Address;
  readonly yiaddr: Ipv4Address;
  readonly flags: number;
  readonly durable: boolean;
  /** Whether `siaddr` and `file` tell where to boot from. */
  readonly bootInformation: boolean;
  /** Where to, without a relay agent; undefined for the rules of RFC 2131 4.1. */
  readonly destination: Ipv4Address | undefined;
}

/** @returns what is sent, as long as it is valid; undefined when there is no such reply, or options had to give way */
function send(outbox: Outbox, exchange: Exchange, options: ReplyOptions, reply: Reply): Uint8Array | undefined {
  const { message } = exchange.incoming;
  const writer = outbox.writer();
  const nextServer = reply.bootInformation ? nextServerFor(exchange) : undefined;
  const bootFile = reply.bootInformation ? bootFileFor(exchange) : '';
  const answer: Message = {
    op: Op.bootReply,
    htype: message.htype,
    hops: 0,
    xid: message.xid,
    secs: 0,
    flags: reply.flags,
    ciaddr: reply.ciaddr,
    yiaddr: reply.yiaddr,
    siaddr: nextServer ?? Ipv4Address.unspecified,
    giaddr: message.giaddr,
    chaddr: message.chaddr,
    sname: EMPTY,
    file: bootFile === '' ? EMPTY : encodeUtf8(bootFile),
    options: options.options,
  };
  // RFC 3046 2.2: servers "SHALL echo the entire contents of the Relay Agent Information option in all replies", and it
  // "SHOULD be the last option": the encoder puts it there.
  if (exchange.incoming.relayOption !== undefined) options.options.push(exchange.incoming.relayOption);
  const maximumSize = maximumSizeFor(exchange);
  const { length } = options.options;
  for (;;) {
    try {
      encodeMessageTo(writer, answer, { maximumSize });
      break;
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      // Not a question of room, and what is in the settings' options was found to have an encoding.
      if (error.code !== 'too-long') {
        outbox.discard('unencodable');
        return undefined;
      }
      writer.reset();
      // What the client wanted least goes first; RFC 2132 9.8 has it list options in order of preference.
      const last = options.options.length - (exchange.incoming.relayOption === undefined ? 1 : 2);
      if (last < options.essential) {
        // Its identifier and its relay agent's option alone are more than it can receive.
        outbox.discard('malformed');
        return undefined;
      }
      options.options.splice(last, 1);
    }
  }
  const payload = writer.view();
  deliver(outbox, exchange, reply, payload);
  return options.options.length === length ? payload : undefined;
}

/** RFC 2131 4.1 on where replies go. */
function deliver(outbox: Outbox, { incoming }: Exchange, reply: Reply, payload: Uint8Array): void {
  const { message } = incoming;
  const isInform = reply.destination !== undefined && !reply.destination.isBroadcast;
  let destination: Ipv4Address;
  let port = CLIENT_PORT;
  let hardwareAddress: Uint8Array | undefined;
  if (isInform) {
    // A DHCPINFORM is answered past the relay agent: its sender has an address.
    destination = reply.destination as Ipv4Address;
  } else if (!message.giaddr.isUnspecified) {
    // "If the 'giaddr' field in a DHCP message from a client is non-zero, the server sends any return messages to the
    // 'DHCP server' port on the BOOTP relay agent whose address appears in 'giaddr'."
    destination = message.giaddr;
    port = SERVER_PORT;
  } else if (reply.destination !== undefined) {
    destination = reply.destination;
  } else if (!reply.ciaddr.isUnspecified) {
    // "If the 'giaddr' field is zero and the 'ciaddr' field is nonzero, then the server unicasts DHCPOFFER and DHCPACK
    // messages to the address in 'ciaddr'."
    destination = reply.ciaddr;
  } else if ((message.flags & BROADCAST_FLAG) !== 0 || !isEthernet(message)) {
    // "If 'giaddr' is zero and 'ciaddr' is zero, and the broadcast bit is set, then the server broadcasts".
    destination = Ipv4Address.broadcast;
  } else {
    // "If the broadcast bit is not set and 'giaddr' is zero and 'ciaddr' is zero, then the server unicasts DHCPOFFER and
    // DHCPACK messages to the client's hardware address and 'yiaddr' address."
    destination = reply.yiaddr;
    // The message borrows from the datagram, which may be gone before the reply is sent.
    hardwareAddress = message.chaddr.slice();
  }
  outbox.push({ kind: 'send', payload, destination, port, hardwareAddress, durable: reply.durable });
}

/** A group address in `chaddr` would make every host on the link the receiver of a frame that claims to be unicast. */
function isEthernet({ htype, chaddr }: Message): boolean {
  return htype === ETHERNET && chaddr.length === ETHERNET_ADDRESS_LENGTH && ((chaddr[0] as number) & 1) === 0;
}

function nextServerFor({ classes }: Exchange): Ipv4Address | undefined {
  if (classes.length === 0) return undefined;
  return classes.findLast(({ config }) => config.nextServer !== undefined)?.config.nextServer;
}

function maximumSizeFor({ incoming }: Exchange): number {
  const asked = incoming.maximumMessageSize ?? MINIMUM_DATAGRAM;
  return Math.min(Math.max(asked, MINIMUM_DATAGRAM), MAXIMUM_DATAGRAM) - HEADERS;
}
